import { type Clock, patientClock } from '../clock.ts';
import { ask } from '../messages.ts';
import { reportError } from '../report-error.ts';
import type { Settings } from '../settings.ts';
import type { SitePage } from '../sites/site-adapter.ts';
import type { Translate } from '../texts.ts';
import type { AutoSwiper } from './auto-swiper.ts';
import { Overlay } from './overlay.ts';
import { PageSession } from './page-session.ts';
import { onPersonAct } from './person.ts';
import { ProfileWatcher } from './profile-watcher.ts';
import { Reporter } from './reporter.ts';
import type { Running } from './session-switch.ts';

/** Puts a session together for a document and runs it until the signal aborts. */
export function openSession(
  options: {
    readonly document: Document;
    /** The page and its swiper live as long as the document does, see there. */
    readonly page: SitePage;
    readonly swiper: AutoSwiper;
    readonly clock: Clock;
    readonly translate: Translate;
    readonly settings: () => Settings;
    /** True once the extension was reloaded or removed: such a script must not act any more. */
    readonly isOrphan: () => boolean;
  },
  signal: AbortSignal,
): Running {
  const { document, settings, clock } = options;
  const watcher = new ProfileWatcher(document, signal);
  const overlay = new Overlay({ ...options, watcher }, signal);
  const pageId = String(performance.timeOrigin + clock.now());
  const reporter = new Reporter({ send: ask, clock, pageId });
  signal.addEventListener('abort', () => reporter.leave(), { once: true });
  const session = new PageSession(
    {
      ...options,
      watcher,
      overlay,
      clock: patientClock(clock, settings().patience),
      maySwipe: () => settings().mode === 'swipe' && !signal.aborted && !options.isOrphan(),
      isHidden: () => document.hidden,
      isOffline: () => document.defaultView?.navigator.onLine === false,
      score: (photos) => ask({ kind: 'score', photos: [...photos], priority: 'now' }),
      ahead: {
        score: (photos, ticket) =>
          ask({ kind: 'score', photos: [...photos], priority: 'ahead', ticket: `${pageId}/${ticket}` }),
        cancel: (ticket) => reporter.cancel(`${pageId}/${ticket}`),
      },
      permits: {
        ask: (id, swipe) => ask({ kind: 'permit', id, swipe }),
        release: (id) => reporter.release(id),
        clock,
        pageId,
      },
      report: (status, counted, id) => {
        reporter.report(status, counted, id);
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
