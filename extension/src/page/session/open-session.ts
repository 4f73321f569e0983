import { type Clock, patientClock, systemChance } from '../../clock.ts';
import { ask } from '../../messages.ts';
import { reportError } from '../../report-error.ts';
import type { SitePage } from '../../sites/site-adapter.ts';
import { mayLearn, type Settings, usesWords } from '../../storage/settings.ts';
import type { Translate } from '../../texts.ts';
import { Overlay } from '../overlay/overlay.ts';
import type { onPersonAct } from '../person/person.ts';
import type { SwipeMemory } from '../person/person-swipes.ts';
import { ProfileWatcher } from '../profiles/profile-watcher.ts';
import type { AutoSwiper } from '../swiping/auto-swiper.ts';
import { LeftToPerson } from '../swiping/left-to-person.ts';
import { swipeRemark } from '../swiping/swipe-remark.ts';
import type { Why } from '../why/why.ts';
import { PageSession } from './page-session.ts';
import type { Reporter } from './reporter.ts';
import type { SessionStatus } from './session-status.ts';
import type { Running } from './session-switch.ts';

/** How long the outcome of the person's own swipe is shown. */
const REMARK_MS = 5_000;

/** Creates a session for a document and runs it until the signal aborts. */
export function openSession(
  options: {
    readonly document: Document;
    /** The page, swiper, status and reporter live as long as the document. So does what is remembered of swipes. */
    readonly page: SitePage;
    /** The site's name. */
    readonly site: string;
    readonly swiper: AutoSwiper;
    readonly status: SessionStatus;
    readonly reporter: Reporter;
    readonly memory: SwipeMemory;
    readonly clock: Clock;
    readonly translate: Translate;
    readonly why: Why;
    readonly settings: () => Settings;
    readonly onPersonAct: typeof onPersonAct;
    /** True once the extension was reloaded or removed. An orphaned script must not act anymore. */
    readonly isOrphan: () => boolean;
    /** True if the extension itself is gone, and no newer script has taken over. */
    readonly isCutOff: () => boolean;
  },
  signal: AbortSignal,
): Running {
  const { document, settings, clock, status, reporter, site, translate, memory } = options;
  const watcher = new ProfileWatcher(document, signal);
  const overlay = new Overlay({ ...options, watcher }, signal);
  const name = `${performance.timeOrigin + clock.now()}`; // unique among all sessions in the browser
  let asked = 0;
  /** Shows a text for a moment, unless another one replaces it. */
  let remarks = 0;
  const remark = (text: string) => {
    remarks += 1;
    const mine = remarks;
    overlay.showRemark(text);
    const hide = () => remarks === mine && overlay.showRemark('');
    clock.delay(REMARK_MS, signal).then(hide, () => {});
  };
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
        // A label that was taken back has used up its score, so the profile is scored anew.
        const answer = memory.takenBack.then(() => ask({ kind: 'score', id, photos: [...photos], priority: 'now' }));
        return answer.finally(() => over.removeEventListener('abort', cancel));
      },
      words: {
        isOn: () => usesWords(settings()),
        judge: (profile) => ask({ kind: 'words', ...profile }),
      },
      ahead: {
        score: (photos, id) => ask({ kind: 'score', id: `${name}/${id}`, photos: [...photos], priority: 'ahead' }),
        cancel: (id) => reporter.cancel(`${name}/${id}`),
      },
      permits: {
        ask: (id, { swipe, model }) => ask({ kind: 'permit', id, swipe, ...(model !== undefined && { model }) }),
        release: (id, pressed) => reporter.release(id, pressed),
        clock,
        name,
      },
      left: new LeftToPerson({
        mode: () => settings().mode,
        drawsSpotCheck: () => {
          const { spotCheckEvery } = settings().taste;
          return mayLearn(settings()) && spotCheckEvery !== null && systemChance() * spotCheckEvery < 1;
        },
        asks: () => settings().taste.asksMe,
      }),
      rules: {
        rules: () => settings().rules,
        // A swipe that was taken back is no earlier swipe.
        earlier: (profile) => memory.takenBack.then(() => ask({ kind: 'earlier', site, profile })),
        translate,
      },
      persons: {
        ...{ site, name, memory },
        mayLearn: () => mayLearn(settings()),
        readsWords: () => mayLearn(settings()) && usesWords(settings()),
        label: ask,
        unlabel: (id) => ask({ kind: 'unlabel', id }),
        show: (swipe) => remark(swipeRemark(swipe, translate)),
      },
    },
    signal,
  );
  options.onPersonAct(document, () => session.personActed(), signal);
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
  return { resume, moved: () => session.moved() };
}
