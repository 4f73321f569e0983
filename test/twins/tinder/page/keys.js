const KEYS = {
  ArrowLeft: 'nope',
  ArrowRight: 'like',
  ArrowUp: 'open-profile',
  ArrowDown: 'close-profile',
  ' ': 'next-photo',
  Enter: 'super-like',
};

/**
 * The site's own keys; Enter costs money. While something lies over the page a person's keys are not the deck's; a script's
 * are told all the same, so that it is known who pressed them.
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
