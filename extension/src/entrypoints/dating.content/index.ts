import { defineContentScript } from 'wxt/utils/define-content-script';
import { systemClock } from '../../clock.ts';
import { ask, onResume } from '../../messages.ts';
import { openSession } from '../../page/open-session.ts';
import { SessionSwitch } from '../../page/session-switch.ts';
import { readSettings, type Settings, watchSettings } from '../../settings.ts';
import { siteOf } from '../../sites/index.ts';
import { MATCH_PATTERNS } from '../../sites/match-patterns.ts';
import { translate } from '../../texts.ts';

/** Looks so often whether the extension was reloaded or removed: then this script belongs to nobody and must go. */
const ORPHAN_CHECK_MS = 1_000;

export default defineContentScript({
  matches: Object.values(MATCH_PATTERNS).flat(),
  runAt: 'document_idle',
  async main(context) {
    const { signal: lifetime } = context;
    let settings: Settings = await readSettings();
    const sessions = new SessionSwitch({
      isMine: () => siteOf(location.href) !== undefined,
      start: (signal) => {
        const site = siteOf(location.href)!;
        signal.addEventListener('abort', () => void ask({ kind: 'leave' }).catch(() => {}), { once: true });
        return openSession(
          { document, site, clock: systemClock, translate, settings: () => settings, lifetime },
          signal,
        );
      },
    });
    const update = (changed: Settings = settings) => {
      settings = changed;
      sessions.update(settings);
    };
    const orphanCheck = setInterval(() => context.isInvalid, ORPHAN_CHECK_MS);
    lifetime.addEventListener('abort', () => {
      clearInterval(orphanCheck);
      sessions.end();
    });
    watchSettings(update, lifetime);
    onResume(() => sessions.resume(), lifetime);
    context.addEventListener(window, 'wxt:locationchange', () => update());
    update();
  },
});
