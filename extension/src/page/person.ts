/** Keys that do nothing by themselves: holding one is no act. */
const MODIFIERS = ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock'];

/** Calls back at each click and key of a person (never a script's) in a document, before the page sees it. */
export function onPersonAct(document: Document, acted: () => void, signal: AbortSignal): void {
  const listener = (event: Event) => {
    const key = event instanceof KeyboardEvent ? event.key : '';
    if (event.isTrusted && !MODIFIERS.includes(key)) acted();
  };
  for (const event of ['pointerdown', 'keydown'] as const) {
    document.defaultView?.addEventListener(event, listener, { capture: true, passive: true, signal });
  }
}
