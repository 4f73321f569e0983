import type { StepAnswer, StepInput, TrainingEngineOptions, TrainingState } from './training-engine.ts';

/** From the trainer to the training process. Every message has one answer, in their order. */
export type ToTraining =
  | { readonly type: 'open'; readonly options: TrainingEngineOptions; readonly state: TrainingState }
  | { readonly type: 'step'; readonly inputs: readonly StepInput[] }
  | { readonly type: 'evaluate'; readonly photos: Float32Array }
  | { readonly type: 'state' }
  | { readonly type: 'load'; readonly state: TrainingState }
  | { readonly type: 'usage' }
  | { readonly type: 'close' };

/** What the training process has taken of the machine so far. */
export interface Usage {
  /** Microseconds of all cores together. */
  readonly cpuMicroseconds: number;
  /** Bytes in memory. */
  readonly memoryBytes: number;
}

/** From the training process to the trainer. */
export type FromTraining =
  | { readonly type: 'ready' }
  | { readonly type: 'stepped'; readonly answers: readonly StepAnswer[] }
  | { readonly type: 'evaluated'; readonly logits: Float32Array }
  | { readonly type: 'state'; readonly state: TrainingState }
  | { readonly type: 'loaded' }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'closed' }
  | { readonly type: 'failed'; readonly message: string };
