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

/** A batch that leaves. */
export interface Flush {
  readonly reason: FlushReason;
  readonly size: number;
  /** What its items have waited, summed, in milliseconds. */
  readonly waitedMs: number;
}

/** A batch that has ended. */
export interface BatchEnd {
  readonly size: number;
  /** On its engine, from its leaving on, in milliseconds. */
  readonly computeMs: number;
  /** True when the engine gave no answer. */
  readonly failed: boolean;
}

/** Counts since the start; at any moment accepted = resolved + rejected + waiting + running. */
export interface BatcherCounts {
  readonly accepted: number;
  readonly refused: number;
  readonly resolved: number;
  readonly rejected: number;
  readonly waiting: number;
  readonly running: number;
  /** How often an item went back to wait because the engine that had it failed. */
  readonly retried: number;
}
