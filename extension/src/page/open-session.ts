import { type Clock, patientClock } from '../clock.ts';
import { ask } from '../messages.ts';
import { reportError } from '../report-error.ts';
import type { SitePage } from '../sites/site-adapter.ts';
import type { Settings } from '../storage/settings.ts';
import type { Translate } from '../texts.ts';
import type { AutoSwiper } from './auto-swiper.ts';
import { Overlay } from './overlay/overlay.ts';
import { PageSession } from './page-session.ts';
import { onPersonAct } from './person.ts';
import { ProfileWatcher } from './profile-watcher.ts';
import type { Reporter } from './reporter.ts';
import type { SessionStatus } from './session-status.ts';
import type { Running } from './session-switch.ts';

/** Creates a session for a document and runs it until the signal aborts. */
export function openSession(
  options: {
    readonly document: Document;
    /** The page, swiper, status and reporter live as long as the document. */
    readonly page: SitePage;
    readonly swiper: AutoSwiper;
    readonly status: SessionStatus;
    readonly reporter: Reporter;
    readonly clock: Clock;
    readonly translate: Translate;
    readonly settings: () => Settings;
    /** True once the extension was reloaded or removed. An orphaned script must not act anymore. */
    readonly isOrphan: () => boolean;
  },
  signal: AbortSignal,
): Running {
  const { document, settings, clock, status, reporter } = options;
  const watcher = new ProfileWatcher(document, signal);
  const overlay = new Overlay({ ...options, watcher }, signal);
  const name = `${performance.timeOrigin + clock.now()}`; // unique among all sessions in the browser
  let asked = 0;
  status.begin(overlay, signal);
  const session = new PageSession(
    {
      ...options,
      watcher,
      overlay,
      clock: patientClock(clock, settings().patience),
      maySwipe: () => settings().mode === 'swipe' && !signal.aborted && !options.isOrphan(),
      isHidden: () => document.hidden,
      isOffline: () => document.defaultView?.navigator.onLine === false,
      score: (photos, over) => {
        asked += 1;
        const id = `${name}/now-${asked}`;
        const cancel = () => reporter.cancel(id);
        over.addEventListener('abort', cancel, { once: true });
        const answer = ask({ kind: 'score', id, photos: [...photos], priority: 'now' });
        return answer.finally(() => over.removeEventListener('abort', cancel));
      },
      ahead: {
        score: (photos, id) => ask({ kind: 'score', id: `${name}/${id}`, photos: [...photos], priority: 'ahead' }),
        cancel: (id) => reporter.cancel(`${name}/${id}`),
      },
      permits: {
        ask: (id, swipe) => ask({ kind: 'permit', id, swipe }),
        release: (id, pressed) => reporter.release(id, pressed),
        clock,
        name,
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
      status.stop('page_unreadable');
    });
  };
  run();
  const resume = () => {
    session.resume();
    if (failed) run();
  };
  return { resume, moved: () => watcher.poke() };
}
