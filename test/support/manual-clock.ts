import type { Clock } from '@swipenet/server/clock.ts';

/** A clock that stands still until a test advances it. */
export class ManualClock implements Clock {
  #nowMs = 0;
  readonly #waiting = new Set<{ dueMs: number; resolve: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  delay(ms: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { dueMs: this.#nowMs + ms, resolve };
    this.#waiting.add(waiter);
    signal?.addEventListener('abort', () => {
      this.#waiting.delete(waiter);
      reject(signal.reason);
    });
    return promise;
  }

  /** Pending delays, in milliseconds from now. */
  get delaysMs(): number[] {
    return [...this.#waiting].map(({ dueMs }) => dueMs - this.#nowMs);
  }

  /** Advances the clock and ends the delays that are due. */
  advance(ms: number): void {
    this.#nowMs += ms;
    for (const waiter of this.#waiting) {
      if (waiter.dueMs > this.#nowMs) continue;
      this.#waiting.delete(waiter);
      waiter.resolve();
    }
  }
}
