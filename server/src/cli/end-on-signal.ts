/** After this long a drain is given up. */
const DRAIN_MS = 25_000;

/**
 * Waits for Ctrl-C or SIGTERM, then drains: what is under way is answered, nothing new is taken. A second signal of
 * either kind, or a drain that takes too long, ends the process with exit code 1.
 */
export async function endOnSignal(drain: () => Promise<void>): Promise<void> {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  let signals = 0;
  const count = () => {
    signals += 1;
    if (signals > 1) process.exit(1);
    resolve();
  };
  process.on('SIGINT', count).on('SIGTERM', count);
  await asked;
  setTimeout(() => process.exit(1), DRAIN_MS).unref();
  await drain();
  process.off('SIGINT', count).off('SIGTERM', count);
}
