/**
 * Gives a document without a layout one that is enough to see what is visible: every element is 100 px square at the top
 * of the window, unless it or what is around it is not displayed (`style.display`, `hidden`) or moved out of the window
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
  // Everything lies at one place: what is hit is what was measured last, unless a test has something cover it all.
  window.document.elementFromPoint = () => window.document.querySelector('[data-covering]') ?? measured;
}
