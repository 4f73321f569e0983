import type { Clock } from '../clock.ts';
import type { Answer, PhotoVerdict, Problem, Verdict } from '../messages.ts';
import { reportError } from '../report-error.ts';
import { type ActiveProfile, DeckCovered, type PagePhoto, PersonActed, type SitePage } from '../sites/site-adapter.ts';
import type { AheadScorer } from './ahead-scorer.ts';
import type { Overlay } from './overlay/overlay.ts';
import type { ProfileWatcher } from './profile-watcher.ts';
import type { SessionStatus } from './session-status.ts';
import { CardGone, type TopOfDeck } from './top-of-deck.ts';

/** A photo that is missing is tried so many times more before the card is left to the person. */
const RETRIES = 2;
const RETRY_MS = 400;

/** All reading of a card's photos together, however often it is tried: what hasn't come by then doesn't come. */
const CARD_MS = 30_000;

/** After the person's last click or key the page is theirs for this long. */
const QUIET_MS = 1_500;

/** Waits between two attempts to reach the server; the last one repeats. */
const PROBLEM_WAITS_MS = [500, 1_000, 2_000, 4_000];

/** What judging is made of. */
export interface JudgeParts {
  readonly page: SitePage;
  readonly deck: TopOfDeck;
  readonly watcher: ProfileWatcher;
  readonly status: SessionStatus;
  readonly overlay: Overlay;
  readonly ahead: AheadScorer;
  readonly clock: Clock;
  readonly isOffline: () => boolean;
  /** Photos to a verdict, canceled by the signal; rejects when the background worker died meanwhile. */
  readonly score: (photos: readonly PagePhoto[], signal: AbortSignal) => Promise<Answer<'score'>>;
}

/** Photos → confidences → overlay: a profile's verdict, however long the page and the server take. */
export class ProfileJudge {
  readonly #parts: JudgeParts;
  #reading: AbortController | undefined;
  #actedAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: JudgeParts) {
    this.#parts = parts;
  }

  /** The person clicked or pressed a key: reading ends at once, and for a while the page is theirs. */
  personActed(): void {
    this.#actedAtMs = this.#parts.clock.now();
    this.#reading?.abort(new PersonActed());
  }

  /** The person lets it go on: the page is theirs no longer. */
  resume(): void {
    this.#actedAtMs = Number.NEGATIVE_INFINITY;
  }

  /** The verdict of a profile; photos that are missing are tried again, the whole set each time, while there is time. */
  async judge(profile: ActiveProfile, signal: AbortSignal): Promise<Verdict> {
    const { overlay, clock, watcher, status, ahead, isOffline } = this.#parts;
    const spent = { ms: 0 };
    for (let attempt = 0; ; attempt += 1) {
      // While the person has the page, their photos are not turned over.
      await watcher.until(() => status.stopped?.reason !== 'person_acted', signal);
      if (attempt === 0) overlay.showReading();
      const photos = await this.#readPhotos(profile, spent, signal);
      if (attempt === 0) overlay.showPending(photos.length);
      const taken = ahead.take(photos);
      const known = taken && (await unlessOver(taken, signal));
      const ready = known && 'decision' in known && known.decision.swipe !== 'hold' ? known : undefined;
      const verdict = ready ?? (await this.#score(photos, signal));
      signal.throwIfAborted();
      overlay.showVerdict(verdict);
      const mayChange = verdict.decision.swipe === 'hold' && verdict.photos.some(mayComeYet);
      if (isOffline()) spent.ms = 0;
      else if (attempt >= RETRIES || spent.ms >= CARD_MS) return verdict;
      if (!mayChange) return verdict;
      await clock.delay(RETRY_MS, signal);
    }
  }

  /** Reads the photos while the page is nobody else's; begins anew when the person acted, or something lay over it. */
  async #readPhotos(profile: ActiveProfile, spent: { ms: number }, signal: AbortSignal): Promise<PagePhoto[]> {
    const { page, clock, deck } = this.#parts;
    for (;;) {
      const quietMs = this.#actedAtMs + QUIET_MS - clock.now();
      if (quietMs > 0) await clock.delay(quietMs, signal);
      const active = await deck.profile(signal); // looked up again: the card may have been rendered anew
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

  /** Asks until there is an answer: a server that is away, a worker that died, a wrong token only make it wait. */
  async #score(photos: readonly PagePhoto[], signal: AbortSignal): Promise<Verdict> {
    const { score, overlay, clock, status, isOffline } = this.#parts;
    for (let attempt = 0; ; attempt += 1) {
      const asking = score(photos, signal).catch((error: unknown): { problem: Problem } => {
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
      // A worker that was ended is started again by the next question: that is no news to anybody the first time.
      if (reason !== 'worker_gone' || attempt > 0) {
        overlay.showProblem(reason, detail);
        status.wait(reason, detail);
      }
      const waitMs = PROBLEM_WAITS_MS[Math.min(attempt, PROBLEM_WAITS_MS.length - 1)]!;
      await clock.delay(Math.max(waitMs, retryAfterMs), signal);
    }
  }
}

/** A video is none of the photos, and one that was too many for a request stays so; any other may come yet. */
const mayComeYet = (photo: PhotoVerdict) =>
  'missing' in photo && photo.missing !== 'unsent' && photo.missing !== 'video';

/** What comes, unless the card goes first: nobody waits for an answer about a card that has gone. */
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
