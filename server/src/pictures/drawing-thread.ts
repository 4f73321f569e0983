import { Worker } from 'node:worker_threads';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { PhotoPlan } from './draw-photo.ts';

/** A message to the thread: the photo to draw. */
export type DrawingRequest = PhotoPlan;

/** The thread's reply. */
export type DrawingResult = Uint8Array<ArrayBuffer>;

/** How many photos may wait by default. The last of them waits for about three seconds. */
const MAX_WAITING = 64;

interface Order {
  readonly plan: PhotoPlan;
  readonly drawing: PromiseWithResolvers<Uint8Array<ArrayBuffer>>;
}

/**
 * Draws photos on a worker thread, one at a time and in order. A photo keeps a core busy for about 50 ms, and meanwhile
 * the server has other requests to answer. The thread starts with the first photo and doesn't keep the process alive. If
 * it fails, all pending photos are rejected, and the next photo starts a new thread.
 */
export class DrawingThread {
  readonly #maxWaiting: number;
  /** The photos that wait, in order. */
  readonly #waiting = new Set<Order>();
  #current: Order | undefined;
  #worker: Worker | undefined;

  constructor(maxWaiting = MAX_WAITING) {
    this.#maxWaiting = maxWaiting;
  }

  /**
   * Draws a photo and returns its JPEG bytes.
   *
   * @param signal ends the wait. A photo that isn't being drawn yet is then never drawn.
   * @throws SwipenetError `queue_full` if too many photos are waiting.
   */
  async draw(plan: PhotoPlan, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    signal?.throwIfAborted();
    if (this.#waiting.size >= this.#maxWaiting) {
      throw new SwipenetError('queue_full', `${this.#maxWaiting} photos are already waiting to be drawn`);
    }
    const order = { plan, drawing: Promise.withResolvers<Uint8Array<ArrayBuffer>>() };
    const leave = () => {
      this.#waiting.delete(order);
      order.drawing.reject(signal?.reason);
    };
    signal?.addEventListener('abort', leave, { once: true });
    this.#waiting.add(order);
    this.#drawNext();
    return order.drawing.promise.finally(() => signal?.removeEventListener('abort', leave));
  }

  #drawNext(): void {
    const [next] = this.#waiting;
    if (this.#current || !next) return;
    this.#waiting.delete(next);
    this.#current = next;
    this.#worker ??= this.#start();
    this.#worker.postMessage(next.plan satisfies DrawingRequest);
  }

  #start(): Worker {
    const worker = new Worker(new URL('./drawing-worker.ts', import.meta.url));
    worker.on('message', (bytes: DrawingResult) => {
      this.#current?.drawing.resolve(bytes);
      this.#current = undefined;
      this.#drawNext();
    });
    worker.on('error', (error) => {
      this.#worker = undefined;
      for (const { drawing } of [this.#current, ...this.#waiting].filter((order) => order !== undefined)) {
        drawing.reject(error);
      }
      this.#current = undefined;
      this.#waiting.clear();
    });
    worker.unref(); // comes last because adding a message listener undoes it
    return worker;
  }
}
