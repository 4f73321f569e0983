/**
 * Sets the text of an element only if it changes. Pages draw again whenever anything is stored, and a screen reader would
 * read a live region aloud each time.
 */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
