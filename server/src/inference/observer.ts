import type { FlushReason } from './batcher.ts';

/** The ear of whoever counts what happens between a photo's bytes and its confidence. It must not throw. */
export interface InferenceObserver {
  /** A batch leaves the queue for an engine. */
  readonly onFlush: (flush: { reason: FlushReason; size: number }) => void;
  /** A batch comes back; `failed` of its photos have no answer. */
  readonly onRun: (run: { size: number; failed: number }) => void;
  /** A photo was looked up among those scored before. */
  readonly onCacheLookup: (hit: boolean) => void;
  /** An engine whose process died can take batches again. */
  readonly onRestart: (pid: number | undefined) => void;
}
