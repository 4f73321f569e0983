/** Calls back on news that isn't a DOM mutation, until the signal aborts. */
export type NewsSource = (listener: () => void, signal: AbortSignal) => void;

/**
 * Resolves once `look` returns something. Calls it now, after every change below `root`, and on all news.
 * Rejects with the signal's reason.
 */
export function until<Seen>(
  root: Node,
  look: () => Seen | undefined,
  signal: AbortSignal,
  onNews?: NewsSource,
): Promise<Seen> {
  const { promise, resolve, reject } = Promise.withResolvers<Seen>();
  const over = new AbortController();
  const settle = () => {
    if (signal.aborted) return reject(signal.reason);
    try {
      const seen = look();
      if (seen !== undefined) resolve(seen);
    } catch (error) {
      reject(error);
    }
  };
  const observer = new MutationObserver(settle);
  observer.observe(root, { subtree: true, childList: true, attributes: true });
  signal.addEventListener('abort', settle, { once: true, signal: over.signal });
  onNews?.(settle, over.signal);
  settle();
  return promise.finally(() => {
    observer.disconnect();
    over.abort();
  });
}
