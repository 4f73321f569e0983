import type { Clock } from '../../clock.ts';
import type { Answer, PhotoVerdict, Problem, Request, Verdict } from '../../messages.ts';
import { isPause } from '../../reasons.ts';
import { reportError } from '../../report-error.ts';
import {
  type ActiveProfile,
  DeckCovered,
  type PagePhoto,
  PersonActed,
  type SitePage,
} from '../../sites/site-adapter.ts';
import { joinedVerdict, photosLike } from '../../words/joined-verdict.ts';
import type { Overlay } from '../overlay/overlay.ts';
import type { SessionStatus } from '../session/session-status.ts';
import type { AheadScorer } from './ahead-scorer.ts';
import type { ProfileWatcher } from './profile-watcher.ts';
import { CardGone, type TopOfDeck } from './top-of-deck.ts';

/** How many times missing photos are retried before the card is left to the person. */
const RETRIES = 2;
const RETRY_MS = 400;

/** The total time for reading a card's photos, over all attempts. Photos that haven't loaded by then are missing. */
const CARD_MS = 30_000;

/** How long the page is left to the person after their last click or key press. */
const QUIET_MS = 1_500;

/** Delays between attempts to reach the server. The last one repeats. */
const PROBLEM_WAITS_MS = [500, 1_000, 2_000, 4_000];

/** What a judge needs. */
export interface JudgeParts {
  readonly page: SitePage;
  readonly deck: TopOfDeck;
  readonly watcher: ProfileWatcher;
  readonly status: SessionStatus;
  readonly overlay: Overlay;
  readonly ahead: AheadScorer;
  readonly clock: Clock;
  readonly isOffline: () => boolean;
  /** Gets a verdict on the photos. The signal cancels it. Rejects if the background worker dies before it answers. */
  readonly score: (photos: readonly PagePhoto[], signal: AbortSignal) => Promise<Answer<'score'>>;
  /** The words of bios: whether the person wants them to count, and what they make of a profile. Rejects like `score`. */
  readonly words: {
    readonly isOn: () => boolean;
    readonly judge: (profile: Omit<Request<'words'>, 'kind'>) => Promise<Answer<'words'>>;
  };
}

/** Reads a profile's photos, has them scored and shows the verdict, however long the page and the server take. */
export class ProfileJudge {
  readonly #parts: JudgeParts;
  #reading: AbortController | undefined;
  #actedAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: JudgeParts) {
    this.#parts = parts;
  }

  /**
   * Call this when the person clicks or presses a key. Reading ends at once, and leaves the page to them for a while.
   */
  personActed(): void {
    this.#actedAtMs = this.#parts.clock.now();
    this.#reading?.abort(new PersonActed());
  }

  /** Lets reading continue at once after the person clicks Resume. */
  resume(): void {
    this.#actedAtMs = Number.NEGATIVE_INFINITY;
  }

  /**
   * Returns a profile's verdict. While there is time, missing photos are retried by reading the whole set again.
   *
   * @param onShown receives each verdict that is shown meanwhile. The last one is returned.
   */
  async judge(profile: ActiveProfile, signal: AbortSignal, onShown: (verdict: Verdict) => void): Promise<Verdict> {
    const { overlay, clock, watcher, status, ahead, isOffline } = this.#parts;
    const spent = { ms: 0 };
    for (let attempt = 0; ; attempt += 1) {
      // Don't page through the photos while the person is using the page.
      await watcher.until(() => !(status.stopped && isPause(status.stopped.reason)), signal);
      if (attempt === 0) overlay.showReading();
      const photos = await this.#readPhotos(profile, spent, signal);
      if (attempt === 0) overlay.showPending(photos.length);
      const taken = ahead.take(photos);
      const known = taken && (await unlessOver(taken, signal));
      const ready = known && 'decision' in known && known.decision.swipe !== 'hold' ? known : undefined;
      const verdict = await this.#withWords(profile, ready ?? (await this.#score(photos, signal)), signal);
      signal.throwIfAborted();
      overlay.showVerdict(verdict, photos);
      onShown(verdict);
      const mayChange = verdict.decision.swipe === 'hold' && verdict.photos.some(mayComeYet);
      if (isOffline()) spent.ms = 0;
      else if (attempt >= RETRIES || spent.ms >= CARD_MS) return verdict;
      if (!mayChange) return verdict;
      await clock.delay(RETRY_MS, signal);
    }
  }

  /** Reads the photos while nobody else uses the page. Starts over if the person acts or something covers the deck. */
  async #readPhotos(profile: ActiveProfile, spent: { ms: number }, signal: AbortSignal): Promise<PagePhoto[]> {
    const { page, clock, deck } = this.#parts;
    for (;;) {
      await this.#quiet(profile, signal);
      const active = await deck.profile(signal); // look it up again, because the card may have been re-rendered
      if (active.key !== profile.key) throw new CardGone();
      this.#reading = new AbortController();
      const beganMs = clock.now();
      try {
        const both = AbortSignal.any([signal, this.#reading.signal]);
        const late = clock.deadline(Math.max(0, CARD_MS - spent.ms));
        return await page.readPhotos(active, { signal: both, deadline: clock.deadline, late });
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof PersonActed || error instanceof DeckCovered)) throw error;
      } finally {
        spent.ms += clock.now() - beganMs;
        this.#reading = undefined;
      }
    }
  }

  /** Waits until the page may be paged through. If its data has all photos, nothing is touched and there is no wait. */
  async #quiet(profile: ActiveProfile, signal: AbortSignal): Promise<void> {
    const { page, clock, watcher } = this.#parts;
    const quietMs = this.#actedAtMs + QUIET_MS - clock.now();
    if (quietMs <= 0) return;
    const over = new AbortController();
    const both = AbortSignal.any([signal, over.signal]);
    const known = watcher.until(() => page.hasData(profile), both);
    await Promise.race([clock.delay(quietMs, both), known]).finally(() => over.abort());
  }

  #score(photos: readonly PagePhoto[], signal: AbortSignal): Promise<Verdict> {
    return this.#insist(() => this.#parts.score(photos, signal), signal);
  }

  /** Returns the verdict with the words of the bio, if the person wants them to count and they have something to say. */
  async #withWords(profile: ActiveProfile, verdict: Verdict, signal: AbortSignal): Promise<Verdict> {
    const { page, clock, words } = this.#parts;
    const like = photosLike(verdict);
    if (!words.isOn() || like === undefined) return verdict;
    await page.dataSettled(profile, { signal, deadline: clock.deadline });
    const { bio } = page.factsOf(profile);
    if (!bio) return verdict;
    const { threshold } = verdict;
    const judge = async () => ({ joined: await words.judge({ bio, like, threshold }) });
    const { joined } = await this.#insist<{ joined: Answer<'words'> }>(judge, signal);
    return joined ? joinedVerdict(verdict, joined) : verdict;
  }

  /**
   * Asks until it gets an answer. If the server is down, the worker died or the token is wrong, it waits and retries.
   */
  async #insist<Found extends object>(
    ask: () => Promise<Found | { problem: Problem }>,
    signal: AbortSignal,
  ): Promise<Found> {
    const { overlay, clock, status, isOffline } = this.#parts;
    for (let attempt = 0; ; attempt += 1) {
      const asking = ask().catch((error: unknown): { problem: Problem } => {
        reportError('asking the worker', error);
        return { problem: { reason: 'worker_gone' } };
      });
      const answer = await unlessOver(asking, signal);
      if (!('problem' in answer)) {
        status.clear();
        return answer;
      }
      const { detail, retryAfterMs = 0 } = answer.problem;
      const reason = isOffline() ? 'offline' : answer.problem.reason;
      // The next message restarts a worker that the browser ended, so the first failure isn't worth reporting.
      if (reason !== 'worker_gone' || attempt > 0) {
        overlay.showProblem(reason, detail);
        status.wait(reason, detail);
      }
      const waitMs = PROBLEM_WAITS_MS[Math.min(attempt, PROBLEM_WAITS_MS.length - 1)]!;
      await clock.delay(Math.max(waitMs, retryAfterMs), signal);
    }
  }
}

/**
 * A video is never scored, and an unsent photo doesn't fit into the request. Any other missing photo may still load.
 */
const mayComeYet = (photo: PhotoVerdict) =>
  'missing' in photo && photo.missing !== 'unsent' && photo.missing !== 'video';

/** Awaits a promise, but rejects with the signal's reason if the card is gone first. */
async function unlessOver<Output>(coming: Promise<Output>, signal: AbortSignal): Promise<Output> {
  signal.throwIfAborted();
  const over = Promise.withResolvers<never>();
  const end = () => over.reject(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([coming, over.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
