import type { BatchStream, TrainingBatch } from '../../dataset/batches/batch-stream.ts';
import { dropoutMasks } from '../../step/dropout-masks.ts';
import { learningRateAt, type Schedule } from '../../step/schedule.ts';
import type { StepInput } from '../../step/training-engine.ts';
import type { MaskShapes } from '../../step/training-graph.ts';

/** What the inputs of a run's steps depend on. */
export interface CallFeedOptions {
  /** Must start at the position of the first step. */
  readonly stream: Pick<BatchStream, 'next'>;
  /** Returns what each photo of a batch teaches, `[N, classes]`, as the loss takes it (`step/loss.ts`). */
  readonly targetsOf: (batch: TrainingBatch) => Float32Array;
  readonly schedule: Schedule;
  readonly masks: MaskShapes;
  /** The number of steps in one call of the engine. The schedule's steps must be a multiple of it. */
  readonly stepsPerCall: number;
  readonly seed: number;
}

/** The steps of one call of the engine: their batches, and the inputs made from these. */
export interface PreparedCall {
  readonly batches: readonly TrainingBatch[];
  readonly inputs: readonly StepInput[];
}

/** Prepares the calls of the engine, one ahead, so that the next is ready when the engine is. */
export class CallFeed {
  readonly #options: CallFeedOptions;
  /** The first step that isn't being prepared. */
  #step: number;
  #upcoming: Promise<PreparedCall> | undefined;

  constructor(options: CallFeedOptions, firstStep: number) {
    this.#options = options;
    this.#step = firstStep;
  }

  /**
   * Returns the next call and starts to prepare the one after it. Calls must not overlap, nor go past the schedule's end.
   * Throws the errors of the stream.
   */
  async next(): Promise<PreparedCall> {
    const call = await (this.#upcoming ?? this.#prepare());
    this.#upcoming = this.#step < this.#options.schedule.steps ? this.#prepare() : undefined;
    this.#upcoming?.catch(() => {}); // reported to the caller that takes this call
    return call;
  }

  /** Waits for the call in preparation, which nobody will take, so that the stream can be closed. */
  async close(): Promise<void> {
    await this.#upcoming?.catch(() => {});
  }

  async #prepare(): Promise<PreparedCall> {
    const { stream, targetsOf, schedule, masks, stepsPerCall, seed } = this.#options;
    const first = this.#step;
    this.#step += stepsPerCall;
    const batches: TrainingBatch[] = [];
    const inputs: StepInput[] = [];
    for (let step = first; step < first + stepsPerCall; step += 1) {
      const batch = await stream.next();
      const { photos, origins, directions } = batch;
      batches.push(batch);
      inputs.push({
        ...{ photos, origins, directions },
        targets: targetsOf(batch),
        masks: dropoutMasks(masks, seed, step),
        learningRate: learningRateAt(schedule, step),
      });
    }
    return { batches, inputs };
  }
}
