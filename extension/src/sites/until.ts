/**
 * Resolves as soon as a look at the page gives something; looks again after every change below `root`. Rejects with the
 * signal's reason.
 */
export function until<Seen>(root: Node, look: () => Seen | undefined, signal: AbortSignal): Promise<Seen> {
  const { promise, resolve, reject } = Promise.withResolvers<Seen>();
  const settle = () => {
    if (signal.aborted) return reject(signal.reason);
    const seen = look();
    if (seen !== undefined) resolve(seen);
  };
  const observer = new MutationObserver(settle);
  observer.observe(root, { subtree: true, childList: true, attributes: true });
  signal.addEventListener('abort', settle, { once: true });
  settle();
  return promise.finally(() => {
    observer.disconnect();
    signal.removeEventListener('abort', settle);
  });
}
