import type { Priority } from '@swipenet/shared/contract/score.ts';

/** Runs batches. This is the batcher's view of an engine. */
export interface BatchRunner<Item, Result> {
  /** False while it can't take batches, for example during a restart. A busy runner is alive. */
  readonly alive: boolean;
  /** Resolves when it can take a batch. Rejects when it never will again. */
  ready(): Promise<void>;
  /** Runs a batch and returns one result per item, in order. An `Error` in place of a result rejects that item only. */
  run(items: readonly Item[], options: BatchOptions): Promise<readonly (Result | Error)[]>;
  /** How many batches it may run at once. 1 by default. */
  readonly slots?: number;
}

/** How to treat a batch. */
export interface BatchOptions {
  readonly priority: Priority;
  /** When the last of its items stops being of use, if that is known of each. */
  readonly until: number | undefined;
}

/**
 * Why a batch was sent: `size` means that it was full, `engine_idle` that an engine was free, and `close` that the
 * batcher was closing.
 */
type FlushReason = 'size' | 'engine_idle' | 'close';

/** A batch that was sent to an engine. */
export interface Flush {
  readonly reason: FlushReason;
  readonly size: number;
  /** Total time that its items waited, in milliseconds. */
  readonly waitedMs: number;
}

/** A batch that has finished. */
export interface BatchEnd {
  readonly size: number;
  /** Time from sending the batch to its end, in milliseconds. */
  readonly computeMs: number;
  /** True when the engine didn't answer. */
  readonly failed: boolean;
}

/** Counts since the start. At any moment, accepted = resolved + rejected + waiting + running. */
export interface BatcherCounts {
  readonly accepted: number;
  readonly refused: number;
  readonly resolved: number;
  readonly rejected: number;
  readonly waiting: number;
  readonly running: number;
  /** How often an item was queued again because its engine failed. */
  readonly retried: number;
}
