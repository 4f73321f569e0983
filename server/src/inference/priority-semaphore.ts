import type { Priority } from '@swipenet/shared/contract/score.ts';

/** How to treat one task. */
export interface PermitOptions {
  readonly priority: Priority;
  /** A task whose signal aborts before it gets its permit never starts. */
  readonly signal: AbortSignal;
}

/**
 * Limits how many tasks run at a time. The others wait for a permit, `now` before `ahead`. So `ahead` delays `now` by
 * at most the tasks in progress, just like in the batcher.
 */
export class PrioritySemaphore {
  readonly #waiting: Record<Priority, Set<() => void>> = { now: new Set(), ahead: new Set() };
  #free: number;

  constructor(permits: number) {
    this.#free = permits;
  }

  /** The number of tasks waiting for a permit. */
  get waiting(): number {
    return this.#waiting.now.size + this.#waiting.ahead.size;
  }

  /**
   * Waits for a permit, runs the task, and returns its result.
   *
   * @throws (rejects with) the signal's reason as soon as it aborts before the task has its permit; whatever the task
   *   throws.
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
