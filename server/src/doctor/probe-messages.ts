import type { Device } from '../runtime/session.ts';

/** What a session is opened with in a process of its own. */
export interface ProbeSettings {
  readonly modelPath: string;
  readonly device: Device;
  readonly threads: number;
  /** See `SessionOptions` of the runtime. */
  readonly profilePrefix?: string;
}

/** What the model says of a batch: `likes` is `[count]`, `evidence` is `[count, 7, 7]`. */
export interface ProbeAnswer {
  readonly likes: Float32Array;
  readonly evidence: Float32Array;
}

/** To the process. `photos` is `[count, 1, 224, 224]` uint8. */
export type ToProbe =
  | { readonly type: 'open'; readonly settings: ProbeSettings }
  | { readonly type: 'run'; readonly photos: Uint8Array; readonly count: number }
  | { readonly type: 'close' };

/** From the process: one answer to each message. */
export type FromProbe =
  | { readonly type: 'opened' }
  | { readonly type: 'answer'; readonly answer: ProbeAnswer }
  | { readonly type: 'closed' }
  | { readonly type: 'failed'; readonly message: string };
