import type { PermitOptions } from './priority-semaphore.ts';

/** How often the cache was asked, since the start. */
export interface CacheCounts {
  /** Answered from what was kept. */
  readonly hits: number;
  /** Joined to the same work that was under way already. */
  readonly joined: number;
  /** Computed. */
  readonly misses: number;
  /** Results kept now. */
  readonly kept: number;
}

/** Work under way for one key, and who waits for it. */
interface Work<Value> {
  readonly result: PromiseWithResolvers<Value>;
  /** Ends the work when nobody wants it any more, or when it is done and a slower attempt at it is left over. */
  readonly over: AbortController;
  waiters: number;
  attempts: number;
  urgent: boolean;
}

/**
 * Computes each key once: results are kept, the least recently used goes first, and whoever asks for what is being
 * computed joins. Work belongs to nobody: one who leaves fails no other, and the last who leaves ends it. A failure is
 * told to all who wait and is not kept.
 *
 * Work that was begun `ahead` and is then wanted `now` is begun again as `now`; the first of the two to end ends the
 * other, which costs no more than a second decoding while one of them still waits for an engine.
 */
export class ResultCache<Value> {
  readonly #capacity: number;
  readonly #kept = new Map<string, Value>();
  readonly #working = new Map<string, Work<Value>>();
  #counts = { hits: 0, joined: 0, misses: 0 };

  /** @param capacity results that are kept. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** See {@link CacheCounts}. */
  get counts(): CacheCounts {
    return { ...this.#counts, kept: this.#kept.size };
  }

  /**
   * The result for a key: kept, being computed, or computed now.
   *
   * @throws (rejects with) the signal's reason; what `compute` throws.
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

  async #join(key: string, { priority, signal }: PermitOptions, compute: (options: PermitOptions) => Promise<Value>) {
    const known = this.#working.get(key);
    const work = known ?? this.#begin(key);
    this.#counts[known ? 'joined' : 'misses'] += 1;
    if (!known || (priority === 'now' && !work.urgent)) {
      work.urgent = priority === 'now';
      this.#attempt(key, work, compute({ priority, signal: work.over.signal }));
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
      over: new AbortController(),
      waiters: 0,
      attempts: 0,
      urgent: false,
    };
    work.result.promise.catch(() => {}); // also when all have left
    this.#working.set(key, work);
    return work;
  }

  /** The first attempt that succeeds is the result; a failure is one only when no other attempt is left. */
  #attempt(key: string, work: Work<Value>, attempt: Promise<Value>): void {
    work.attempts += 1;
    attempt.then(
      (value) => {
        if (work.over.signal.aborted) return;
        this.#keep(key, value);
        work.result.resolve(value);
        this.#end(key, work);
      },
      (error) => {
        work.attempts -= 1;
        if (work.attempts > 0 || work.over.signal.aborted) return;
        work.result.reject(error);
        this.#end(key, work, error);
      },
    );
  }

  #end(key: string, work: Work<Value>, reason?: unknown): void {
    if (this.#working.get(key) === work) this.#working.delete(key);
    work.over.abort(reason);
  }

  #keep(key: string, value: Value): void {
    this.#kept.delete(key);
    this.#kept.set(key, value);
    if (this.#kept.size > this.#capacity) this.#kept.delete(this.#kept.keys().next().value!);
  }
}

/** A cache that keeps so many results; none at all for 0. */
export function cacheOf<Value>(capacity: number): ResultCache<Value> | undefined {
  return capacity > 0 ? new ResultCache<Value>(capacity) : undefined;
}
