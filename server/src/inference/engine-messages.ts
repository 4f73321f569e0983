import type { Device } from '../runtime/session.ts';

/** What an engine process is opened with. */
export interface EngineSettings {
  readonly modelPath: string;
  /** SHA-256 that the file must have, in hex: it may have been replaced since its manifest was checked. */
  readonly sha256: string;
  readonly device: Device;
  readonly threads: number;
  readonly batchSizes: readonly number[];
  readonly warmSizes: readonly number[];
}

/** From the server to the engine process. `photos` is `[count, 1, 224, 224]` uint8. */
export type ToEngine =
  | { readonly type: 'open'; readonly settings: EngineSettings }
  | { readonly type: 'run'; readonly photos: Uint8Array; readonly count: number }
  | { readonly type: 'close' };

/** From the engine process to the server. `likes` is `[count]`, `evidence` is `[count, 7, 7]`. */
export type FromEngine =
  | { readonly type: 'ready' }
  | { readonly type: 'open_failed'; readonly message: string }
  | {
      readonly type: 'answer';
      readonly likes: Float32Array;
      readonly evidence: Float32Array;
      /** Memory that the process holds. */
      readonly rssBytes: number;
    }
  | { readonly type: 'run_failed'; readonly message: string };
