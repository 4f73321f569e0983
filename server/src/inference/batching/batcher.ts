import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { OWNER } from '../../fairness/fair-shares.ts';
import { type Turn, TurnQueue } from '../../fairness/turn-queue.ts';
import type { PermitOptions } from '../priority-semaphore.ts';
import type { BatchEnd, BatcherCounts, BatchOptions, BatchRunner, Flush } from './batch.ts';
import { RunnerLoads } from './runner-loads.ts';

/** Limits and callbacks of a batcher. */
export interface BatcherOptions {
  /** The maximum number of items in one batch. */
  readonly maxBatch: number;
  /**
   * Smaller batches are padded to this many items and cost as much, so a batch takes this many before another engine
   * gets any. 1 by default.
   */
  readonly smallestBatch?: number;
  /** The maximum number of waiting items. Any more are rejected immediately. */
  readonly maxWaiting: number;
  /** The current time in milliseconds, from any starting point. */
  readonly now: () => number;
  /** Called when a batch is sent to an engine. */
  readonly onFlush?: (flush: Flush) => void;
  /** Called when a batch finishes. */
  readonly onEnd?: (end: BatchEnd) => void;
}

/** How to treat one item. */
export interface SubmitOptions extends PermitOptions {
  /** Called once, when the item is first sent to an engine. A retry on another engine doesn't call it again. */
  readonly onStart?: (() => void) | undefined;
}

interface Waiter<Item, Result> {
  readonly item: Item;
  readonly turn: Turn;
  readonly promise: PromiseWithResolvers<Result>;
  readonly stopListening: () => void;
  readonly onStart: (() => void) | undefined;
  readonly until: number | undefined;
  /** When it started waiting. */
  sinceMs: number;
  /** The runner that failed on the first try. */
  failedOn?: BatchRunner<Item, Result>;
  state: 'waiting' | 'running' | 'settled';
}

/**
 * Groups single items into batches for engines that run one batch at a time, or a few. It works like the dynamic batcher of
 * NVIDIA Triton without a queue delay. An idle engine immediately takes what is waiting, and items that arrive while
 * all engines are busy go into the next batch. A lone item never waits for others, and batches grow with the load.
 *
 * An engine gets at most an even share of all items, waiting and running, so the six photos of one profile use all engines,
 * and the first engine to become idle doesn't take what others could soon begin. If batches are padded (`smallestBatch`),
 * it may get more. Callers take turns (fairness/turn-queue.ts). A caller's `ahead` items run only when none of its `now` items
 * is waiting, in batches of their own. They delay `now` items by at most one running batch.
 *
 * When an engine fails, its items are retried once, before all others and each in a batch of its own. An item that
 * crashes engines then fails alone. A retry goes to another engine if one is alive.
 *
 * Every submitted item settles: it resolves, or it is rejected by its signal, its engines' failure or closing.
 */
export class Batcher<Item, Result> {
  readonly #options: BatcherOptions;
  readonly #retries = new TurnQueue<Waiter<Item, Result>>();
  readonly #fresh = new TurnQueue<Waiter<Item, Result>>();
  readonly #runners: Set<BatchRunner<Item, Result>>;
  readonly #idle: BatchRunner<Item, Result>[] = [];
  readonly #loads = new RunnerLoads<BatchRunner<Item, Result>>();
  readonly #closed = Promise.withResolvers<void>();
  #closing = false;
  #flushIsDue = false;
  #counts = { accepted: 0, refused: 0, resolved: 0, rejected: 0, running: 0, retried: 0 };

  constructor(runners: readonly BatchRunner<Item, Result>[], options: BatcherOptions) {
    this.#options = options;
    this.#runners = new Set(runners);
    for (const runner of runners) for (let slot = 0; slot < (runner.slots ?? 1); slot += 1) this.#awaitReady(runner);
  }

  get counts(): BatcherCounts {
    return { ...this.#counts, waiting: this.#waitingCount };
  }

  /**
   * Queues an item for the next batch.
   *
   * @throws (rejects with) SwipenetError `queue_full` or `shutting_down` immediately; the signal's reason; the item's
   *   own error; the engine's error if the retry fails as well.
   */
  submit(item: Item, { priority, signal, caller = OWNER, until, onStart }: SubmitOptions): Promise<Result> {
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
      turn: { caller, priority },
      promise,
      stopListening,
      ...{ onStart, until },
      sinceMs,
      state: 'waiting',
    };
    signal.addEventListener('abort', drop);
    this.#counts.accepted += 1;
    this.#fresh.add(waiter, waiter.turn);
    this.#flushSoon();
    return promise.promise;
  }

  /** Stops accepting items, runs the waiting ones, then resolves. */
  close(): Promise<void> {
    this.#closing = true;
    this.#flushSoon();
    this.#finishClosing();
    return this.#closed.promise;
  }

  get #waitingCount(): number {
    return this.#retries.count() + this.#fresh.count();
  }

  /** Returns why an item is refused, or `undefined` if it is accepted. */
  #refusal(signal: AbortSignal): unknown {
    if (this.#closing) return new SwipenetError('shutting_down', 'the server is shutting down');
    if (this.#runners.size === 0) return new SwipenetError('engine_failed', 'no engine is left');
    if (signal.aborted) return signal.reason;
    if (this.#waitingCount < this.#options.maxWaiting) return undefined;
    return new SwipenetError('queue_full', `${this.#options.maxWaiting} photos are already waiting`);
  }

  /** Marks a runner as idle once it is ready, or removes it if it never will be. */
  #awaitReady(runner: BatchRunner<Item, Result>): void {
    runner.ready().then(
      () => {
        this.#idle.push(runner);
        this.#flushSoon();
      },
      (cause) => this.#remove(runner, cause),
    );
  }

  #remove(runner: BatchRunner<Item, Result>, cause: unknown): void {
    this.#runners.delete(runner);
    this.#flushSoon(); // a retry may have waited for this runner
    if (this.#runners.size > 0) return;
    const error = new SwipenetError('engine_failed', 'no engine is left', { cause });
    for (const waiter of [...this.#retries, ...this.#fresh]) this.#finish(waiter, error);
  }

  /** Flushes in a microtask, so that items submitted in the same tick share a batch. */
  #flushSoon(): void {
    if (this.#flushIsDue) return;
    this.#flushIsDue = true;
    queueMicrotask(() => {
      this.#flushIsDue = false;
      this.#dropDeadRunners();
      while (this.#idle.length > 0 && this.#flush());
    });
  }

  /** Removes idle runners that died. They come back once they are ready again. */
  #dropDeadRunners(): void {
    for (const runner of this.#idle.filter(({ alive }) => !alive)) {
      this.#idle.splice(this.#idle.indexOf(runner), 1);
      this.#awaitReady(runner);
    }
  }

  /** Sends one batch if an idle runner can take one, and returns whether it did. */
  #flush(): boolean {
    for (const waiter of this.#retries) {
      const runner = this.#runnerFor(waiter);
      if (runner) return this.#send(runner, [waiter]);
    }
    const first = this.#fresh.next();
    if (!first) return false;
    const { priority } = first.turn;
    const { maxBatch, smallestBatch = 1 } = this.#options;
    const runner = this.#loads.least(this.#idle)!;
    const share = this.#loads.share(runner, this.#idle, this.#fresh.count(priority) + 1);
    const batch = [first.item];
    while (batch.length < Math.min(Math.max(share, smallestBatch), maxBatch)) {
      const next = this.#fresh.next((turn) => turn.priority === priority);
      if (!next) break;
      batch.push(next.item);
    }
    return this.#send(runner, batch);
  }

  /** Picks an idle runner for a retry: not the one that failed, unless no other is alive. */
  #runnerFor({ failedOn }: Waiter<Item, Result>): BatchRunner<Item, Result> | undefined {
    const other = this.#loads.least(this.#idle.filter((runner) => runner !== failedOn));
    if (other) return other;
    const anotherIsAlive = [...this.#runners].some((runner) => runner !== failedOn && runner.alive);
    return anotherIsAlive ? undefined : this.#idle[0];
  }

  #send(runner: BatchRunner<Item, Result>, batch: readonly Waiter<Item, Result>[]): true {
    const { maxBatch, now, onFlush } = this.#options;
    this.#idle.splice(this.#idle.indexOf(runner), 1);
    let waitedMs = 0;
    for (const waiter of batch) {
      this.#dequeue(waiter);
      waiter.state = 'running';
      waitedMs += now() - waiter.sinceMs;
      if (!waiter.failedOn) waiter.onStart?.();
    }
    this.#counts.running += batch.length;
    this.#loads.add(runner, batch.length);
    const reason = batch.length === maxBatch ? 'size' : this.#closing ? 'close' : 'engine_idle';
    onFlush?.({ reason, size: batch.length, waitedMs });
    void this.#run(runner, batch);
    return true;
  }

  async #run(runner: BatchRunner<Item, Result>, batch: readonly Waiter<Item, Result>[]): Promise<void> {
    const { now, onEnd } = this.#options;
    const begin = now();
    const items = batch.map(({ item }) => item);
    const results = await runFully(runner, items, optionsOf(batch)).catch((error: unknown) => asError(error));
    this.#loads.add(runner, -batch.length);
    const failed = results instanceof Error;
    onEnd?.({ size: batch.length, computeMs: now() - begin, failed });
    for (const [index, waiter] of batch.entries()) {
      if (!failed) this.#finish(waiter, results[index]!);
      else if (waiter.failedOn) this.#finish(waiter, results);
      else this.#retry(waiter, runner);
    }
    this.#awaitReady(runner);
    this.#flushSoon(); // another runner may have to retry this batch
  }

  #retry(waiter: Waiter<Item, Result>, runner: BatchRunner<Item, Result>): void {
    if (waiter.state === 'settled') return;
    waiter.state = 'waiting';
    waiter.failedOn = runner;
    waiter.sinceMs = this.#options.now();
    this.#counts.running -= 1;
    this.#counts.retried += 1;
    this.#retries.add(waiter, waiter.turn);
  }

  #dequeue(waiter: Waiter<Item, Result>): void {
    this.#retries.delete(waiter, waiter.turn);
    this.#fresh.delete(waiter, waiter.turn);
  }

  #finish(waiter: Waiter<Item, Result>, result: Result | Error): void {
    if (result instanceof Error) this.#settle(waiter, () => waiter.promise.reject(result), 'rejected');
    else this.#settle(waiter, () => waiter.promise.resolve(result), 'resolved');
  }

  /** Settles an item exactly once. An item that was dropped while its batch ran is already settled. */
  #settle(waiter: Waiter<Item, Result>, deliver: () => void, outcome: 'resolved' | 'rejected'): void {
    if (waiter.state === 'settled') return;
    if (waiter.state === 'running') this.#counts.running -= 1;
    this.#dequeue(waiter);
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

/** All items of a batch have the same priority. */
const optionsOf = (batch: readonly Pick<Waiter<unknown, unknown>, 'turn' | 'until'>[]): BatchOptions => ({
  priority: batch[0]!.turn.priority,
  until: batch.some(({ until }) => until === undefined) ? undefined : Math.max(...batch.map(({ until = 0 }) => until)),
});

/** Runs a batch and checks that the runner returns one result per item. */
async function runFully<Item, Result>(
  runner: BatchRunner<Item, Result>,
  items: readonly Item[],
  options: BatchOptions,
): Promise<readonly (Result | Error)[]> {
  const results = await runner.run(items, options);
  if (results.length === items.length) return results;
  throw new SwipenetError('engine_failed', `the engine returned ${results.length} results for ${items.length} photos`);
}

const asError = (thrown: unknown) => (thrown instanceof Error ? thrown : new Error(String(thrown)));
