import browser from 'webextension-polyfill';
import { defineBackground } from 'wxt/utils/define-background';
import { refreshBadge } from '../background/badge.ts';
import { answerRequests } from '../background/requests/requests.ts';
import { SwipeLedger } from '../background/swipes/swipe-ledger.ts';
import { systemClock } from '../clock.ts';
import { reportError } from '../report-error.ts';
import { forgetPage, watchSession } from '../storage/session-log.ts';
import { changeSettings, watchSettings } from '../storage/settings.ts';

/**
 * The background worker. The browser ends it whenever it likes: every listener is added at once, and nothing is kept in
 * variables.
 */
export default defineBackground(() => {
  const ledger = new SwipeLedger(systemClock);
  const world = { fetch: (...request: Parameters<typeof fetch>) => fetch(...request), deadline: systemClock.deadline };
  const attempt = (step: string, work: Promise<unknown>) => void work.catch((error) => reportError(step, error));
  const badge = () => attempt('showing the badge', refreshBadge());

  browser.runtime.onMessage.addListener(answerRequests({ world, ledger }));
  browser.tabs.onRemoved.addListener((tab) => {
    attempt('forgetting a tab', forgetPage(tab));
    attempt('ending its swipes', ledger.closeTab(tab));
  });
  // A document that is left in the middle of a swipe has no time to say so.
  browser.tabs.onUpdated.addListener((tab, { status }) => {
    if (status === 'loading') attempt('ending its swipes', ledger.closeTab(tab));
  });
  browser.commands.onCommand.addListener((command) => {
    if (command === 'panic-stop') attempt('the panic stop', changeSettings({ mode: 'off' }));
  });
  browser.runtime.onInstalled.addListener(({ reason }) => {
    badge();
    if (reason === 'install') void browser.tabs.create({ url: browser.runtime.getURL('consent.html') });
  });
  browser.runtime.onStartup.addListener(badge);
  // The badge speaks of the page in front of the person.
  browser.tabs.onActivated.addListener(badge);
  browser.windows.onFocusChanged.addListener(badge);
  watchSettings(({ mode }) => {
    badge();
    // What is swiped from the moment that Swipe is chosen is a session.
    if (mode !== 'swipe') attempt('ending the session', ledger.beginSession());
  });
  watchSession(badge);
});
