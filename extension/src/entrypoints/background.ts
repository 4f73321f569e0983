import browser from 'webextension-polyfill';
import { defineBackground } from 'wxt/utils/define-background';
import { ConfidenceCache } from '../background/confidence-cache.ts';
import { answerRequests, refreshBadge } from '../background/requests.ts';
import { SessionLog, watchSession } from '../background/session-log.ts';
import { systemClock } from '../clock.ts';
import { reportError } from '../report-error.ts';
import { changeSettings, watchSettings } from '../settings.ts';

/**
 * The background worker. The browser ends it whenever it likes: every listener is added at once, and nothing is kept in
 * variables.
 */
export default defineBackground(() => {
  const log = new SessionLog();
  const world = { fetch: (...request: Parameters<typeof fetch>) => fetch(...request), deadline: systemClock.deadline };
  const badge = () => void refreshBadge(log).catch((error) => reportError('showing the badge', error));

  browser.runtime.onMessage.addListener(answerRequests({ world, cache: new ConfidenceCache(), log }));
  browser.tabs.onRemoved.addListener((tab) => void log.forget(tab));
  browser.commands.onCommand.addListener((command) => {
    if (command !== 'panic-stop') return;
    changeSettings({ mode: 'off' }).catch((error) => reportError('the panic stop', error));
  });
  browser.runtime.onInstalled.addListener(({ reason }) => {
    badge();
    if (reason === 'install') void browser.tabs.create({ url: browser.runtime.getURL('consent.html') });
  });
  browser.runtime.onStartup.addListener(badge);
  // The badge speaks of the page in front of the person.
  browser.tabs.onActivated.addListener(badge);
  browser.windows.onFocusChanged.addListener(badge);
  watchSettings(badge);
  watchSession(badge);
});
