import { systemClock } from '../clock.ts';

/**
 * A signal that aborts at Ctrl-C or SIGTERM; `asked` is called then. A second one ends the process with exit code 1.
 * Disposed of, it listens no more.
 */
export function stopOnSignal(asked: () => void): AbortSignal & Disposable {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort();
    asked();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const dispose = () => void process.off('SIGINT', stop).off('SIGTERM', stop);
  return Object.assign(controller.signal, { [Symbol.dispose]: dispose });
}

/** A drain that takes longer is abandoned. */
const DRAIN_MS = 25_000;

/**
 * Waits for Ctrl-C or SIGTERM, then drains: what is under way is answered, nothing new is taken. A second signal of
 * either kind, or a drain that takes too long, ends the process with exit code 1.
 */
export async function endOnSignal(drain: () => Promise<void>): Promise<void> {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  using _signals = stopOnSignal(resolve);
  await asked;
  void systemClock.delay(DRAIN_MS).then(() => process.exit(1));
  await drain();
}
