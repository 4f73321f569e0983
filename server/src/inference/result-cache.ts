import type { Priority } from '@swipenet/shared/contract/score.ts';
import { OWNER } from '../fairness/fair-shares.ts';
import type { PermitOptions } from './priority-semaphore.ts';

/** Statistics of a cache since the start. */
export interface CacheCounts {
  /** Lookups answered from a stored result. */
  readonly hits: number;
  /** Lookups that joined a computation in progress. */
  readonly joined: number;
  /** Lookups that started a computation. */
  readonly misses: number;
  /** Results that are stored now. */
  readonly kept: number;
}

/** A computation in progress and its waiters. */
interface Work<Value> {
  readonly result: PromiseWithResolvers<Value>;
  /** Aborts the attempts that are still running, once nobody wants the result or another attempt has it. */
  readonly controller: AbortController;
  waiters: number;
  /** The attempts that are still running. */
  attempts: number;
  /** Who has started an attempt, and how urgent their most urgent one is. */
  readonly startedBy: Map<string, Priority>;
}

/**
 * Computes each key once. It keeps results and evicts the least recently used one first. A lookup of a key that is
 * being computed joins that computation. A caller who leaves doesn't fail the others, and the last one to leave aborts
 * the computation. A failure goes to every waiter and isn't kept.
 *
 * If a key is being computed `ahead` and is then looked up `now`, it is started again as `now`. It is also started again
 * for another caller, who would otherwise have to wait for the first one's turn. The first attempt to finish aborts the
 * others. The cost is at most another decoding each, while they wait for an engine.
 */
export class ResultCache<Value> {
  readonly #capacity: number;
  readonly #kept = new Map<string, Value>();
  readonly #working = new Map<string, Work<Value>>();
  #counts = { hits: 0, joined: 0, misses: 0 };

  /** @param capacity maximum number of stored results. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get counts(): CacheCounts {
    return { ...this.#counts, kept: this.#kept.size };
  }

  /**
   * Returns the result for a key, and whether it was already stored (`kept`).
   *
   * @throws (rejects with) the signal's reason; whatever `compute` throws.
   */
  async get(
    key: string,
    options: PermitOptions,
    compute: (options: PermitOptions) => Promise<Value>,
  ): Promise<{ value: Value; kept: boolean }> {
    options.signal.throwIfAborted();
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      this.#counts.hits += 1;
      this.#keep(key, kept);
      return { value: kept, kept: true };
    }
    return { value: await this.#join(key, options, compute), kept: false };
  }

  async #join(
    key: string,
    { priority, signal, caller = OWNER }: PermitOptions,
    compute: (options: PermitOptions) => Promise<Value>,
  ) {
    const known = this.#working.get(key);
    const work = known ?? this.#begin(key);
    this.#counts[known ? 'joined' : 'misses'] += 1;
    const started = work.startedBy.get(caller);
    if (!started || (priority === 'now' && started === 'ahead')) {
      work.startedBy.set(caller, priority);
      this.#attempt(key, work, compute({ priority, caller, signal: work.controller.signal }));
    }
    const left = Promise.withResolvers<never>();
    const leave = () => left.reject(signal.reason);
    signal.addEventListener('abort', leave);
    work.waiters += 1;
    try {
      return await Promise.race([work.result.promise, left.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
      work.waiters -= 1;
      if (work.waiters === 0) this.#end(key, work, signal.reason);
    }
  }

  #begin(key: string): Work<Value> {
    const work = {
      result: Promise.withResolvers<Value>(),
      controller: new AbortController(),
      waiters: 0,
      attempts: 0,
      startedBy: new Map<string, Priority>(),
    };
    work.result.promise.catch(() => {}); // nobody may be waiting for it
    this.#working.set(key, work);
    return work;
  }

  /**
   * Runs one attempt. The first one to succeed gives the result. A failure counts only if no other attempt is running.
   */
  #attempt(key: string, work: Work<Value>, attempt: Promise<Value>): void {
    work.attempts += 1;
    attempt.then(
      (value) => {
        if (work.controller.signal.aborted) return;
        this.#keep(key, value);
        work.result.resolve(value);
        this.#end(key, work);
      },
      (error) => {
        work.attempts -= 1;
        if (work.attempts > 0 || work.controller.signal.aborted) return;
        work.result.reject(error);
        this.#end(key, work, error);
      },
    );
  }

  #end(key: string, work: Work<Value>, reason?: unknown): void {
    if (this.#working.get(key) === work) this.#working.delete(key);
    work.controller.abort(reason);
  }

  #keep(key: string, value: Value): void {
    this.#kept.delete(key);
    this.#kept.set(key, value);
    if (this.#kept.size > this.#capacity) this.#kept.delete(this.#kept.keys().next().value!);
  }
}

/** Returns a cache of the given capacity, or `undefined` for 0. */
export function cacheOf<Value>(capacity: number): ResultCache<Value> | undefined {
  return capacity > 0 ? new ResultCache<Value>(capacity) : undefined;
}
