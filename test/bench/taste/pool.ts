import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { MethodName } from './methods.ts';
import type { KnownPhotos, Outcome, Setting } from './try-setting.ts';

/** One method in one setting. */
export interface Task extends Setting {
  readonly method: MethodName;
}

/** Tries tasks in threads. Returns their outcomes in order, undefined where the method refused. */
export async function tryAll(
  photos: KnownPhotos,
  tasks: readonly Task[],
  { threads, onProgress }: { readonly threads: number; readonly onProgress: (done: number, task: Task) => void },
): Promise<(Outcome | undefined)[]> {
  // All threads read the same memory.
  const features = new Float32Array(new SharedArrayBuffer(photos.features.byteLength));
  features.set(photos.features);
  const outcomes = new Array<Outcome | undefined>(tasks.length);
  let [next, done] = [0, 0];
  const work = async () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { ...photos, features } });
    try {
      while (next < tasks.length) {
        const task = next;
        next += 1;
        worker.postMessage(tasks[task]);
        [outcomes[task]] = (await once(worker, 'message')) as [Outcome | undefined];
        done += 1;
        onProgress(done, tasks[task]!);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, tasks.length) }, work));
  return outcomes;
}
