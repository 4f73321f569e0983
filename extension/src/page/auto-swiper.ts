import type { Clock } from '../clock.ts';
import type { Reason } from '../reasons.ts';
import { until } from '../sites/dom/until.ts';
import type { ActiveProfile, SitePage, Swipe } from '../sites/site-adapter.ts';

/** A swipe that the page has not confirmed after this long was none. */
const VERIFY_MS = 10_000;

/**
 * What became of a swipe: the page confirmed it; its card was gone before; or the reason to stop, and whether anything had
 * been pressed by then.
 */
export type SwipeOutcome =
  | 'swiped'
  | 'gone'
  | { readonly stop: Reason; readonly detail?: string; readonly pressed: boolean };

/** What a swiper needs of the world. */
export interface SwiperWorld {
  readonly document: Document;
  readonly onPersonAct: (document: Document, acted: () => void, signal: AbortSignal) => void;
  /** Aborts when this script's time is over. */
  readonly lifetime: AbortSignal;
}

/**
 * Swipes once, by the button that the adapter proves in the very turn of the press, and waits for the page to confirm it: by
 * another card (or the deck's end), and by the answer to the page's own request where such requests are observed. A press
 * that did nothing is never counted, and no second way is tried.
 *
 * There is one for a page's whole life, not for a session: a press that was made must be confirmed before another one,
 * also when the person has switched off and on again in between.
 */
export class AutoSwiper {
  readonly #world: SwiperWorld;
  #pending: Promise<unknown> = Promise.resolve();

  constructor(world: SwiperWorld) {
    this.#world = world;
  }

  /** Resolves when no press of ours waits to be confirmed. */
  async settled(): Promise<void> {
    await this.#pending.catch(() => {});
  }

  /**
   * Swipes the active profile; see the class. Up to the press it takes no time, so what was checked before the call still
   * holds then. Rejects only when this script's time is over.
   */
  swipe(
    page: SitePage,
    profile: ActiveProfile,
    verdict: { readonly swipe: Swipe; readonly scoredPhotos: number },
    deadline: Clock['deadline'],
  ): Promise<SwipeOutcome> {
    const swiping = this.#swipe(page, profile, verdict, deadline);
    this.#pending = swiping;
    return swiping;
  }

  async #swipe(
    page: SitePage,
    profile: ActiveProfile,
    { swipe, scoredPhotos }: { readonly swipe: Swipe; readonly scoredPhotos: number },
    deadline: Clock['deadline'],
  ): Promise<SwipeOutcome> {
    const view = page.view();
    if (view.kind !== 'profile' || view.profile.key !== profile.key) return 'gone';
    const proof = page.prove(profile, swipe, scoredPhotos);
    if ('stop' in proof) return { ...proof, pressed: false };

    const { document, onPersonAct, lifetime } = this.#world;
    const acted = new AbortController();
    const over = new AbortController();
    const { begun, look } = confirmation(page, profile, swipe);
    // Once the page has made the request, whose swipe it was is beyond doubt, whatever the person does to the next card.
    onPersonAct(document, () => begun() || acted.abort(), over.signal);
    proof.press();
    const late = deadline(VERIFY_MS);
    try {
      const ending = AbortSignal.any([lifetime, late, acted.signal]);
      return look() ?? (await until(document, look, ending, (again, signal) => page.onNews(again, signal)));
    } catch (error) {
      // From here on nobody could tell whose hand moved the card: it is not counted as ours.
      if (acted.signal.aborted) return { stop: 'person_acted', pressed: true };
      if (!late.aborted || lifetime.aborted) throw error;
      const now = page.view();
      return { stop: now.kind === 'obstacle' ? now.obstacle : 'swipe_unverified', pressed: true };
    } finally {
      over.abort();
    }
  }
}

/** Looks whether the page has confirmed a swipe, or refused it; begun before the press. */
function confirmation(
  page: SitePage,
  profile: ActiveProfile,
  swipe: Swipe,
): { begun: () => boolean; look: () => SwipeOutcome | undefined } {
  const call = page.watchSwipe(profile);
  return {
    /** The page has made its own request for this very swipe. */
    begun: () => {
      const made = call();
      return made !== undefined && made.state !== 'expected' && made.swipe === swipe;
    },
    look: () => {
      const made = call();
      if (made?.state === 'failed') return { stop: 'swipe_failed', pressed: true };
      if (!hasLeft(page, profile, made?.state === 'answered')) return undefined;
      if (!made) return 'swiped'; // such requests are not observed here: the card is all there is to see
      if (made.state !== 'answered') return undefined;
      return made.swipe === swipe ? 'swiped' : { stop: 'swipe_unverified', pressed: true };
    },
  };
}

/**
 * Another card or the deck's end is a swipe. No card for a moment is a re-render; where the request was answered it is a
 * swipe all the same: the next people may be on their way, or the end be one that the adapter cannot tell from that.
 */
function hasLeft(page: SitePage, { key }: ActiveProfile, answered: boolean): boolean {
  const active = page.activeProfile();
  return active ? active.key !== key : answered || page.ended();
}
