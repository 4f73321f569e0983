import { Worker } from 'node:worker_threads';
import type { PhotoPlan } from './draw-photo.ts';

/** A message to the thread. */
export interface DrawingRequest {
  readonly number: number;
  readonly plan: PhotoPlan;
}

/** The thread's reply, with the number of the request. */
export interface DrawingResult {
  readonly number: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Draws photos on a worker thread. A photo keeps a core busy for about 50 ms, and meanwhile the server has other requests
 * to answer. The thread starts with the first photo and doesn't keep the process alive. If it fails, all pending photos
 * are rejected, and the next photo starts a new thread.
 */
export class DrawingThread {
  readonly #waiting = new Map<number, PromiseWithResolvers<Uint8Array<ArrayBuffer>>>();
  #worker: Worker | undefined;
  #requests = 0;

  /** Draws a photo and returns its JPEG bytes. */
  draw(plan: PhotoPlan): Promise<Uint8Array<ArrayBuffer>> {
    this.#worker ??= this.#start();
    this.#requests += 1;
    const drawing = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
    this.#waiting.set(this.#requests, drawing);
    this.#worker.postMessage({ number: this.#requests, plan } satisfies DrawingRequest);
    return drawing.promise;
  }

  #start(): Worker {
    const worker = new Worker(new URL('drawing-worker.ts', import.meta.url));
    worker.on('message', ({ number, bytes }: DrawingResult) => {
      this.#waiting.get(number)?.resolve(bytes);
      this.#waiting.delete(number);
    });
    worker.on('error', (error) => {
      this.#worker = undefined;
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
    worker.unref(); // comes last because adding a message listener undoes it
    return worker;
  }
}
