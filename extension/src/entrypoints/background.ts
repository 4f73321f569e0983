import browser from 'webextension-polyfill';
import { defineBackground } from 'wxt/utils/define-background';
import { refreshBadge } from '../background/badge.ts';
import { runCommand } from '../background/commands.ts';
import { HistoryRecorder } from '../background/history/history-recorder.ts';
import { LABEL_ALARM, LabelQueue } from '../background/labels/label-queue.ts';
import { learnProfileKey } from '../background/labels/learn-profile-key.ts';
import { onCollectionEnded } from '../background/labels/swipe-collection.ts';
import { PhotoPreparer } from '../background/preparing/photo-preparer.ts';
import { readPixels } from '../background/preparing/read-pixels.ts';
import { answerRequests } from '../background/requests/requests.ts';
import { clearSeen, clearStop, onNoticeClicked, showStoppedTab } from '../background/stop-notice.ts';
import { SwipeLedger } from '../background/swipes/swipe-ledger.ts';
import { TasteGate } from '../background/swipes/taste-gate.ts';
import { WordsLearner } from '../background/words/words-learner.ts';
import { systemClock } from '../clock.ts';
import { reportError } from '../report-error.ts';
import { HistoryStore } from '../storage/history.ts';
import { LabeledBios } from '../storage/labeled-bios.ts';
import { forgetPage, watchSession } from '../storage/session-log.ts';
import { changeTasteSettings, hasConsent, readSettings, watchSettings } from '../storage/settings.ts';

/** Opens the consent page. Firefox keeps the settings of a temporary extension, so the person may have agreed before. */
async function askForConsent(): Promise<void> {
  if (!hasConsent(await readSettings())) await browser.tabs.create({ url: browser.runtime.getURL('consent.html') });
}

/**
 * The background worker. The browser may end it at any time, so it adds all listeners synchronously and keeps no state in
 * variables.
 */
export default defineBackground(() => {
  const ledger = new SwipeLedger(systemClock);
  const world = { fetch: (...request: Parameters<typeof fetch>) => fetch(...request), deadline: systemClock.deadline };
  const gate = new TasteGate(world, systemClock);
  const history = new HistoryRecorder({ store: new HistoryStore(), clock: systemClock });
  const words = new WordsLearner({ store: new LabeledBios(), clock: systemClock });
  const preparer = new PhotoPreparer({ readPixels });
  const attempt = (step: string, work: Promise<unknown>) => void work.catch((error) => reportError(step, error));
  const labels = new LabelQueue({
    world,
    clock: systemClock,
    onArrived: (label, agreement, settings) => {
      gate.heard(agreement, settings);
      attempt('adding to the history', history.arrived(label, agreement, settings));
    },
  });
  const updateBadge = () => attempt('showing the badge', refreshBadge());

  browser.runtime.onMessage.addListener(
    answerRequests({ world, clock: systemClock, ledger, labels, gate, history, words, preparer }),
  );
  browser.tabs.onRemoved.addListener((tab) => {
    attempt('forgetting a tab', forgetPage(tab));
    attempt('ending its swipes', ledger.closeTab(tab));
    attempt('clearing a notification', clearStop(tab));
  });
  // A page that is left in the middle of a swipe has no time to report it.
  browser.tabs.onUpdated.addListener((tab, { status }) => {
    if (status === 'loading') attempt('ending its swipes', ledger.closeTab(tab));
  });
  browser.commands.onCommand.addListener((command) => {
    attempt(`running the command ${command}`, runCommand(command, ledger));
  });
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === LABEL_ALARM) attempt('delivering labels', labels.deliver());
  });
  onCollectionEnded(() => attempt('ending the consent to learning', changeTasteSettings({ consent: null })));
  browser.runtime.onInstalled.addListener(({ reason }) => {
    updateBadge();
    if (reason === 'install') attempt('opening the consent page', askForConsent());
  });
  browser.runtime.onStartup.addListener(updateBadge);
  // The badge describes the page in the active tab.
  browser.tabs.onActivated.addListener(updateBadge);
  browser.windows.onFocusChanged.addListener(updateBadge);
  // A stopped page that the person looks at needs no notification.
  const clearSeenIn = (window: number) => attempt('clearing a notification', clearSeen(window));
  browser.tabs.onActivated.addListener(({ windowId }) => clearSeenIn(windowId));
  browser.windows.onFocusChanged.addListener(clearSeenIn);
  onNoticeClicked((notification) => attempt('showing a stopped tab', showStoppedTab(notification)));
  watchSettings((settings) => {
    updateBadge();
    attempt('delivering labels', labels.follow(settings));
    attempt('asking for the key', learnProfileKey(settings, world));
    attempt('cleaning up the history', history.follow());
    attempt('cleaning up labeled bios', words.follow());
    // A session starts when the person chooses Swipe, so leaving Swipe mode resets its counts.
    if (settings.mode !== 'swipe') attempt('ending the session', ledger.beginSession());
  });
  watchSession(updateBadge);
  attempt('cleaning up labeled bios', words.follow());
  attempt('cleaning up the history', history.follow()); // an earlier worker may have missed a change
  // An earlier worker may have ended before it delivered everything.
  attempt(
    'delivering labels',
    readSettings().then(async (settings) => {
      await learnProfileKey(settings, world);
      await labels.follow(settings);
    }),
  );
});
