/** After this long a drain is given up. */
const DRAIN_MS = 25_000;

/**
 * Waits for Ctrl-C or SIGTERM, then drains: what is under way is answered, nothing new is taken. A second signal, or a
 * drain that takes too long, ends the process with exit code 1.
 */
export async function endOnSignal(drain: () => Promise<void>): Promise<void> {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      process.once(signal, () => process.exit(1));
      resolve();
    });
  }
  await asked;
  setTimeout(() => process.exit(1), DRAIN_MS).unref();
  await drain();
}
