/** Creates an element. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  document: Document,
  tag: Tag,
  className: string,
  text = '',
): HTMLElementTagNameMap[Tag] {
  const created = document.createElement(tag);
  created.className = className;
  created.textContent = text;
  return created;
}

/** Returns the direction in which the page runs, which isn't that of the texts if the page is in another language. */
export function pageDirection(document: Document): string {
  return document.defaultView?.getComputedStyle(document.documentElement).direction ?? '';
}

/**
 * Returns a style sheet to adopt. It is constructed because the page's content security policy may forbid inline styles,
 * including ours.
 */
export function styleSheet(text: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}
