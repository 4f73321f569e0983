import type { Priority } from '@swipenet/shared/contract/score.ts';

/** How one task wants to be treated. */
export interface TurnOptions {
  readonly priority: Priority;
  /** A task that is no longer wanted when its turn comes never begins. */
  readonly signal: AbortSignal;
}

/**
 * Lets so many tasks run side by side; the others wait their turn, `now` before `ahead`. So `ahead` delays `now` by the
 * tasks in progress at the most, before the batcher as in it.
 */
export class Turns {
  readonly #waiting: Record<Priority, Set<() => void>> = { now: new Set(), ahead: new Set() };
  #free: number;

  constructor(sideBySide: number) {
    this.#free = sideBySide;
  }

  /** Tasks that wait their turn. */
  get waiting(): number {
    return this.#waiting.now.size + this.#waiting.ahead.size;
  }

  /**
   * Runs a task when its turn comes, and gives what it gives.
   *
   * @throws (rejects with) the signal's reason, at once, where it aborts before the turn; what the task throws.
   */
  async take<Result>(task: () => Promise<Result>, { priority, signal }: TurnOptions): Promise<Result> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(priority, signal);
    try {
      return await task();
    } finally {
      const [next] = this.#waiting.now.size > 0 ? this.#waiting.now : this.#waiting.ahead;
      if (next) next();
      else this.#free += 1;
    }
  }

  #wait(priority: Priority, signal: AbortSignal): Promise<void> {
    const turn = Promise.withResolvers<void>();
    const queue = this.#waiting[priority];
    const begin = () => {
      queue.delete(begin);
      signal.removeEventListener('abort', leave);
      turn.resolve();
    };
    const leave = () => {
      queue.delete(begin);
      turn.reject(signal.reason);
    };
    queue.add(begin);
    signal.addEventListener('abort', leave, { once: true });
    return turn.promise;
  }
}
