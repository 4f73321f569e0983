/**
 * Gives a document enough layout to tell what is visible. Every element is a 100 px square at the top of the window.
 * Exceptions are elements inside something hidden (`style.display`, `hidden`) or moved out of the window
 * (`data-off-screen`).
 */
export function layOut(window: Window & typeof globalThis): void {
  const { prototype } = window.Element;
  let measured: Element | null = null;
  prototype.checkVisibility = function (this: Element) {
    for (let at: Element | null = this; at; at = at.parentElement) {
      const { style, hidden } = at as HTMLElement;
      if (style?.display === 'none' || hidden) return false;
    }
    return true;
  };
  prototype.getBoundingClientRect = function (this: Element) {
    measured = this;
    const top = this.closest('[data-off-screen]') ? window.innerHeight : 0;
    return new window.DOMRect(0, top, 100, 100);
  };
  // Everything is in one place: a hit test returns the element measured last, unless a test covers everything.
  window.document.elementFromPoint = () => window.document.querySelector('[data-covering]') ?? measured;
}
