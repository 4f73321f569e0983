import type { RestartReason } from '../child/kept-child.ts';
import type { PhotoCrop } from '../image/photo-bytes.ts';

/** The network's output for one photo. */
export interface PhotoInference {
  /** LIKE confidence, from 0 to 1. */
  readonly like: number;
  /** Class activation map of LIKE − NOPE: `[7, 7]` in rows, in logits. */
  readonly evidence: Float32Array;
  /**
   * `[1856]`: the spatial means of inception 5b (1,024) and 5a (832), from which a taste is learned. `[0]` if the model
   * was published before models had this output.
   */
  readonly features: Float16Array;
}

/** Statistics of an engine since it was opened. */
export interface EngineStats {
  /** The ID of its process, while there is one. */
  readonly pid: number | undefined;
  readonly alive: boolean;
  /** How many times it got a new process, by reason. */
  readonly restarts: Readonly<Record<RestartReason, number>>;
  /** Batches and photos that were answered. */
  readonly batches: number;
  readonly photos: number;
  /** Time spent on batches. */
  readonly busyMs: number;
  /** Memory of its process after the last batch, or 0 before the first. */
  readonly rssBytes: number;
}

/** Runs the network. Here that is a child process; another implementation could be a remote server. */
export interface Engine {
  /** True while the model is open and warm on the requested device. */
  readonly alive: boolean;
  /** Resolves when the engine can take a batch. Rejects once it is closed. */
  ready(): Promise<void>;
  /**
   * Runs one batch. Calls must not overlap.
   *
   * @returns one result per photo, in order.
   * @throws SwipenetError `engine_failed`: no photo has a result, and the batch can be retried.
   */
  run(photos: readonly PhotoCrop[]): Promise<readonly PhotoInference[]>;
  readonly stats: EngineStats;
  /** Waits for the running batch, then ends the engine. */
  close(): Promise<void>;
}
