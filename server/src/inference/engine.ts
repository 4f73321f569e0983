import type { PhotoCrop } from '../image/photo-bytes.ts';

/** What an engine says of one photo. */
export interface PhotoInference {
  /** LIKE confidence, 0 to 1. */
  readonly like: number;
  /** The class activation map of LIKE − NOPE: `[7, 7]` in rows, in logits. */
  readonly evidence: Float32Array;
}

/** Why an engine got a new process: its own died, hung and was killed, or held more memory than it may. */
export type RestartReason = 'died' | 'hung' | 'recycled';

/** An engine has a new process that takes its batches. */
export interface EngineRestart {
  readonly reason: RestartReason;
  /** The new process's id. */
  readonly pid: number | undefined;
  /** How often it happened to this engine, for any reason. */
  readonly restarts: number;
}

/** What an engine has done since it was opened. */
export interface EngineStats {
  /** The id of its process, while one answers. */
  readonly pid: number | undefined;
  readonly alive: boolean;
  /** How often it got a new process, by reason. */
  readonly restarts: Readonly<Record<RestartReason, number>>;
  /** Batches and photos answered. */
  readonly batches: number;
  readonly photos: number;
  /** Time with a batch on it. */
  readonly busyMs: number;
  /** Memory of its process after the last batch; 0 before the first. */
  readonly rssBytes: number;
}

/** The port to whatever runs the network: a child process here, another server elsewhere. */
export interface Engine {
  /** True while it is open and warm on the device it was asked for. */
  readonly alive: boolean;
  /** Resolves when the engine can take a batch: open, warm, on the device it was asked for. Rejects once it is closed. */
  ready(): Promise<void>;
  /**
   * Runs one batch; calls must not overlap.
   *
   * @returns one answer a photo, in order.
   * @throws SwipenetError `engine_failed`: nothing of the batch was answered, and the same batch may be tried again.
   */
  run(photos: readonly PhotoCrop[]): Promise<readonly PhotoInference[]>;
  /** See {@link EngineStats}. */
  readonly stats: EngineStats;
  /** Ends the engine; a batch that runs is waited for. */
  close(): Promise<void>;
}
