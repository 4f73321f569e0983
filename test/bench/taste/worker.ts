// Tries tasks in a thread of their own, one at a time.
import { parentPort, workerData } from 'node:worker_threads';
import type { Task } from './pool.ts';
import { type KnownPhotos, trySetting } from './try-setting.ts';

const photos: KnownPhotos = workerData;

parentPort!.on('message', (task: Task) => {
  parentPort!.postMessage(trySetting(photos, task.method, task));
});
