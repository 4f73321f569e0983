import type { Priority } from '@swipenet/shared/contract/score.ts';

/** How one task wants to be treated. */
export interface PermitOptions {
  readonly priority: Priority;
  /** A task that is no longer wanted when its permit comes never begins. */
  readonly signal: AbortSignal;
}

/**
 * Lets a fixed number of tasks run at a time; the others wait for a permit, `now` before `ahead`. So `ahead` delays `now`
 * by the tasks in progress at most, before the batcher as in it.
 */
export class PrioritySemaphore {
  readonly #waiting: Record<Priority, Set<() => void>> = { now: new Set(), ahead: new Set() };
  #free: number;

  constructor(permits: number) {
    this.#free = permits;
  }

  /** Tasks that wait for a permit. */
  get waiting(): number {
    return this.#waiting.now.size + this.#waiting.ahead.size;
  }

  /**
   * Runs a task as soon as it has a permit, and returns its result.
   *
   * @throws (rejects with) the signal's reason, at once, when it aborts before the permit comes; what the task throws.
   */
  async withPermit<Result>(task: () => Promise<Result>, { priority, signal }: PermitOptions): Promise<Result> {
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
    const permit = Promise.withResolvers<void>();
    const queue = this.#waiting[priority];
    const begin = () => {
      queue.delete(begin);
      signal.removeEventListener('abort', leave);
      permit.resolve();
    };
    const leave = () => {
      queue.delete(begin);
      permit.reject(signal.reason);
    };
    queue.add(begin);
    signal.addEventListener('abort', leave, { once: true });
    return permit.promise;
  }
}
