import type { Clock } from '../clock.ts';
import type { Answer, Counted, PageStatus, PhotoVerdict, Problem, Verdict } from '../messages.ts';
import { needsPerson, type Reason } from '../reasons.ts';
import { reportError } from '../report-error.ts';
import { type ActiveProfile, type PageView, PersonActed, type SitePage } from '../sites/site-adapter.ts';
import type { AutoSwiper } from './auto-swiper.ts';
import type { Overlay } from './overlay.ts';
import type { Pacer } from './pacer.ts';
import type { ProfileWatcher } from './profile-watcher.ts';

/** A photo that is missing is tried so many times more before the card is left to the person. */
const RETRIES = 2;
const RETRY_MS = 400;

/** After the person's last click or key the page is theirs for this long. */
const QUIET_MS = 1_500;

/** A dialog that is still there so long after it was dismissed is none that we know. */
const DIALOG_MS = 5_000;

/** Waits between two attempts to reach the server; the last one repeats. */
const PROBLEM_WAITS_MS = [500, 1_000, 2_000, 4_000];

/** The card that something was done for is no longer on top. */
class CardGone extends Error {
  override readonly name = 'CardGone';
}

/** What a page session is made of. */
export interface PageSessionParts {
  readonly page: SitePage;
  readonly watcher: ProfileWatcher;
  readonly overlay: Overlay;
  readonly pacer: Pacer;
  readonly clock: Clock;
  /** True while the person lets it swipe (the control stands on Swipe). */
  readonly maySwipe: () => boolean;
  /** True while nobody sees the tab. */
  readonly isHidden: () => boolean;
  /** Photos' URLs to a verdict; rejects when the background worker died meanwhile. */
  readonly score: (photos: (string | null)[]) => Promise<Answer<'score'>>;
  readonly report: (status: PageStatus, counted?: Counted) => void;
  /** Outlives the session: a swipe that was made is still confirmed and counted. */
  readonly swiper: AutoSwiper;
}

/** One dating page from the moment it is watched until the signal aborts: profile after profile. */
export class PageSession {
  readonly #parts: PageSessionParts;
  readonly #signal: AbortSignal;
  #status: PageStatus = { reason: null };
  /** Set while only the person can let it go on. */
  #halt: { readonly reason: Reason; readonly key: string | undefined } | undefined;
  #reading: AbortController | undefined;
  #actedAtMs = Number.NEGATIVE_INFINITY;
  /** Resumes so far: a verdict from before one is not acted upon. */
  #resumes = 0;
  /** The profiles last counted as seen and as held, so that looking at one again counts nothing. */
  readonly #counted: { seen?: string; held?: string } = {};
  /** When each dialog was dismissed: once is enough, it may take a moment to fade. */
  readonly #dismissedAtMs = new WeakMap<Element, number>();

  constructor(parts: PageSessionParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  /** Profile → photos → confidences → overlay → decision → swipe, until the signal aborts. */
  async run(): Promise<never> {
    this.#parts.report(this.#status);
    for (;;) {
      const profile = await this.#profileOnTop(this.#signal);
      const card = this.#whileOnTop(profile);
      try {
        const verdict = await this.#judge(profile, card.signal);
        await this.#act(profile, verdict, card.signal);
      } catch (error) {
        // The card has gone, by whoever's hand: what was under way for it is void, and the next one is looked at.
        if (this.#signal.aborted || !(card.signal.aborted || error instanceof CardGone)) throw error;
      } finally {
        card.abort();
        this.#parts.overlay.clear();
      }
    }
  }

  /** The person clicked or pressed a key on the page: reading ends at once, and swiping until Resume. */
  personActed(): void {
    const { clock, maySwipe } = this.#parts;
    this.#actedAtMs = clock.now();
    this.#reading?.abort(new PersonActed());
    if (maySwipe() && !this.#halt) this.#stop('person_acted');
  }

  /** The person lets it go on. */
  resume(): void {
    if (!this.#halt) return;
    this.#halt = undefined;
    this.#resumes += 1;
    this.#actedAtMs = Number.NEGATIVE_INFINITY;
    this.#say(null);
    this.#parts.watcher.poke();
  }

  /** Waits for a profile on top with nothing over it, and says what it waits for; while swiping it closes a match. */
  #profileOnTop(signal: AbortSignal): Promise<ActiveProfile> {
    const { page, watcher, maySwipe, isHidden } = this.#parts;
    return watcher.until(() => {
      if (isHidden()) return this.#wait('tab_hidden');
      const view = page.view();
      switch (view.kind) {
        case 'loading':
          return this.#wait('page_loading');
        case 'ended':
          if (this.#halt?.reason === 'hold') this.resume(); // the person has swiped the last card
          return this.#wait('deck_ended');
        case 'dialog':
          if (!maySwipe() || this.#halt) return this.#wait('dialog_open');
          return this.#closeDialog(view);
        case 'profile':
          // After a hold the person's own swipe of that card is their word to go on.
          if (this.#halt?.reason === 'hold' && this.#halt.key !== view.profile.key) this.resume();
          if (!this.#halt) this.#say(null);
          return view.profile;
      }
    }, signal);
  }

  /** Presses the safe button of a dialog that the adapter knows, once; any other is the person's. */
  #closeDialog({ name, element, dismiss }: PageView & { kind: 'dialog' }): undefined {
    const { clock, watcher } = this.#parts;
    const dismissedAtMs = this.#dismissedAtMs.get(element);
    if (!dismiss || (dismissedAtMs !== undefined && clock.now() - dismissedAtMs >= DIALOG_MS)) {
      return this.#stop('dialog_unknown', name);
    }
    if (dismissedAtMs !== undefined) return; // it is still fading
    this.#dismissedAtMs.set(element, clock.now());
    clock.delay(DIALOG_MS, this.#signal).then(
      () => watcher.poke(),
      () => {}, // the session has ended
    );
    dismiss();
  }

  /** A controller that aborts when the profile is no longer on top, or the session ends. */
  #whileOnTop({ key }: ActiveProfile): AbortController {
    const { page, watcher } = this.#parts;
    const card = new AbortController();
    this.#signal.addEventListener('abort', () => card.abort(this.#signal.reason), { once: true, signal: card.signal });
    watcher.onChange(() => {
      const active = page.activeProfile();
      if (active && active.key !== key) card.abort(new CardGone());
      if (!active && page.ended()) card.abort(new CardGone());
    }, card.signal);
    return card;
  }

  /** Photos → confidences → overlay; photos that are missing are tried again, the whole set each time. */
  async #judge(profile: ActiveProfile, signal: AbortSignal): Promise<Verdict> {
    const { overlay, clock, watcher } = this.#parts;
    for (let attempt = 0; ; attempt += 1) {
      // While the person has the page, their photos are not turned over.
      await watcher.until(() => this.#halt?.reason !== 'person_acted', signal);
      if (attempt === 0) overlay.showReading();
      const photos = await this.#readPhotos(profile, signal);
      if (attempt === 0) overlay.showPending(photos.length);
      const verdict = await this.#score(photos, signal);
      signal.throwIfAborted();
      overlay.showVerdict(verdict);
      const again = verdict.decision.swipe === 'hold' && verdict.photos.some(mayComeYet) && attempt < RETRIES;
      if (!again) {
        this.#countOnce('seen', profile);
        return verdict;
      }
      await clock.delay(RETRY_MS, signal);
    }
  }

  /** Reads the photos while the page is nobody else's; begins anew when the person acted meanwhile. */
  async #readPhotos(profile: ActiveProfile, signal: AbortSignal): Promise<(string | null)[]> {
    const { page, clock } = this.#parts;
    for (;;) {
      const quietMs = this.#actedAtMs + QUIET_MS - clock.now();
      if (quietMs > 0) await clock.delay(quietMs, signal);
      const active = await this.#profileOnTop(signal); // looked up again: the card may have been rendered anew
      if (active.key !== profile.key) throw new CardGone();
      this.#reading = new AbortController();
      try {
        const both = AbortSignal.any([signal, this.#reading.signal]);
        return await page.readPhotos(active, { signal: both, deadline: clock.deadline });
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof PersonActed)) throw error;
      } finally {
        this.#reading = undefined;
      }
    }
  }

  /** Asks until there is an answer: a server that is away, a worker that died, a wrong token only make it wait. */
  async #score(photos: (string | null)[], signal: AbortSignal): Promise<Verdict> {
    const { score, overlay, clock } = this.#parts;
    for (let attempt = 0; ; attempt += 1) {
      const answer = await score(photos).catch((error: unknown): { problem: Problem } => {
        reportError('asking the worker', error);
        return { problem: { reason: 'worker_gone' } };
      });
      signal.throwIfAborted();
      if (!('problem' in answer)) {
        if (!this.#halt) this.#say(null);
        return answer;
      }
      const { reason, detail, retryAfterMs = 0 } = answer.problem;
      // A worker that was ended is started again by the next question: that is no news to anybody the first time.
      if (reason !== 'worker_gone' || attempt > 0) {
        overlay.showProblem(reason, detail);
        if (!this.#halt) this.#say(reason, detail);
      }
      const waitMs = PROBLEM_WAITS_MS[Math.min(attempt, PROBLEM_WAITS_MS.length - 1)]!;
      await clock.delay(Math.max(waitMs, retryAfterMs), signal);
    }
  }

  /** Acts on the verdict where and when it may; returns when the card is to be looked at again. */
  async #act(profile: ActiveProfile, verdict: Verdict, signal: AbortSignal): Promise<void> {
    const { page, watcher, pacer, swiper, maySwipe, isHidden, report } = this.#parts;
    const resumes = this.#resumes;
    const free = () => maySwipe() && !this.#halt && !isHidden();
    for (;;) {
      await watcher.until(() => {
        if (this.#resumes !== resumes) return true;
        if (isHidden()) return this.#wait('tab_hidden');
        if (!this.#halt) this.#say(null);
        return free();
      }, signal);
      if (this.#resumes !== resumes) return;
      const { swipe } = verdict.decision;
      if (swipe === 'hold') {
        this.#stop('hold', missingPhotos(verdict), profile.key);
        this.#countOnce('held', profile);
        continue;
      }
      await swiper.settled(); // a click of the session before may still wait to be confirmed
      await pacer.turn(signal);
      await this.#profileOnTop(signal);
      if (this.#resumes !== resumes) return;
      if (!free()) continue;
      const outcome = await swiper.swipe(page, profile, swipe);
      if (outcome === 'gone') return;
      if (outcome === 'swiped') {
        pacer.swiped();
        report(this.#status, swipe);
        return;
      }
      this.#signal.throwIfAborted(); // nobody is left to stop for
      this.#stop(outcome.stop, undefined, profile.key);
    }
  }

  #countOnce(what: 'seen' | 'held', { key }: ActiveProfile): void {
    if (this.#counted[what] === key) return;
    this.#counted[what] = key;
    this.#parts.report(this.#status, what);
  }

  #stop(reason: Reason, detail?: string, key?: string): undefined {
    this.#halt = { reason, key };
    this.#say(reason, detail);
  }

  #wait(reason: Reason): undefined {
    if (!this.#halt) this.#say(reason);
  }

  /** Says what is going on, once for each change. */
  #say(reason: Reason | null, detail?: string): void {
    if (this.#status.reason === reason && this.#status.detail === detail) return;
    this.#status = { reason, ...(detail !== undefined && { detail }) };
    this.#parts.overlay.showStatus(reason && needsPerson(reason) ? this.#status : { reason: null });
    this.#parts.report(this.#status);
  }
}

/** A photo that was too many for one request stays so; any other missing one may come yet. */
const mayComeYet = (photo: PhotoVerdict) => 'missing' in photo && photo.missing !== 'unsent';

/** The photos that have no confidence, counted as a person counts them: `2, 5`. */
function missingPhotos({ photos }: Verdict): string {
  return photos.flatMap((photo, index) => ('missing' in photo ? [index + 1] : [])).join(', ');
}
