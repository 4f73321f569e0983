import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { ChildEvents } from '../../child/kept-child.ts';
import type { PhotoCrop } from '../../image/photo-bytes.ts';
import type { Engine, EngineStats, PhotoInference, RunOptions } from '../engine.ts';
import { type ProvenModel, ReplicaClient, type ReplicaOptions } from './replica-client.ts';
import { ReplicaFault, type ReplicaFaultCode } from './replica-fault.ts';

/** Time limit for a batch. It leaves time for another replica within the request's deadline. */
const RUN_TIMEOUT_MS = 8_000;

/** The least time that a replica gets for a batch. */
const MIN_TIMEOUT_MS = 250;

/** How often a replica that is used is checked. */
const CHECK_EVERY_MS = 5_000;

/** An ejected replica is tried again after 1, 2, 4, … up to 30 seconds. */
const MAX_RETRY_MS = 30_000;

/** After how many such failures in a row a replica is ejected. */
const FAILURES_IN_A_ROW = 3;

/** While one batch is computed, the next one is on its way. */
const BATCHES_AT_ONCE = 2;

/** Faults that a healthy replica has now and then. */
const PASSING: readonly ReplicaFaultCode[] = ['replica_connection_lost', 'replica_busy', 'replica_failed'];

/**
 * An engine on another machine, which speaks the Open Inference Protocol. It is used only while it has proven that it has
 * the right model. Anything wrong ejects it: its batches fail, the batcher gives them to another replica once, and it is
 * tried again later.
 */
export class Replica implements Engine {
  readonly slots = BATCHES_AT_ONCE;
  readonly #options: ReplicaOptions & ChildEvents;
  readonly #client: ReplicaClient;
  readonly #closing = new AbortController();
  /** Aborts the pause before the next check. */
  #pause = new AbortController();
  /** Aborts what the replica computes when it is ejected, because it may have another model by now. */
  #using = new AbortController();
  #model: ProvenModel | undefined;
  #admitted = Promise.withResolvers<void>();
  #fault: ReplicaFault | undefined;
  readonly #running = new Set<Promise<unknown>>();
  #failuresInARow = 0;
  #restarts = { died: 0, hung: 0, recycled: 0 };
  #counts = { batches: 0, photos: 0, busyMs: 0, failures: 0 };
  readonly #ejections = new Map<ReplicaFaultCode, number>();

  private constructor(options: ReplicaOptions & ChildEvents) {
    this.#options = options;
    this.#client = new ReplicaClient(options);
    this.#admitted.promise.catch(() => {});
  }

  /** Tries a replica, and keeps trying it if there is something wrong with it (`fault`). */
  static async open(options: ReplicaOptions & ChildEvents): Promise<Replica> {
    const replica = new Replica(options);
    await replica.#prove();
    void replica.#watch();
    return replica;
  }

  get url(): string {
    return this.#options.url;
  }

  /** Why the replica isn't used, if it isn't. */
  get fault(): ReplicaFault | undefined {
    return this.#fault;
  }

  get alive(): boolean {
    return this.#model !== undefined;
  }

  ready(): Promise<void> {
    return this.#admitted.promise;
  }

  get stats(): EngineStats {
    const { failures, ...counts } = this.#counts;
    return {
      ...{ pid: undefined, alive: this.alive, restarts: { ...this.#restarts }, ...counts, rssBytes: 0 },
      replica: {
        url: this.url,
        fault: this.#fault && { code: this.#fault.code, message: this.#fault.message },
        running: this.#running.size,
        failures,
        ejections: Object.fromEntries(this.#ejections),
      },
    };
  }

  async run(photos: readonly PhotoCrop[], options: RunOptions = {}): Promise<readonly PhotoInference[]> {
    const { clock } = this.#options;
    const start = clock.now();
    const running = this.#run(photos, options, start);
    const ended = running.catch(() => {}); // closing waits for it, however it ends
    this.#running.add(ended);
    try {
      const results = await running;
      this.#counts.batches += 1;
      this.#counts.photos += photos.length;
      this.#failuresInARow = 0;
      return results;
    } catch (cause) {
      this.#counts.failures += 1;
      // The client sees this message, so it doesn't name the replica.
      throw new SwipenetError('engine_failed', 'the engine on another machine returned no result', { cause });
    } finally {
      this.#running.delete(ended);
      this.#counts.busyMs += clock.now() - start;
    }
  }

  async close(): Promise<void> {
    const reason = new SwipenetError('shutting_down', 'the server is shutting down');
    this.#closing.abort(reason);
    this.#admitted.reject(reason); // for the batcher that already waits
    this.#waitForAdmission();
    this.#admitted.reject(reason);
    await Promise.all(this.#running);
    this.#model = undefined;
    this.#client.close();
  }

  async #run(photos: readonly PhotoCrop[], { priority = 'now', until }: RunOptions, start: number) {
    if (!this.#model) throw this.#fault ?? new Error('the replica was never admitted');
    const left = until === undefined ? RUN_TIMEOUT_MS : Math.max(until - start, MIN_TIMEOUT_MS);
    const timeoutMs = Math.min(left, RUN_TIMEOUT_MS);
    const { signal } = this.#using;
    try {
      const inferred = await this.#client.infer(photos, this.#model, { priority, timeoutMs, signal });
      signal.throwIfAborted(); // it was ejected while the response was read
      return inferred.photos;
    } catch (error) {
      const isOurs = error instanceof ReplicaFault && error.code === 'replica_timeout' && timeoutMs < RUN_TIMEOUT_MS;
      if (error instanceof ReplicaFault && !isOurs && !signal.aborted) this.#failed(error);
      throw error;
    }
  }

  #failed(fault: ReplicaFault): void {
    this.#failuresInARow += 1;
    if (!PASSING.includes(fault.code) || this.#failuresInARow >= FAILURES_IN_A_ROW) this.#eject(fault);
  }

  async #watch(): Promise<void> {
    const closing = this.#closing.signal;
    for (let attempts = 0; !closing.aborted; ) {
      this.#pause = new AbortController();
      const pauseMs = this.alive ? CHECK_EVERY_MS : Math.min(1000 * 2 ** attempts, MAX_RETRY_MS);
      await this.#options.clock.delay(pauseMs, AbortSignal.any([closing, this.#pause.signal])).catch(() => {});
      if (closing.aborted) return;
      if (this.#pause.signal.aborted) attempts = 0;
      else if (this.alive) await this.#check();
      else attempts = (await this.#prove()) ? 0 : attempts + 1;
    }
  }

  /** Proves the model, and admits the replica if it has it. */
  async #prove(): Promise<boolean> {
    try {
      const model = await this.#client.prove(this.#closing.signal);
      this.#admit(model);
      return true;
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#refuse(error);
      return false;
    }
  }

  /** Checks a replica that is used. One that only lacks capacity stays. */
  async #check(): Promise<void> {
    const { signal } = this.#using;
    try {
      await this.#client.check(this.#model!, AbortSignal.any([this.#closing.signal, signal]));
    } catch (error) {
      if (this.#closing.signal.aborted || signal.aborted) return;
      if (!(error instanceof ReplicaFault)) throw error;
      this.#failed(error);
    }
  }

  #admit(model: ProvenModel): void {
    const before = this.#fault;
    this.#model = model;
    this.#fault = undefined;
    this.#failuresInARow = 0;
    this.#using = new AbortController();
    this.#admitted.resolve();
    if (!before) return;
    const reason = before.code === 'replica_timeout' ? 'hung' : 'died';
    this.#restarts[reason] += 1;
    this.#options.onRestart?.({ reason, pid: undefined, restarts: this.#restarts.died + this.#restarts.hung });
  }

  #eject(fault: ReplicaFault): void {
    if (!this.#model) return;
    this.#model = undefined;
    this.#waitForAdmission();
    this.#refuse(fault);
    this.#using.abort(fault);
    this.#pause.abort();
  }

  /** From now on, {@link ready} waits for the next admission. */
  #waitForAdmission(): void {
    this.#admitted = Promise.withResolvers<void>();
    this.#admitted.promise.catch(() => {});
  }

  /** Reports a fault, unless it is the same as before. */
  #refuse(error: unknown): void {
    const fault =
      error instanceof ReplicaFault
        ? error
        : new ReplicaFault('replica_failed', `it can’t be checked: ${(error as Error).message}`, { cause: error });
    const isNew = fault.message !== this.#fault?.message;
    this.#fault = fault;
    this.#ejections.set(fault.code, (this.#ejections.get(fault.code) ?? 0) + (isNew ? 1 : 0));
    if (isNew)
      this.#options.onTrouble?.(new ReplicaFault(fault.code, `${this.url}: ${fault.message}`, { cause: fault }));
  }
}
