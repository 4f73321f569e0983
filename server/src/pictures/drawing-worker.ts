// The worker of DrawingThread. Draws one photo at a time.
import { parentPort } from 'node:worker_threads';
import { drawPhoto } from './draw-photo.ts';
import type { DrawingRequest, DrawingResult } from './drawing-thread.ts';

parentPort?.on('message', async (plan: DrawingRequest) => {
  const bytes = await drawPhoto(plan);
  parentPort?.postMessage(bytes satisfies DrawingResult, [bytes.buffer]);
});
