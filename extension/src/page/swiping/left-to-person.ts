import type { Verdict } from '../../messages.ts';
import type { ActiveProfile } from '../../sites/site-adapter.ts';
import type { Settings } from '../../storage/settings.ts';

/** Why a card that could be swiped is left to the person. Each value is also a reason (`extension/src/reasons.ts`). */
export type LeftReason = 'spot_check' | 'close_call';

/** What it takes to decide which cards are left to the person. */
export interface LeftToPersonParts {
  readonly mode: () => Settings['mode'];
  /** Draws whether a card is a spot check. */
  readonly drawsSpotCheck: () => boolean;
  /** True if close calls are left to the person. */
  readonly asks: () => boolean;
}

/**
 * Decides which cards are left to the person, and whether the verdict stays hidden. In Learn, all of them are, and it
 * does. In Swipe, a few random cards are spot checks, which keep the agreement honest: their verdicts are hidden, too.
 * Close calls teach the most, so the person is asked about them, and they may see the verdict.
 */
export class LeftToPerson {
  readonly #parts: LeftToPersonParts;
  #card = { key: '', isSpotCheck: false, isExcused: false };

  constructor(parts: LeftToPersonParts) {
    this.#parts = parts;
  }

  /** Draws the lot for a card. The same card keeps it when it is looked at again. */
  begin({ key }: ActiveProfile): void {
    if (this.#card.key === key) return;
    const isSpotCheck = this.#parts.mode() === 'swipe' && this.#parts.drawsSpotCheck();
    this.#card = { key, isSpotCheck, isExcused: false };
  }

  /** True while the verdict on the current card must stay hidden. */
  get isHidden(): boolean {
    const mode = this.#parts.mode();
    return mode === 'learn' || (mode === 'swipe' && this.#isSpotCheck);
  }

  /** Returns why the current card is left to the person, or undefined if Swipenet may swipe it. */
  reason({ ask }: Verdict): LeftReason | undefined {
    if (this.#isSpotCheck) return 'spot_check';
    return ask === true && !this.#card.isExcused && this.#parts.asks() ? 'close_call' : undefined;
  }

  /** The person would rather have Swipenet swipe this card. */
  excuse(): void {
    this.#card.isExcused = true;
  }

  get #isSpotCheck(): boolean {
    return this.#card.isSpotCheck && !this.#card.isExcused;
  }
}
