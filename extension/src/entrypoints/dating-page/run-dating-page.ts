import type { ContentScriptContext } from 'wxt/utils/content-script-context';
import { systemClock } from '../../clock.ts';
import { ask, onOrder } from '../../messages.ts';
import { AutoSwiper } from '../../page/auto-swiper.ts';
import { openSession } from '../../page/open-session.ts';
import { pageCheck } from '../../page/page-check.ts';
import { onPersonAct } from '../../page/person.ts';
import { Reporter } from '../../page/reporter.ts';
import { SessionStatus } from '../../page/session-status.ts';
import { SessionSwitch } from '../../page/session-switch.ts';
import type { SiteName } from '../../sites/match-patterns.ts';
import type { Site } from '../../sites/site-adapter.ts';
import { DEFAULT_SETTINGS, isAllowed, readSettings, type Settings, watchSettings } from '../../storage/settings.ts';
import { translate } from '../../texts.ts';

/**
 * So often it looks whether the extension was reloaded or removed (then this script belongs to nobody and must go), and
 * whether the address has changed without an event that said so.
 */
const CHECK_MS = 1_000;

/** Wires a site's content script, in a page that the site's match patterns name. */
export async function runDatingPage(name: SiteName, site: Site, context: ContentScriptContext): Promise<void> {
  const { signal: lifetime } = context;
  if (!site.isMine(new URL(location.href))) return;
  const page = site.open(document, { lifetime, today: () => systemClock.date() });
  let settings: Settings = DEFAULT_SETTINGS; // under which nothing is read, sent or shown
  const swiper = new AutoSwiper({ document, onPersonAct, lifetime });
  const pageId = String(performance.timeOrigin);
  const reporter = new Reporter({ send: ask, clock: systemClock, pageId });
  const status = new SessionStatus({
    maySwipe: () => settings.mode === 'swipe',
    report: (...reported) => reporter.report(...reported),
    leave: () => reporter.leave(),
  });
  const sessions = new SessionSwitch({
    hasDeck: () => site.hasDeck(new URL(location.href)),
    forgetStop: () => status.resume(),
    start: (signal) => {
      const parts = { document, page, swiper, status, reporter, clock: systemClock, translate };
      return openSession({ ...parts, settings: () => settings, isOrphan: () => context.isInvalid }, signal);
    },
  });
  const update = (changed: Settings = settings) => {
    settings = changed;
    page.read(isAllowed(settings));
    sessions.update(settings);
  };
  const keepChecking = async () => {
    for (;;) {
      await systemClock.delay(CHECK_MS, lifetime);
      if (context.isValid) update();
    }
  };
  keepChecking().catch(() => {}); // ends with this script's time
  lifetime.addEventListener('abort', () => {
    sessions.end();
    page.read(false); // nobody is left who listens
  });
  watchSettings(update, lifetime);
  onOrder({ resume: () => sessions.resume(), check: () => pageCheck(name, page) }, lifetime);
  context.addEventListener(window, 'wxt:locationchange', async () => {
    await systemClock.delay(0); // it comes before the change
    update();
  });
  // A page that is left may come back as it was (the browser's back button), with this script in it.
  window.addEventListener('pagehide', () => sessions.end(), { signal: lifetime });
  window.addEventListener('pageshow', () => readSettings().then(update), { signal: lifetime });
  update(await readSettings()); // after the watching began, so that no change falls in between
}
