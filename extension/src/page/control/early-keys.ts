/** Keys reach the window first, so that they are stopped there. */
const KEYS = ['keydown', 'keyup', 'keypress'] as const;

type Keep = (event: KeyboardEvent) => void;

/** The global object of the extension's world in a page, which its content scripts share. The page's scripts have another one. */
const shared = globalThis as { swipenetKeep?: Keep };

/**
 * Listens to keys before the page's first script can, so that no listener of the page sees a key earlier. Nothing happens to
 * them until {@link keepKeys} says what to do.
 */
export function listenToKeys(window: Window): void {
  for (const type of KEYS) window.addEventListener(type, (event) => shared.swipenetKeep?.(event), { capture: true });
}

/** Gives every key to `keep` first, until the signal aborts. */
export function keepKeys(keep: Keep, signal: AbortSignal): void {
  shared.swipenetKeep = keep;
  signal.addEventListener('abort', () => {
    if (shared.swipenetKeep === keep) delete shared.swipenetKeep;
  });
}
