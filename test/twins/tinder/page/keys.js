const KEYS = {
  ArrowLeft: 'nope',
  ArrowRight: 'like',
  ArrowUp: 'open-profile',
  ArrowDown: 'close-profile',
  ' ': 'next-photo',
  Enter: 'super-like',
  Backspace: 'rewind',
};

/**
 * Listens to the site's own keys. Enter costs money. While something covers the page, the deck ignores a person's keys, but a
 * script's keys are still recorded.
 *
 * @param {(by: string, event: KeyboardEvent) => void} onKey
 * @param {() => boolean} isCovered
 */
export function listenToKeys(onKey, isCovered) {
  document.addEventListener('keydown', (event) => {
    const by = KEYS[event.key];
    if (!by || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.isTrusted && isCovered()) return;
    // On a focused button Space and Enter are its own.
    if (event.target.closest?.('button, a, [role=button], textarea') && !event.key.startsWith('Arrow')) return;
    event.preventDefault();
    onKey(by, event);
  });
}
