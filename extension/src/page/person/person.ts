/** Modifier keys do nothing on their own, so pressing one doesn't count as an action. */
const MODIFIERS = ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock'];

/**
 * Calls back when a person, not a script, clicks or presses a key in the document, before the page sees the event. Acts on
 * Swipenet's own control (`own`) aren't acts on the page.
 */
export function onPersonAct(document: Document, acted: () => void, signal: AbortSignal, own?: EventTarget): void {
  const listener = (event: Event) => {
    const key = event instanceof KeyboardEvent ? event.key : '';
    if (event.isTrusted && event.target !== own && !MODIFIERS.includes(key)) acted();
  };
  for (const event of ['pointerdown', 'keydown'] as const) {
    document.defaultView?.addEventListener(event, listener, { capture: true, passive: true, signal });
  }
}
