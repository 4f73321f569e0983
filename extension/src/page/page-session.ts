import type { Clock } from '../clock.ts';
import type { Answer, Verdict } from '../messages.ts';
import type { ActiveProfile, PagePhoto, SitePage, Swipe } from '../sites/site-adapter.ts';
import { type AheadParts, AheadScorer } from './ahead-scorer.ts';
import type { AutoSwiper } from './auto-swiper.ts';
import type { Overlay } from './overlay/overlay.ts';
import { missingPhotos } from './overlay/verdict-text.ts';
import { ProfileJudge } from './profile-judge.ts';
import type { ProfileWatcher } from './profile-watcher.ts';
import type { SessionStatus } from './session-status.ts';
import { type PermitParts, SwipePermits } from './swipe-permits.ts';
import { CardGone, TopOfDeck } from './top-of-deck.ts';

/** A button that has not appeared after this long is one that the page does not show. */
const CONTROL_MS = 2_000;

/** What a page session is made of. */
export interface PageSessionParts {
  readonly page: SitePage;
  readonly watcher: ProfileWatcher;
  readonly overlay: Overlay;
  readonly clock: Clock;
  /** True while the person lets it swipe (the control stands on Swipe). */
  readonly maySwipe: () => boolean;
  /** True while nobody sees the tab. */
  readonly isHidden: () => boolean;
  readonly isOffline: () => boolean;
  /** Photos to a verdict, canceled by the signal; rejects when the background worker died meanwhile. */
  readonly score: (photos: readonly PagePhoto[], signal: AbortSignal) => Promise<Answer<'score'>>;
  readonly ahead: AheadParts;
  readonly permits: Omit<PermitParts, 'status'>;
  /** Both outlive the session: a stop still holds, and a swipe that was made is still confirmed and counted. */
  readonly status: SessionStatus;
  readonly swiper: AutoSwiper;
}

/** One dating page from the moment it is watched until the signal aborts: profile after profile. */
export class PageSession {
  readonly #parts: PageSessionParts;
  readonly #signal: AbortSignal;
  readonly #status: SessionStatus;
  readonly #deck: TopOfDeck;
  readonly #ahead: AheadScorer;
  readonly #judge: ProfileJudge;
  readonly #permits: SwipePermits;
  /** The profiles last counted as seen and as held, so that looking at one again counts nothing. */
  readonly #counted: { seen?: string; held?: string } = {};

  constructor(parts: PageSessionParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
    this.#status = parts.status;
    this.#deck = new TopOfDeck(parts, signal);
    this.#ahead = new AheadScorer(parts.ahead, signal);
    this.#judge = new ProfileJudge({ ...parts, deck: this.#deck, ahead: this.#ahead });
    this.#permits = new SwipePermits({ ...parts.permits, status: parts.status });
  }

  /** Profile → photos → confidences → overlay → decision → swipe, until the signal aborts. */
  async run(): Promise<never> {
    for (;;) {
      const profile = await this.#deck.profile(this.#signal);
      const card = this.#deck.whileOnTop(profile);
      try {
        const verdict = await this.#judge.judge(profile, card.signal);
        this.#countOnce('seen', profile);
        this.#lookAhead(card.signal);
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
    this.#judge.personActed();
    if (this.#parts.maySwipe() && !this.#status.stopped) this.#status.stop('person_acted');
  }

  /** The person lets it go on. */
  resume(): void {
    if (!this.#status.resume()) return;
    this.#judge.resume();
    this.#parts.watcher.poke();
  }

  /** While a verdict is shown or its swipe waits for a permit, the next profiles are scored; those that come later, too. */
  #lookAhead(signal: AbortSignal): void {
    const { page } = this.#parts;
    const update = () => this.#ahead.update(page.upcoming());
    page.onNews(update, signal);
    update();
  }

  /** Acts on the verdict where and when it may; returns when the card is to be looked at again. */
  async #act(profile: ActiveProfile, verdict: Verdict, signal: AbortSignal): Promise<void> {
    const { page, watcher, swiper, clock, maySwipe, isHidden } = this.#parts;
    const status = this.#status;
    const { resumes } = status;
    const free = () => maySwipe() && !status.stopped && !isHidden() && status.resumes === resumes;
    for (;;) {
      await watcher.until(() => {
        if (status.resumes !== resumes) return true;
        if (isHidden()) return status.wait('tab_hidden');
        status.clear();
        return free();
      }, signal);
      if (status.resumes !== resumes) return;
      const { swipe } = verdict.decision;
      if (swipe === 'hold') {
        status.stop('hold', missingPhotos(verdict.photos).join(', '), profile.key);
        this.#countOnce('held', profile);
        continue;
      }
      await swiper.settled(); // a press of the session before may still wait to be confirmed, and then stop this one
      await this.#deck.profile(signal);
      await this.#controlAppears(swipe, signal);
      const permit = await this.#permits.get(swipe, free, signal);
      if (!permit) continue;
      if ('refused' in permit) {
        status.stop(permit.refused, permit.detail);
        continue;
      }
      if (!free()) {
        this.#permits.release(permit.id);
        continue;
      }
      // A photo that the page had not shown yet is one that the verdict does not know.
      if (swipe === 'left' && page.photoCount(profile) !== verdict.photos.length) {
        this.#permits.release(permit.id);
        return;
      }
      // From the permit to the press nothing is waited for.
      const outcome = await swiper.swipe(page, profile, swipe, clock.deadline);
      if (outcome === 'swiped') return status.count(swipe, permit.id);
      this.#permits.release(permit.id, outcome !== 'gone' && outcome.pressed);
      if (outcome === 'gone') return;
      status.stop(outcome.stop, outcome.detail, profile.key); // for the next session, where this one has ended
      this.#signal.throwIfAborted();
    }
  }

  /** Waits a moment for the swipe's button: a page may be rendering it anew. What follows looks for itself. */
  async #controlAppears(swipe: Swipe, signal: AbortSignal): Promise<void> {
    const { page, watcher, clock } = this.#parts;
    const late = clock.deadline(CONTROL_MS);
    try {
      await watcher.until(() => page.swipeButton(swipe), AbortSignal.any([signal, late]));
    } catch (error) {
      if (!late.aborted || signal.aborted) throw error;
    }
  }

  #countOnce(what: 'seen' | 'held', { key }: ActiveProfile): void {
    if (this.#counted[what] === key) return;
    this.#counted[what] = key;
    this.#status.count(what);
  }
}
