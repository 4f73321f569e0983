import type { Clock } from '../clock.ts';
import { ask } from '../messages.ts';
import { reportError } from '../report-error.ts';
import type { Settings } from '../settings.ts';
import type { Site } from '../sites/site-adapter.ts';
import type { Translate } from '../texts.ts';
import type { AutoSwiper } from './auto-swiper.ts';
import { Overlay } from './overlay.ts';
import type { Pacer } from './pacer.ts';
import { PageSession } from './page-session.ts';
import { onPersonAct } from './person.ts';
import { ProfileWatcher } from './profile-watcher.ts';
import { Reporter } from './reporter.ts';
import type { Running } from './session-switch.ts';

/** Puts a session together for a document and runs it until the signal aborts. */
export function openSession(
  options: {
    readonly document: Document;
    readonly site: Site;
    readonly clock: Clock;
    readonly translate: Translate;
    readonly settings: () => Settings;
    /** One for the page's whole life, see there; so is the pacer, which must not forget the last swipe. */
    readonly swiper: AutoSwiper;
    readonly pacer: Pacer;
    /** True once the extension was reloaded or removed: such a script must not act any more. */
    readonly isOrphan: () => boolean;
  },
  signal: AbortSignal,
): Running {
  const { document, site, settings } = options;
  const page = site.open(document);
  const watcher = new ProfileWatcher(document, signal);
  const overlay = new Overlay({ ...options, page, watcher }, signal);
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
      maySwipe: () => settings().mode === 'swipe' && !signal.aborted && !options.isOrphan(),
      isHidden: () => document.hidden,
      score: (photos) => ask({ kind: 'score', photos }),
      report: (status, counted) => {
        reporter.report(status, counted);
        // A swipe that was confirmed after the session's end is counted, but brings the page back into no list.
        if (signal.aborted) reporter.leave();
      },
    },
    signal,
  );
  onPersonAct(document, () => session.personActed(), signal);
  let failed = false;
  const run = () => {
    failed = false;
    session.run().catch((error: unknown) => {
      if (signal.aborted) return;
      failed = true;
      reportError('the page session', error);
      overlay.clear();
      reporter.report({ reason: 'page_unreadable' });
    });
  };
  run();
  return { resume: () => (failed ? run() : session.resume()), moved: () => watcher.poke() };
}
