// The worker of DrawingThread. Draws one photo at a time and replies with the request's number.
import { parentPort } from 'node:worker_threads';
import { drawPhoto } from './draw-photo.ts';
import type { DrawingRequest, DrawingResult } from './drawing-thread.ts';

parentPort?.on('message', async ({ number, plan }: DrawingRequest) => {
  const bytes = await drawPhoto(plan);
  parentPort?.postMessage({ number, bytes } satisfies DrawingResult, [bytes.buffer]);
});
