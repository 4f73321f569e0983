import { systemClock } from '../clock.ts';

/**
 * Returns an abort signal that fires on Ctrl-C or SIGTERM, and calls `onStop`. A second Ctrl-C or SIGTERM exits the
 * process with code 1. Disposing of the signal removes its listeners.
 */
export function stopOnSignal(onStop: () => void): AbortSignal & Disposable {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort();
    onStop();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const dispose = () => void process.off('SIGINT', stop).off('SIGTERM', stop);
  return Object.assign(controller.signal, { [Symbol.dispose]: dispose });
}

/** How long to wait for the drain before exiting anyway. */
export const DRAIN_MS = 25_000;

/**
 * Waits for Ctrl-C or SIGTERM, then calls `drain`, which finishes the work in progress and accepts no more. A second
 * signal or a drain that takes too long exits the process with code 1.
 */
export async function drainOnSignal(drain: () => Promise<void>): Promise<void> {
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  using _signals = stopOnSignal(resolve);
  await stopped;
  void systemClock.delay(DRAIN_MS).then(() => process.exit(1));
  await drain();
}
