import type { Priority } from '@swipenet/shared/contract/score.ts';
import type { ChildRestart, RestartReason } from '../child/kept-child.ts';
import type { PhotoCrop } from '../image/photo-bytes.ts';

/** The network's output for one photo. */
export interface PhotoInference {
  /** LIKE confidence, from 0 to 1. */
  readonly like: number;
  /**
   * Class activation map of LIKE − NOPE: `[7, 7]` in rows, in logits. `[0]` from a head whose network runs on other
   * machines, because they return only means.
   */
  readonly evidence: Float32Array;
  /**
   * `[1856]`: the spatial means of inception 5b (1,024) and 5a (832), from which a taste is learned. `[0]` if the model
   * was published before models had this output. They are rounded to float16, unless a head on them needs them exactly.
   */
  readonly features: Float16Array | Float32Array;
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
  /** What is known about an engine on another machine. */
  readonly replica?: ReplicaStats;
}

/** Statistics of an engine on another machine. */
export interface ReplicaStats {
  readonly url: string;
  /** Why it isn't used, if it isn't. */
  readonly fault: { readonly code: string; readonly message: string } | undefined;
  /** Batches that it is computing. */
  readonly running: number;
  /** Batches that it didn't answer. */
  readonly failures: number;
  /** How often it was ejected or refused, by the code of its fault. */
  readonly ejections: Readonly<Record<string, number>>;
}

/** How to treat a batch. An engine on this machine needs neither. */
export interface RunOptions {
  readonly priority?: Priority | undefined;
  /** When its results stop being of use, by the server's clock. */
  readonly until?: number | undefined;
}

/** Runs the network: in a child process, or on another machine. */
export interface Engine {
  /** True while the model is open and warm on the requested device. */
  readonly alive: boolean;
  /** Resolves when the engine can take a batch. Rejects once it is closed. */
  ready(): Promise<void>;
  /** How many batches it may run at once. 1 by default. */
  readonly slots?: number;
  /**
   * Runs one batch. At most `slots` calls may overlap.
   *
   * @returns one result per photo, in order.
   * @throws SwipenetError `engine_failed`: no photo has a result, and the batch can be retried.
   */
  run(photos: readonly PhotoCrop[], options?: RunOptions): Promise<readonly PhotoInference[]>;
  readonly stats: EngineStats;
  /** Waits for the running batch, then ends the engine. */
  close(): Promise<void>;
}

/** Callbacks for metrics and logs. */
export interface EngineEvents {
  /** Called when an engine dies, fails to start or to be replaced, or is ejected. */
  readonly onTrouble?: (error: Error) => void;
  /** Called when an engine has a new process. `engine` is its index. */
  readonly onRestart?: (restart: ChildRestart & { readonly engine: number }) => void;
}
