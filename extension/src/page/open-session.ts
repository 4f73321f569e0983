import type { Clock } from '../clock.ts';
import { ask } from '../messages.ts';
import { reportError } from '../report-error.ts';
import type { Settings } from '../settings.ts';
import type { Site } from '../sites/site-adapter.ts';
import type { Translate } from '../texts.ts';
import { Overlay } from './overlay.ts';
import { Pacer } from './pacer.ts';
import { PageSession } from './page-session.ts';
import { ProfileWatcher } from './profile-watcher.ts';
import { Reporter } from './reporter.ts';
import type { Running } from './session-switch.ts';

/** Keys that do nothing by themselves: holding one is no act. */
const MODIFIERS = ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock'];

/** Puts a session together for a document and runs it until the signal aborts. */
export function openSession(
  options: {
    readonly document: Document;
    readonly site: Site;
    readonly clock: Clock;
    readonly translate: Translate;
    readonly settings: () => Settings;
    readonly lifetime: AbortSignal;
    /** True once the extension was reloaded or removed: such a script must not act any more. */
    readonly isOrphan: () => boolean;
  },
  signal: AbortSignal,
): Running {
  const { document, site, settings } = options;
  const page = site.open(document);
  const watcher = new ProfileWatcher(document, signal);
  const overlay = new Overlay({ ...options, page, watcher }, signal);
  const pacer = new Pacer(options.clock, () => settings().swipesPerMinute);
  const reporter = new Reporter({
    send: ask,
    clock: options.clock,
    pageId: String(performance.timeOrigin + options.clock.now()),
  });
  signal.addEventListener('abort', () => reporter.leave(), { once: true });
  const session = new PageSession(
    {
      ...options,
      page,
      watcher,
      overlay,
      pacer,
      maySwipe: () => settings().mode === 'swipe' && !signal.aborted && !options.isOrphan(),
      isHidden: () => document.hidden,
      score: (photos) => ask({ kind: 'score', photos }),
      report: (status, counted) => reporter.report(status, counted),
    },
    signal,
  );
  const acted = (event: Event) => {
    const key = event instanceof KeyboardEvent ? event.key : '';
    if (event.isTrusted && !MODIFIERS.includes(key)) session.personActed();
  };
  for (const event of ['pointerdown', 'keydown'] as const) {
    document.defaultView?.addEventListener(event, acted, { capture: true, passive: true, signal });
  }
  session.run().catch((error: unknown) => {
    if (signal.aborted) return;
    reportError('the page session', error);
    overlay.clear();
    reporter.report({ reason: 'page_unreadable' });
  });
  return { resume: () => session.resume(), moved: () => watcher.poke() };
}
