import { Worker } from 'node:worker_threads';
import type { PhotoPlan } from './draw-photo.ts';

/** What goes to the thread. */
export interface DrawingOrder {
  readonly number: number;
  readonly plan: PhotoPlan;
}

/** What comes back. */
export interface DrawingAnswer {
  readonly number: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Draws photos on a thread of its own: a photo keeps a core busy for about 50 ms, and the server has others to answer
 * meanwhile. The thread starts with the first photo and keeps no process alive; one that fails lets down every photo
 * that waits for it, and the next photo starts another.
 */
export class DrawingThread {
  readonly #waiting = new Map<number, PromiseWithResolvers<Uint8Array<ArrayBuffer>>>();
  #worker: Worker | undefined;
  #orders = 0;

  /** A photo's JPEG bytes. */
  draw(plan: PhotoPlan): Promise<Uint8Array<ArrayBuffer>> {
    this.#worker ??= this.#start();
    this.#orders += 1;
    const drawing = Promise.withResolvers<Uint8Array<ArrayBuffer>>();
    this.#waiting.set(this.#orders, drawing);
    this.#worker.postMessage({ number: this.#orders, plan } satisfies DrawingOrder);
    return drawing.promise;
  }

  #start(): Worker {
    const worker = new Worker(new URL('drawing-worker.ts', import.meta.url));
    worker.on('message', ({ number, bytes }: DrawingAnswer) => {
      this.#waiting.get(number)?.resolve(bytes);
      this.#waiting.delete(number);
    });
    worker.on('error', (error) => {
      this.#worker = undefined;
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
    worker.unref(); // last: each listener for messages makes it count again
    return worker;
  }
}
