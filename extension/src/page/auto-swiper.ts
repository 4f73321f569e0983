import type { Clock } from '../clock.ts';
import type { Reason } from '../reasons.ts';
import type { ActiveProfile, SitePage, Swipe } from '../sites/site-adapter.ts';
import { until } from '../sites/until.ts';

/** A card that is still there after this long was not swiped. */
const VERIFY_MS = 4_000;

/** What became of a swipe: the page confirmed it; its card was gone before; or the reason to stop. */
export type SwipeOutcome = 'swiped' | 'gone' | { readonly stop: Reason };

/**
 * Swipes by the site's own button, once, and waits for the page to confirm it by another card (or the deck's end): a
 * click that did nothing is never counted, and no second way is tried. What could cost money is refused, whatever the
 * adapter took it for.
 *
 * There is one for a page's whole life, not for a session: a click that was made must be confirmed before another one,
 * also when the person has switched off and on again in between.
 */
export class AutoSwiper {
  readonly #document: Document;
  readonly #clock: Clock;
  readonly #onPersonAct: (document: Document, acted: () => void, signal: AbortSignal) => void;
  readonly #lifetime: AbortSignal;
  #pending: Promise<unknown> = Promise.resolve();

  /** @param options `lifetime` aborts when this script's time is over. */
  constructor(options: {
    readonly document: Document;
    readonly clock: Clock;
    readonly onPersonAct: (document: Document, acted: () => void, signal: AbortSignal) => void;
    readonly lifetime: AbortSignal;
  }) {
    this.#document = options.document;
    this.#clock = options.clock;
    this.#onPersonAct = options.onPersonAct;
    this.#lifetime = options.lifetime;
  }

  /** Resolves when no click of ours waits to be confirmed. */
  async settled(): Promise<void> {
    await this.#pending.catch(() => {});
  }

  /** Swipes the active profile; see the class. Rejects only when this script's time is over. */
  swipe(page: SitePage, profile: ActiveProfile, swipe: Swipe): Promise<SwipeOutcome> {
    const swiping = this.#swipe(page, profile, swipe);
    this.#pending = swiping;
    return swiping;
  }

  async #swipe(page: SitePage, profile: ActiveProfile, swipe: Swipe): Promise<SwipeOutcome> {
    const view = page.view();
    if (view.kind !== 'profile' || view.profile.key !== profile.key) return 'gone';
    const button = page.swipeButton(swipe);
    if (!button) return { stop: 'control_missing' };
    if (page.isPaid(button)) return { stop: 'paid_control' };

    const acted = new AbortController();
    const over = new AbortController();
    this.#onPersonAct(this.#document, () => acted.abort(), over.signal);
    button.click();
    const late = this.#clock.deadline(VERIFY_MS);
    try {
      if (hasLeft(page, profile)) return 'swiped';
      const ending = AbortSignal.any([this.#lifetime, late, acted.signal]);
      await until(this.#document, () => hasLeft(page, profile) || undefined, ending);
      return 'swiped';
    } catch (error) {
      // From here on nobody could tell whose hand moved the card: it is not counted as ours.
      if (acted.signal.aborted) return { stop: 'person_acted' };
      if (late.aborted && !this.#lifetime.aborted) return { stop: 'swipe_unverified' };
      throw error;
    } finally {
      over.abort();
    }
  }
}

/** No card for a moment is a re-render; another card or the deck's end is a swipe. */
function hasLeft(page: SitePage, { key }: ActiveProfile): boolean {
  const active = page.activeProfile();
  return active ? active.key !== key : page.ended();
}
