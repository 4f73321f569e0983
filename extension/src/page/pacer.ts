import type { Clock } from '../clock.ts';

/** Keeps swipes apart by a plain, fixed time: nothing is randomised to look human. */
export class Pacer {
  readonly #clock: Clock;
  readonly #swipesPerMinute: () => number | null;
  #lastMs = Number.NEGATIVE_INFINITY;

  /** @param swipesPerMinute asked before each swipe; null: no pause at all. */
  constructor(clock: Clock, swipesPerMinute: () => number | null) {
    this.#clock = clock;
    this.#swipesPerMinute = swipesPerMinute;
  }

  /** Resolves when the next swipe may be made; the first may at once. */
  async turn(signal: AbortSignal): Promise<void> {
    const perMinute = this.#swipesPerMinute();
    const waitMs = perMinute === null ? 0 : this.#lastMs + 60_000 / perMinute - this.#clock.now();
    if (waitMs > 0) await this.#clock.delay(waitMs, signal);
    signal.throwIfAborted();
  }

  /** A swipe was made: the next one waits from here. */
  swiped(): void {
    this.#lastMs = this.#clock.now();
  }
}
