import type { Clock } from '../../clock.ts';
import type { Reason } from '../../reasons.ts';
import { until } from '../../sites/dom/until.ts';
import type { ActiveProfile, SitePage, Swipe } from '../../sites/site-adapter.ts';

/** A swipe that the page hasn't confirmed after this long didn't happen. */
const VERIFY_MS = 10_000;

/**
 * How a swipe ended: the page confirmed it, the card was gone before the press, or swiping must stop for a reason.
 * `pressed` is true if the button had been pressed by then.
 */
export type SwipeOutcome =
  | 'swiped'
  | 'gone'
  | { readonly stop: Reason; readonly detail?: string; readonly pressed: boolean };

/** A swipe, and how many photos were scored to decide it. Undefined if a rule decided. */
export interface WantedSwipe {
  readonly swipe: Swipe;
  readonly scoredPhotos: number | undefined;
}

/** What a swiper needs from its environment. */
export interface SwiperWorld {
  readonly document: Document;
  readonly onPersonAct: (document: Document, acted: () => void, signal: AbortSignal) => void;
  /** Aborts when this content script must stop. */
  readonly lifetime: AbortSignal;
}

/**
 * Presses the button that the adapter has proven in the same tick, then waits for the page to confirm the swipe.
 * Another card or the end of the deck confirms it. Where the page's own requests are observed, its request must
 * succeed, too. A press that did nothing is never counted, and nothing else is tried.
 *
 * A page has one swiper for its whole life, not one per session. A press must be confirmed before the next one, even if
 * the person has turned swiping off and on again in between.
 */
export class AutoSwiper {
  readonly #world: SwiperWorld;
  #pending: Promise<unknown> = Promise.resolve();

  constructor(world: SwiperWorld) {
    this.#world = world;
  }

  /** Resolves when none of our presses is waiting to be confirmed. */
  async settled(): Promise<void> {
    await this.#pending.catch(() => {});
  }

  /**
   * Swipes the active profile, as the class describes. It presses synchronously, so what the caller has checked still
   * holds. Rejects only when this content script must stop.
   */
  swipe(
    page: SitePage,
    profile: ActiveProfile,
    verdict: WantedSwipe,
    deadline: Clock['deadline'],
  ): Promise<SwipeOutcome> {
    const swiping = this.#swipe(page, profile, verdict, deadline);
    this.#pending = swiping;
    return swiping;
  }

  async #swipe(
    page: SitePage,
    profile: ActiveProfile,
    { swipe, scoredPhotos }: WantedSwipe,
    deadline: Clock['deadline'],
  ): Promise<SwipeOutcome> {
    const view = page.view();
    if (view.kind !== 'profile' || view.profile.key !== profile.key) return 'gone';
    const proof = page.prove(profile, swipe, scoredPhotos);
    if ('stop' in proof) return { ...proof, pressed: false };

    const { document, onPersonAct, lifetime } = this.#world;
    const acted = new AbortController();
    const over = new AbortController();
    const { sent, look } = confirmation(page, profile, swipe);
    // Once the page has sent the request, the swipe is ours beyond doubt, whatever the person does to the next card.
    onPersonAct(document, () => sent() || acted.abort(), over.signal);
    proof.press();
    const late = deadline(VERIFY_MS);
    try {
      const ending = AbortSignal.any([lifetime, late, acted.signal]);
      return look() ?? (await until(document, look, ending, (again, signal) => page.onNews(again, signal)));
    } catch (error) {
      // From here on, either the press or the person may have moved the card, so it isn't counted as ours.
      if (acted.signal.aborted) return { stop: 'person_acted', pressed: true };
      if (!late.aborted || lifetime.aborted) throw error;
      const now = page.view();
      return { stop: now.kind === 'obstacle' ? now.obstacle : 'swipe_unverified', pressed: true };
    } finally {
      over.abort();
    }
  }
}

/** Checks whether the page has confirmed or refused a swipe. Call it before the press. */
function confirmation(
  page: SitePage,
  profile: ActiveProfile,
  swipe: Swipe,
): { sent: () => boolean; look: () => SwipeOutcome | undefined } {
  const latest = page.watchSwipe(profile);
  return {
    /** True once the page has sent its own request for this swipe. */
    sent: () => {
      const call = latest();
      return call !== undefined && call.state !== 'expected' && call.swipe === swipe;
    },
    look: () => {
      const call = latest();
      if (call?.state === 'failed') return { stop: 'swipe_failed', pressed: true };
      if (!hasLeft(page, profile, call?.state === 'answered')) return undefined;
      if (!call) return 'swiped'; // requests aren't observed on this site, so the card is the only evidence
      if (call.state !== 'answered') return undefined;
      return call.swipe === swipe ? 'swiped' : { stop: 'swipe_unverified', pressed: true };
    },
  };
}

/**
 * Another card or the end of the deck means that the card was swiped. A brief moment without a card is just a
 * re-render, unless the request was answered. Then the next profiles are still loading, or the deck has ended in a way
 * that the adapter doesn't recognize.
 */
function hasLeft(page: SitePage, { key }: ActiveProfile, answered: boolean): boolean {
  const active = page.activeProfile();
  return active ? active.key !== key : answered || page.ended();
}
