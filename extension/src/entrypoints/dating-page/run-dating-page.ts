import type { ContentScriptContext } from 'wxt/utils/content-script-context';
import { browser } from '../../browser.ts';
import { systemClock } from '../../clock.ts';
import { ask } from '../../messages.ts';
import { onOrder } from '../../orders.ts';
import { openControl } from '../../page/control/open-control.ts';
import { removeOldOverlays } from '../../page/overlay/overlay.ts';
import { pageCheck } from '../../page/page-check.ts';
import { SwipeMemory } from '../../page/person/person-swipes.ts';
import { rulesPreview } from '../../page/profiles/rules-preview.ts';
import { openSession } from '../../page/session/open-session.ts';
import { Reporter } from '../../page/session/reporter.ts';
import { SessionStatus } from '../../page/session/session-status.ts';
import { SessionSwitch } from '../../page/session/session-switch.ts';
import { AutoSwiper } from '../../page/swiping/auto-swiper.ts';
import { Why } from '../../page/why/why.ts';
import type { SiteName } from '../../sites/match-patterns.ts';
import type { Site } from '../../sites/site-adapter.ts';
import { DEFAULT_SETTINGS, isAllowed, readSettings, type Settings, watchSettings } from '../../storage/settings.ts';
import { translate } from '../../texts.ts';

/**
 * How often to check for what has no reliable event: whether the extension was reloaded or removed, in which case this
 * script must stop, and whether the page's URL has changed.
 */
const CHECK_MS = 1_000;

/** Runs the content script of a site, in a page that the site's match patterns cover. */
export async function runDatingPage(name: SiteName, site: Site, context: ContentScriptContext): Promise<void> {
  const { signal: lifetime } = context;
  if (!site.isMine(new URL(location.href))) return;
  const tookOver = removeOldOverlays(document);
  const page = site.open(document, { lifetime, today: () => systemClock.date() });
  let settings: Settings = DEFAULT_SETTINGS; // without consent, so nothing is read, sent or shown
  const pageId = String(performance.timeOrigin);
  const reporter = new Reporter({ send: ask, clock: systemClock, pageId });
  const why = new Why({ document, translate, ask: (url) => ask({ kind: 'why', url }) });
  const status = new SessionStatus({
    maySwipe: () => settings.mode === 'swipe',
    report: (now, ...counted) => {
      control.bar.show(now);
      reporter.report(now, ...counted);
    },
    leave: () => reporter.leave(),
  });
  const control = openControl(
    {
      ...{ document, page, site: name, status, clock: systemClock, translate, why },
      settings: () => settings,
      resume: () => sessions.resume(),
    },
    lifetime,
  );
  const swiper = new AutoSwiper({ document, onPersonAct: control.onPersonAct, lifetime });
  const memory = new SwipeMemory();
  const sessions = new SessionSwitch({
    hasDeck: () => site.hasDeck(new URL(location.href)),
    forgetStop: () => status.resume(),
    start: (signal) => {
      control.bar.open(signal);
      const parts = {
        document,
        page,
        site: name,
        swiper,
        status,
        reporter,
        memory,
        clock: systemClock,
        translate,
        why,
      };
      const isCutOff = () => browser.runtime?.id === undefined;
      const isOrphan = () => context.isInvalid;
      const { onPersonAct } = control;
      return openSession({ ...parts, settings: () => settings, onPersonAct, isOrphan, isCutOff }, signal);
    },
  });
  const update = (changed: Settings = settings) => {
    settings = changed;
    page.read(isAllowed(settings));
    control.bar.follow(settings);
    sessions.update(settings);
  };
  const keepChecking = async () => {
    for (;;) {
      await systemClock.delay(CHECK_MS, lifetime);
      if (context.isValid) update();
    }
  };
  keepChecking().catch(() => {}); // rejects when this script's lifetime ends
  lifetime.addEventListener('abort', () => {
    sessions.end();
    page.read(false); // nothing is left to listen
  });
  watchSettings(update, lifetime);
  onOrder(
    {
      resume: () => sessions.resume(),
      toggle: () => control.pause.toggle(),
      why: () => why.toggle(),
      check: () => pageCheck(name, page),
      preview: (rules) => (isAllowed(settings) ? rulesPreview(page, rules) : null),
    },
    lifetime,
  );
  context.addEventListener(window, 'wxt:locationchange', async () => {
    await systemClock.delay(0); // the event fires before the change
    update();
  });
  // The back button can restore a page that was left, with this script still in it.
  window.addEventListener('pagehide', () => sessions.end(), { signal: lifetime });
  window.addEventListener('pageshow', () => readSettings().then(update), { signal: lifetime });
  const stored = await readSettings(); // after watchSettings, so that no change is missed
  // Nobody knows anymore whether the old script had stopped, so the person decides whether to continue.
  if (tookOver && stored.mode === 'swipe') status.stop('extension_updated');
  update(stored);
}
