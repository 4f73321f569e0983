import { Worker } from 'node:worker_threads';
import type { DropoutName } from '../../googlenet/training-form.ts';
import type { StepData } from './data-tensors.ts';
import type { GradientGraphOptions } from './lane-graphs.ts';
import { eachGroup, type Rows } from './state-layout.ts';
import type { StepAnswer } from './training-engine.ts';

/** Rows of numbers that all threads of the process see. */
export type SharedRows = Readonly<Record<keyof Rows, Float32Array<SharedArrayBuffer>>>;

/** Makes rows of zeros. */
export const sharedRows = (sizes: Readonly<Record<keyof Rows, { readonly size: number }>>): SharedRows =>
  eachGroup((group) => new Float32Array(new SharedArrayBuffer(4 * sizes[group].size)));

/** What a lane's thread is started with. */
export interface LaneOptions {
  readonly graph: GradientGraphOptions;
  /** ONNX Runtime's threads. */
  readonly threads: number;
  /** The parameters. The thread reads them while it computes. */
  readonly parameters: SharedRows;
  /** Where the thread leaves the sums of its parts' gradients. */
  readonly gradients: SharedRows;
  /** The path prefix of the session's profile. */
  readonly profilePrefix?: string | undefined;
}

/** A message to the thread: its parts in order, as many as its graph has, or the request to close its session. */
export type LaneRequest = readonly StepData[] | 'close';

/** The thread's reply: that it is ready or has closed its session, or the results of its parts, joined part by part. */
export type LaneReply = 'ready' | 'closed' | StepAnswer;

/**
 * Computes the gradients of parts of batches on a thread of its own. JavaScript can only run one session at a time per
 * thread. Calls must not overlap. A lane that has failed fails every later call too.
 */
export class Lane {
  readonly gradients: SharedRows;
  readonly #worker: Worker;
  #reply = Promise.withResolvers<LaneReply>();
  #failure: Error | undefined;

  private constructor(options: LaneOptions) {
    this.gradients = options.gradients;
    this.#worker = new Worker(new URL('./lane-worker.ts', import.meta.url), { workerData: options });
    this.#worker.on('message', (reply: LaneReply) => this.#reply.resolve(reply));
    this.#worker.on('error', (error: Error) => {
      this.#failure = error;
      this.#reply.reject(error);
    });
  }

  /** Starts the thread and opens the model there. Throws an Error with ONNX Runtime's message. */
  static async open(options: LaneOptions): Promise<Lane> {
    const lane = new Lane(options);
    await lane.#reply.promise;
    return lane;
  }

  /**
   * Computes parts. Their gradients are then added up in {@link gradients}.
   *
   * @returns their losses `[K, heads]` and logits `[K, P, classes]`.
   */
  async run(parts: readonly StepData[]): Promise<StepAnswer> {
    return (await this.#ask(parts)) as StepAnswer;
  }

  /** Closes the session and ends the thread. */
  async close(): Promise<void> {
    await this.#ask('close').catch(() => {}); // a lane that has failed has no session to close
    await this.#worker.terminate();
  }

  async #ask(request: LaneRequest): Promise<LaneReply> {
    if (this.#failure) throw this.#failure;
    this.#reply = Promise.withResolvers();
    this.#worker.postMessage(request);
    return await this.#reply.promise;
  }
}

/** Copies a part of a batch, `partSize` photos. A part that the batch doesn't fill ends with photos of weight 0. */
export function partOf(input: StepData, batchSize: number, first: number, partSize: number): StepData {
  const take = <Data extends Uint8Array | Int32Array | Float32Array>(data: Data): Data => {
    const each = data.length / batchSize;
    const taken = new (data.constructor as new (length: number) => Data)(partSize * each);
    taken.set(data.subarray(first * each, (first + partSize) * each));
    return taken;
  };
  return {
    photos: take(input.photos),
    origins: take(input.origins),
    directions: take(input.directions),
    targets: take(input.targets),
    masks: new Map([...input.masks].map(([name, mask]): [DropoutName, Uint8Array] => [name, take(mask)])),
  };
}
