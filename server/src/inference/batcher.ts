import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { Priority } from '@swipenet/shared/contract/score.ts';

/** Whatever runs batches: an engine seen from the batcher. */
export interface BatchRunner<Item, Result> {
  /** True while it could take a batch at once, were it not busy. */
  readonly alive: boolean;
  /** Resolves when it can take a batch; rejects when it never will again. */
  ready(): Promise<void>;
  /** Runs a batch: one result an item, in order; an `Error` in an item's place rejects that item alone. */
  run(items: readonly Item[]): Promise<readonly (Result | Error)[]>;
}

/**
 * Why a batch left: `size`, it was full; `engine_idle`, an engine was free and took what waited; `close`, what was left
 * went out while the batcher closed.
 */
export type FlushReason = 'size' | 'engine_idle' | 'close';

/** The batcher's bounds and its ear. */
export interface BatcherOptions {
  /** The most items in one batch. */
  readonly maxBatch: number;
  /** The most items that wait; one more is refused at once. */
  readonly maxWaiting: number;
  /** Told of each batch as it leaves. */
  readonly onFlush?: (flush: { reason: FlushReason; size: number }) => void;
  /** Told of each batch as it comes back; `failed` when its engine gave no answer. */
  readonly onEnd?: (end: { size: number; failed: boolean }) => void;
}

/** How one item wants to be treated. */
export interface SubmitOptions {
  readonly priority: Priority;
  /** Past its deadline or no longer wanted: the item is dropped, and rejected with the signal's reason. */
  readonly signal: AbortSignal;
  /** Called once, when the item leaves the queue for an engine. */
  readonly onStart?: () => void;
}

/** Counts since the start; at any moment accepted = resolved + rejected + waiting + running. */
export interface BatcherCounts {
  readonly accepted: number;
  readonly refused: number;
  readonly resolved: number;
  readonly rejected: number;
  readonly waiting: number;
  readonly running: number;
}

interface Waiter<Item, Result> {
  readonly item: Item;
  readonly priority: Priority;
  readonly promise: PromiseWithResolvers<Result>;
  readonly stopListening: () => void;
  readonly onStart: (() => void) | undefined;
  state: 'waiting' | 'running' | 'settled';
}

/**
 * Gathers single items into batches for engines that run one batch at a time (the dynamic batcher of NVIDIA Triton,
 * with no queue delay): an idle engine takes what waits, at once, and what comes while all are busy leaves together in
 * the next batch. Batching thus costs a lone item nothing and grows by itself with the load.
 *
 * What waits is shared evenly between the engines that are idle, so six photos of one profile run on all of them.
 * `ahead` leaves only when nothing waits that is `now`, in batches of its own: it delays `now` by the batch in progress
 * at the most.
 *
 * Nobody hangs: every submitted item is resolved, or rejected by its signal, by its engine's failure or by closing.
 */
export class Batcher<Item, Result> {
  readonly #options: BatcherOptions;
  readonly #waiting: Record<Priority, Set<Waiter<Item, Result>>> = { now: new Set(), ahead: new Set() };
  readonly #idle: BatchRunner<Item, Result>[] = [];
  readonly #closed = Promise.withResolvers<void>();
  #closing = false;
  #flushIsDue = false;
  #runners: number;
  #counts = { accepted: 0, refused: 0, resolved: 0, rejected: 0, running: 0 };

  constructor(runners: readonly BatchRunner<Item, Result>[], options: BatcherOptions) {
    this.#options = options;
    this.#runners = runners.length;
    for (const runner of runners) this.#enlist(runner);
  }

  /** See {@link BatcherCounts}. */
  get counts(): BatcherCounts {
    return { ...this.#counts, waiting: this.#waitingCount };
  }

  /**
   * Gives an item to the next batch.
   *
   * @throws (rejects with) SwipenetError `queue_full` or `shutting_down` at once; the signal's reason; the item's own
   *   error; the engine's error when its whole batch failed.
   */
  submit(item: Item, { priority, signal, onStart }: SubmitOptions): Promise<Result> {
    const promise = Promise.withResolvers<Result>();
    const refusal = this.#refusal(signal);
    if (refusal) {
      this.#counts.refused += 1;
      promise.reject(refusal);
      return promise.promise;
    }
    const drop = () => this.#settle(waiter, () => promise.reject(signal.reason), 'rejected');
    const stopListening = () => signal.removeEventListener('abort', drop);
    const waiter: Waiter<Item, Result> = { item, priority, promise, stopListening, onStart, state: 'waiting' };
    signal.addEventListener('abort', drop);
    this.#counts.accepted += 1;
    this.#waiting[priority].add(waiter);
    this.#flushSoon();
    return promise.promise;
  }

  /** Takes in no more, runs what waits, then resolves. */
  close(): Promise<void> {
    this.#closing = true;
    this.#flushSoon();
    this.#finishClosing();
    return this.#closed.promise;
  }

  get #waitingCount(): number {
    return this.#waiting.now.size + this.#waiting.ahead.size;
  }

  /** Why an item is not taken in, or `undefined` where it is. */
  #refusal(signal: AbortSignal): unknown {
    if (this.#closing) return new SwipenetError('shutting_down', 'the server is shutting down');
    if (this.#runners === 0) return new SwipenetError('engine_failed', 'no engine is left');
    if (signal.aborted) return signal.reason;
    if (this.#waitingCount < this.#options.maxWaiting) return undefined;
    return new SwipenetError('queue_full', `${this.#options.maxWaiting} photos are waiting already`);
  }

  /** Puts a runner among the idle as soon as it is ready; one that never will be again is struck off. */
  #enlist(runner: BatchRunner<Item, Result>): void {
    runner.ready().then(
      () => {
        this.#idle.push(runner);
        this.#flushSoon();
      },
      (cause) => this.#strikeOff(cause),
    );
  }

  #strikeOff(cause: unknown): void {
    this.#runners -= 1;
    if (this.#runners > 0) return;
    const error = new SwipenetError('engine_failed', 'no engine is left', { cause });
    for (const waiters of Object.values(this.#waiting)) {
      for (const waiter of waiters) this.#finish(waiter, error);
    }
  }

  /** Items submitted one after the other in one turn of the event loop are looked at together. */
  #flushSoon(): void {
    if (this.#flushIsDue) return;
    this.#flushIsDue = true;
    queueMicrotask(() => {
      this.#flushIsDue = false;
      this.#dismissDead();
      while (this.#idle.length > 0 && this.#waitingCount > 0) this.#flush();
    });
  }

  /** A runner that died while it was idle gets no batch; it is back as soon as it is ready again. */
  #dismissDead(): void {
    for (const runner of this.#idle.filter(({ alive }) => !alive)) {
      this.#idle.splice(this.#idle.indexOf(runner), 1);
      this.#enlist(runner);
    }
  }

  #flush(): void {
    const waiting = this.#waiting.now.size > 0 ? this.#waiting.now : this.#waiting.ahead;
    const share = Math.ceil(waiting.size / this.#idle.length);
    const batch = [...waiting.values().take(Math.min(share, this.#options.maxBatch))];
    for (const waiter of batch) {
      waiting.delete(waiter);
      waiter.state = 'running';
      waiter.onStart?.();
    }
    this.#counts.running += batch.length;
    const full = batch.length === this.#options.maxBatch;
    this.#options.onFlush?.({ reason: full ? 'size' : this.#closing ? 'close' : 'engine_idle', size: batch.length });
    void this.#run(this.#idle.shift()!, batch);
  }

  async #run(runner: BatchRunner<Item, Result>, batch: readonly Waiter<Item, Result>[]): Promise<void> {
    const results = await runFully(
      runner,
      batch.map(({ item }) => item),
    );
    this.#options.onEnd?.({ size: batch.length, failed: results.every((result) => result instanceof Error) });
    for (const [index, waiter] of batch.entries()) this.#finish(waiter, results[index]!);
    this.#enlist(runner);
  }

  #finish(waiter: Waiter<Item, Result>, result: Result | Error): void {
    if (result instanceof Error) this.#settle(waiter, () => waiter.promise.reject(result), 'rejected');
    else this.#settle(waiter, () => waiter.promise.resolve(result), 'resolved');
  }

  /** The one way out for an item, taken once: an item that was dropped while its batch ran is settled already. */
  #settle(waiter: Waiter<Item, Result>, deliver: () => void, outcome: 'resolved' | 'rejected'): void {
    if (waiter.state === 'settled') return;
    if (waiter.state === 'running') this.#counts.running -= 1;
    this.#waiting[waiter.priority].delete(waiter);
    waiter.state = 'settled';
    waiter.stopListening();
    this.#counts[outcome] += 1;
    deliver();
    this.#finishClosing();
  }

  #finishClosing(): void {
    if (this.#closing && this.#waitingCount + this.#counts.running === 0) this.#closed.resolve();
  }
}

/** Runs a batch so that there is a result for every item, whatever the runner does. */
async function runFully<Item, Result>(
  runner: BatchRunner<Item, Result>,
  items: readonly Item[],
): Promise<readonly (Result | Error)[]> {
  try {
    const results = await runner.run(items);
    if (results.length === items.length) return results;
    throw new SwipenetError('engine_failed', `the engine gave ${results.length} results for ${items.length} photos`);
  } catch (error) {
    return items.map(() => (error instanceof Error ? error : new Error(String(error))));
  }
}
