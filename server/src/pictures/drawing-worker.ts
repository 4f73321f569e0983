// The thread that draws photos for a DrawingThread: one order at a time, each answered under its number.
import { parentPort } from 'node:worker_threads';
import { drawPhoto } from './draw-photo.ts';
import type { DrawingAnswer, DrawingOrder } from './drawing-thread.ts';

parentPort?.on('message', async ({ number, plan }: DrawingOrder) => {
  const bytes = await drawPhoto(plan);
  parentPort?.postMessage({ number, bytes } satisfies DrawingAnswer, [bytes.buffer]);
});
