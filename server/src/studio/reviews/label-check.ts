import { availableParallelism } from 'node:os';
import { Child } from '../../child/child.ts';
import type { Exchange } from '../../child/protocol.ts';
import type { Clock } from '../../clock.ts';

/** How far a check is. The last answer has the LIKE confidences, `[photos]`. */
export interface CheckProgress {
  readonly words: string;
  readonly done: number;
  readonly total: number;
  readonly confidences?: Float32Array;
}

/** The questions to the process that checks labels. `next` answers when there is progress. */
export type CheckProtocol = {
  readonly start: Exchange<{ readonly folder: string; readonly threads: number }, void>;
  readonly next: Exchange<undefined, CheckProgress>;
};

const PROGRAM = new URL('./label-check-process.ts', import.meta.url);

/** It computes all the time. */
const IDLE_MS = 120_000;

/**
 * Rates the photos of the dataset in a folder in a process of its own, and returns their LIKE confidences, `[photos]`. The
 * signal kills it. Throws Error with what the process says, and the signal's reason.
 */
export async function checkLabels(
  folder: string,
  { clock, signal, onProgress }: { clock: Clock; signal: AbortSignal; onProgress: (progress: CheckProgress) => void },
): Promise<Float32Array> {
  signal.throwIfAborted();
  const child = new Child<CheckProtocol>(PROGRAM, { name: 'label check', clock });
  const stop = () => child.kill();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await child.ask('start', { folder, threads: Math.max(1, availableParallelism() - 1) }, { idleMs: IDLE_MS });
    for (;;) {
      const progress = await child.ask('next', undefined, { idleMs: IDLE_MS });
      if (progress.confidences) return progress.confidences;
      onProgress(progress);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    child.kill();
    await child.exited;
  }
}
