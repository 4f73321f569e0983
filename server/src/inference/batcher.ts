import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { Priority } from '@swipenet/shared/contract/score.ts';
import type { BatchEnd, BatcherCounts, BatchRunner, Flush } from './batch.ts';

/** The batcher's bounds and its ear. */
export interface BatcherOptions {
  /** The most items in one batch. */
  readonly maxBatch: number;
  /** The most items that wait; one more is refused at once. */
  readonly maxWaiting: number;
  /** Milliseconds since some moment. */
  readonly now: () => number;
  /** Told of each batch as it leaves. */
  readonly onFlush?: (flush: Flush) => void;
  /** Told of each batch as it ends. */
  readonly onEnd?: (end: BatchEnd) => void;
}

/** How one item wants to be treated. */
export interface SubmitOptions {
  readonly priority: Priority;
  /** Past its deadline or no longer wanted: the item is dropped, and rejected with the signal's reason. */
  readonly signal: AbortSignal;
  /** Called once, when the item leaves the queue for an engine; not when another one takes what that one failed with. */
  readonly onStart?: (() => void) | undefined;
}

interface Waiter<Item, Result> {
  readonly item: Item;
  readonly priority: Priority;
  readonly promise: PromiseWithResolvers<Result>;
  readonly stopListening: () => void;
  readonly onStart: (() => void) | undefined;
  /** Since when it waits. */
  sinceMs: number;
  /** The runner that failed with it once. */
  failedOn?: BatchRunner<Item, Result>;
  state: 'waiting' | 'running' | 'settled';
}

/** What waits, in order: what a runner failed with goes first. */
interface Queue<Item, Result> {
  readonly again: Set<Waiter<Item, Result>>;
  readonly fresh: Set<Waiter<Item, Result>>;
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
 * When an engine fails, what it held waits once more, goes before the others to another engine where one is alive, and
 * each item alone: the one that is too much for an engine then fails without the others.
 *
 * Nobody hangs: every submitted item is resolved, or rejected by its signal, by its engines' failure or by closing.
 */
export class Batcher<Item, Result> {
  readonly #options: BatcherOptions;
  readonly #waiting: Record<Priority, Queue<Item, Result>> = {
    now: { again: new Set(), fresh: new Set() },
    ahead: { again: new Set(), fresh: new Set() },
  };
  readonly #runners: Set<BatchRunner<Item, Result>>;
  readonly #idle: BatchRunner<Item, Result>[] = [];
  readonly #closed = Promise.withResolvers<void>();
  #closing = false;
  #flushIsDue = false;
  #counts = { accepted: 0, refused: 0, resolved: 0, rejected: 0, running: 0, retried: 0 };

  constructor(runners: readonly BatchRunner<Item, Result>[], options: BatcherOptions) {
    this.#options = options;
    this.#runners = new Set(runners);
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
   *   error; the engine's error when it failed with the item for the second time.
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
    const sinceMs = this.#options.now();
    const waiter: Waiter<Item, Result> = {
      item,
      priority,
      promise,
      stopListening,
      onStart,
      sinceMs,
      state: 'waiting',
    };
    signal.addEventListener('abort', drop);
    this.#counts.accepted += 1;
    this.#waiting[priority].fresh.add(waiter);
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
    const { now, ahead } = this.#waiting;
    return now.again.size + now.fresh.size + ahead.again.size + ahead.fresh.size;
  }

  /** Why an item is not taken in, or `undefined` where it is. */
  #refusal(signal: AbortSignal): unknown {
    if (this.#closing) return new SwipenetError('shutting_down', 'the server is shutting down');
    if (this.#runners.size === 0) return new SwipenetError('engine_failed', 'no engine is left');
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
      (cause) => this.#strikeOff(runner, cause),
    );
  }

  #strikeOff(runner: BatchRunner<Item, Result>, cause: unknown): void {
    this.#runners.delete(runner);
    this.#flushSoon(); // what failed on another may have waited for this one
    if (this.#runners.size > 0) return;
    const error = new SwipenetError('engine_failed', 'no engine is left', { cause });
    for (const { again, fresh } of Object.values(this.#waiting)) {
      for (const waiter of [...again, ...fresh]) this.#finish(waiter, error);
    }
  }

  /** Items submitted one after the other in one turn of the event loop are looked at together. */
  #flushSoon(): void {
    if (this.#flushIsDue) return;
    this.#flushIsDue = true;
    queueMicrotask(() => {
      this.#flushIsDue = false;
      this.#dismissDead();
      while (this.#idle.length > 0 && this.#flush());
    });
  }

  /** A runner that died while it was idle gets no batch; it is back as soon as it is ready again. */
  #dismissDead(): void {
    for (const runner of this.#idle.filter(({ alive }) => !alive)) {
      this.#idle.splice(this.#idle.indexOf(runner), 1);
      this.#enlist(runner);
    }
  }

  /** Sends off one batch, if there is one that an idle runner may take. */
  #flush(): boolean {
    const { now, ahead } = this.#waiting;
    const { again, fresh } = now.again.size + now.fresh.size > 0 ? now : ahead;
    for (const waiter of again) {
      const runner = this.#runnerFor(waiter);
      if (runner) return this.#leave(runner, [waiter]);
    }
    if (fresh.size === 0) return false;
    const share = Math.ceil(fresh.size / this.#idle.length);
    return this.#leave(this.#idle[0]!, [...fresh.values().take(Math.min(share, this.#options.maxBatch))]);
  }

  /** An idle runner for an item that one failed with: another, unless no other is alive. */
  #runnerFor({ failedOn }: Waiter<Item, Result>): BatchRunner<Item, Result> | undefined {
    const other = this.#idle.find((runner) => runner !== failedOn);
    if (other) return other;
    const otherToCome = [...this.#runners].some((runner) => runner !== failedOn && runner.alive);
    return otherToCome ? undefined : this.#idle[0];
  }

  #leave(runner: BatchRunner<Item, Result>, batch: readonly Waiter<Item, Result>[]): true {
    const { maxBatch, now, onFlush } = this.#options;
    this.#idle.splice(this.#idle.indexOf(runner), 1);
    let waitedMs = 0;
    for (const waiter of batch) {
      this.#forget(waiter);
      waiter.state = 'running';
      waitedMs += now() - waiter.sinceMs;
      if (!waiter.failedOn) waiter.onStart?.();
    }
    this.#counts.running += batch.length;
    const reason = batch.length === maxBatch ? 'size' : this.#closing ? 'close' : 'engine_idle';
    onFlush?.({ reason, size: batch.length, waitedMs });
    void this.#run(runner, batch);
    return true;
  }

  async #run(runner: BatchRunner<Item, Result>, batch: readonly Waiter<Item, Result>[]): Promise<void> {
    const { now, onEnd } = this.#options;
    const begin = now();
    const items = batch.map(({ item }) => item);
    const results = await runFully(runner, items).catch((error: unknown) => asError(error));
    const failed = results instanceof Error;
    onEnd?.({ size: batch.length, computeMs: now() - begin, failed });
    for (const [index, waiter] of batch.entries()) {
      if (!failed) this.#finish(waiter, results[index]!);
      else if (waiter.failedOn) this.#finish(waiter, results);
      else this.#waitAgain(waiter, runner);
    }
    this.#enlist(runner);
    this.#flushSoon(); // another runner may have to take what this one failed with
  }

  #waitAgain(waiter: Waiter<Item, Result>, runner: BatchRunner<Item, Result>): void {
    if (waiter.state === 'settled') return;
    waiter.state = 'waiting';
    waiter.failedOn = runner;
    waiter.sinceMs = this.#options.now();
    this.#counts.running -= 1;
    this.#counts.retried += 1;
    this.#waiting[waiter.priority].again.add(waiter);
  }

  #forget(waiter: Waiter<Item, Result>): void {
    const { again, fresh } = this.#waiting[waiter.priority];
    again.delete(waiter);
    fresh.delete(waiter);
  }

  #finish(waiter: Waiter<Item, Result>, result: Result | Error): void {
    if (result instanceof Error) this.#settle(waiter, () => waiter.promise.reject(result), 'rejected');
    else this.#settle(waiter, () => waiter.promise.resolve(result), 'resolved');
  }

  /** The one way out for an item, taken once: an item that was dropped while its batch ran is settled already. */
  #settle(waiter: Waiter<Item, Result>, deliver: () => void, outcome: 'resolved' | 'rejected'): void {
    if (waiter.state === 'settled') return;
    if (waiter.state === 'running') this.#counts.running -= 1;
    this.#forget(waiter);
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

/** Runs a batch, and holds the runner to one result an item. */
async function runFully<Item, Result>(
  runner: BatchRunner<Item, Result>,
  items: readonly Item[],
): Promise<readonly (Result | Error)[]> {
  const results = await runner.run(items);
  if (results.length === items.length) return results;
  throw new SwipenetError('engine_failed', `the engine gave ${results.length} results for ${items.length} photos`);
}

const asError = (thrown: unknown) => (thrown instanceof Error ? thrown : new Error(String(thrown)));
