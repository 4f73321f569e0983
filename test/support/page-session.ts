import { vi } from 'vitest';
import type {
  Answer,
  Counted,
  EarlierSwipe,
  PageStatus,
  PermitAnswer,
  PhotoVerdict,
  Request,
  Verdict,
} from '../../extension/src/messages.ts';
import type { Overlay } from '../../extension/src/page/overlay/overlay.ts';
import { SwipeMemory } from '../../extension/src/page/person/person-swipes.ts';
import { ProfileWatcher } from '../../extension/src/page/profiles/profile-watcher.ts';
import { PageSession, type PageSessionParts } from '../../extension/src/page/session/page-session.ts';
import { SessionStatus } from '../../extension/src/page/session/session-status.ts';
import { AutoSwiper } from '../../extension/src/page/swiping/auto-swiper.ts';
import { LeftToPerson } from '../../extension/src/page/swiping/left-to-person.ts';
import type { PermitFor } from '../../extension/src/page/swiping/swipe-permits.ts';
import { DEFAULT_RULES, type Rules } from '../../extension/src/rules/rules.ts';
import type { PagePhoto } from '../../extension/src/sites/site-adapter.ts';
import type { Settings } from '../../extension/src/storage/settings.ts';
import { FakeDeck, type FakeProfile } from './fake-deck.ts';
import { fakeTranslate } from './fake-texts.ts';
import { PageClock } from './page-clock.ts';

let end = new AbortController();

/** Ends the running session. */
export const endSession = (reason = 'over'): void => end.abort(new Error(reason));

/** A photo named `like` is LIKE, `nope` is NOPE, and a photo that the page doesn’t show is missing. */
export function verdictOf(read: readonly PagePhoto[]): Verdict {
  const photos = read.map((photo) => ('url' in photo ? photo.url : null));
  const decision: Verdict['decision'] = photos.includes('like')
    ? { swipe: 'right', reason: 'like_found', like: 0.9, photo: photos.indexOf('like') }
    : photos.includes(null)
      ? { swipe: 'hold', reason: 'photos_missing' }
      : { swipe: 'left', reason: 'all_nope', like: 0.1 };
  const marks = photos.map((photo): PhotoVerdict => {
    if (photo === null) return { missing: 'page' };
    return photo === 'like' ? { like: 0.9, label: 'LIKE' } : { like: 0.1, label: 'NOPE' };
  });
  return { photos: marks, decision, threshold: 0.4, model: 'm' };
}

/** Runs a session on a fake deck. The test controls everything around it. */
export function sessionOn(profiles: FakeProfile[], parts: Partial<PageSessionParts> = {}) {
  end = new AbortController();
  const page = new FakeDeck(document, profiles);
  const clock = new PageClock();
  const watcher = new ProfileWatcher(document, end.signal);
  const control = { mode: 'swipe' as Settings['mode'], hidden: false, offline: false };
  const statuses: PageStatus[] = [];
  const counted: Counted[] = [];
  const ids: string[] = [];
  const score = vi.fn(
    async (photos: readonly PagePhoto[], _signal: AbortSignal): Promise<Answer<'score'>> => verdictOf(photos),
  );
  const permit = vi.fn(async (_id: string, _what: PermitFor): Promise<PermitAnswer> => ({ permitted: true }));
  const released: string[] = [];
  const ahead = vi.fn(async (photos: readonly PagePhoto[], _: string): Promise<Answer<'score'>> => verdictOf(photos));
  const canceled: string[] = [];
  const quiet = () => {};
  const hidden = { now: false };
  const early: string[] = [];
  const ruled = { rules: { ...DEFAULT_RULES, holdsSeen: false } as Rules };
  const earlier = vi.fn(async (_profile: string): Promise<EarlierSwipe | null> => null);
  const wordy = { isOn: false, judge: vi.fn(async (): Promise<Answer<'words'>> => null) };
  const labels: Request<'label'>[] = [];
  const unlabeled: string[] = [];
  const learning = { spotCheck: false, asks: true };
  const overlay = {
    showReading: quiet,
    showPending: quiet,
    showVerdict: quiet,
    showEarly: (text: string) => void early.push(text),
    showProblem: quiet,
    showStatus: quiet,
    setHidden: (isHidden: boolean) => {
      hidden.now = isHidden;
    },
    clear: quiet,
  };
  const act = { listener: () => {} };
  const onPersonAct = (_: Document, acted: () => void) => {
    act.listener = acted;
  };
  const swiper = new AutoSwiper({ document, onPersonAct, lifetime: new AbortController().signal });
  const maySwipe = () => control.mode === 'swipe';
  const status =
    parts.status ??
    new SessionStatus({
      maySwipe,
      report: (reported, what, id) => {
        statuses.push(reported);
        if (what) counted.push(what);
        if (id) ids.push(id);
      },
      leave: () => {},
    });
  status.begin(overlay, end.signal);
  const session = new PageSession(
    {
      page,
      watcher,
      clock,
      overlay: overlay as unknown as Overlay,
      maySwipe,
      isHidden: () => control.hidden,
      isOffline: () => control.offline,
      score,
      ahead: { score: ahead, cancel: (id) => canceled.push(id) },
      permits: {
        ask: permit,
        release: (id, pressed) => released.push(pressed ? `${id} pressed` : id),
        clock,
        name: 'page',
      },
      left: new LeftToPerson({
        mode: () => control.mode,
        drawsSpotCheck: () => learning.spotCheck,
        asks: () => learning.asks,
      }),
      rules: { rules: () => ruled.rules, earlier, translate: fakeTranslate },
      words: { isOn: () => wordy.isOn, judge: wordy.judge },
      persons: {
        ...{
          site: 'demo',
          name: 'page',
          memory: new SwipeMemory(),
          mayLearn: () => control.mode !== 'show',
          readsWords: () => wordy.isOn,
          show: () => {},
        },
        label: async (label) => {
          labels.push(label);
          return { queued: true };
        },
        unlabel: async (id) => unlabeled.push(id),
      },
      status,
      swiper,
      ...parts,
    },
    end.signal,
  );
  session.run().catch(() => {});
  const reason = () => statuses.at(-1)?.reason;
  const said = {
    statuses,
    counted,
    ids,
    released,
    canceled,
    hidden,
    labels,
    unlabeled,
    learning,
    early,
    ruled,
    earlier,
    wordy,
  };
  return { page, clock, watcher, control, ...said, score, permit, ahead, session, swiper, status, reason };
}

export const LIKED: FakeProfile = { key: 'liked', photos: ['nope', 'like'] };
export const NOPED: FakeProfile = { key: 'noped', photos: ['nope', 'nope'] };
export const PARTIAL: FakeProfile = { key: 'partial', photos: ['nope', null] };
