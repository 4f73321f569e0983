import type { Priority } from '@swipenet/shared/contract/score.ts';
import { OWNER } from '../fairness/fair-shares.ts';
import { type Turn, TurnQueue } from '../fairness/turn-queue.ts';

/** How to treat one task. */
export interface PermitOptions {
  readonly priority: Priority;
  /** A task whose signal aborts before it gets its permit never starts. */
  readonly signal: AbortSignal;
  /** Whose task it is. By default it is the owner's. */
  readonly caller?: string | undefined;
  /** When its result stops being of use, by the server's clock. An engine on another machine learns it, too. */
  readonly until?: number | undefined;
}

/**
 * Limits how many tasks run at a time. The others wait for a permit, in the order of their turns: callers alternate, and
 * a caller's `now` tasks go before its `ahead` tasks. So `ahead` delays `now` by at most the tasks in progress, just like
 * in the batcher. If there are several permits, devices leave one for the owner.
 */
export class PrioritySemaphore {
  readonly #waiting = new TurnQueue<() => void>();
  readonly #maxOfDevices: number;
  #free: number;
  #ofDevices = 0;

  constructor(permits: number) {
    this.#free = permits;
    this.#maxOfDevices = Math.max(permits - 1, 1);
  }

  /** The number of tasks waiting for a permit. */
  get waiting(): number {
    return this.#waiting.count();
  }

  /**
   * Waits for a permit, runs the task, and returns its result.
   *
   * @throws (rejects with) the signal's reason as soon as it aborts before the task has its permit; whatever the task
   *   throws.
   */
  async withPermit<Result>(
    task: () => Promise<Result>,
    { priority, signal, caller = OWNER }: PermitOptions,
  ): Promise<Result> {
    signal.throwIfAborted();
    if (this.#hasPermitFor(caller)) this.#take(caller, 1);
    else await this.#wait({ caller, priority }, signal);
    try {
      return await task();
    } finally {
      this.#take(caller, -1);
      const next = this.#waiting.next((turn) => this.#hasPermitFor(turn.caller));
      if (next) {
        this.#take(next.turn.caller, 1);
        next.item();
      }
    }
  }

  #hasPermitFor(caller: string): boolean {
    return this.#free > 0 && (caller === OWNER || this.#ofDevices < this.#maxOfDevices);
  }

  #take(caller: string, permits: 1 | -1): void {
    this.#free -= permits;
    if (caller !== OWNER) this.#ofDevices += permits;
  }

  /** Waits until another task hands its permit over. */
  #wait(turn: Turn, signal: AbortSignal): Promise<void> {
    const permit = Promise.withResolvers<void>();
    const begin = () => {
      signal.removeEventListener('abort', leave);
      permit.resolve();
    };
    const leave = () => {
      this.#waiting.delete(begin, turn);
      permit.reject(signal.reason);
    };
    this.#waiting.add(begin, turn);
    signal.addEventListener('abort', leave, { once: true });
    return permit.promise;
  }
}
