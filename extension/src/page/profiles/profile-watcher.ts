/**
 * Reports when something on the page may have changed. A dating page re-renders in small steps, so a single change
 * means nothing: every listener looks at the page again.
 */
export class ProfileWatcher {
  readonly #listeners = new Set<() => void>();

  /** Watches a document until the signal aborts. */
  constructor(document: Document, signal: AbortSignal) {
    const observer = new MutationObserver(() => this.poke());
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    document.addEventListener('visibilitychange', () => this.poke(), { signal });
    for (const event of ['online', 'offline']) {
      document.defaultView?.addEventListener(event, () => this.poke(), { signal });
    }
    signal.addEventListener('abort', () => observer.disconnect(), { once: true });
  }

  /** Notifies the listeners of a change outside the document, such as the control or a pause. */
  poke(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls back on every change until the signal aborts. */
  onChange(listener: () => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  /** Calls `look` now and after each change until it returns something. Rejects with the signal's reason. */
  until<Seen>(look: () => Seen | undefined | false, signal: AbortSignal): Promise<Seen> {
    const { promise, resolve, reject } = Promise.withResolvers<Seen>();
    const over = new AbortController();
    const ending = AbortSignal.any([signal, over.signal]);
    const again = () => {
      try {
        const seen = look();
        if (seen !== undefined && seen !== false) resolve(seen);
      } catch (error) {
        reject(error);
      }
    };
    if (signal.aborted) reject(signal.reason);
    else {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: over.signal });
      this.onChange(again, ending);
      again();
    }
    return promise.finally(() => over.abort());
  }
}
