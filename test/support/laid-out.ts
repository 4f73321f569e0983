/**
 * Gives a document enough layout to tell what is visible and what a click reaches. An element has the box that it or an
 * ancestor names: `data-box="left,top,width,height"`. Later elements lie over earlier ones, unless `data-z` says otherwise.
 * Without a box, an element is a 100 px square at the top of the window.
 *
 * Elements inside something hidden (`style.display`, `hidden`) or moved out of the window (`data-off-screen`) aren't
 * visible. `data-covering` covers everything. If no element has a box, a click reaches the element measured last.
 */
export function layOut(window: Window & typeof globalThis): void {
  const { document, Element } = window;
  const { prototype } = Element;
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
    const [left = 0, top = 0, width = 100, height = 100] = boxOf(this);
    return new window.DOMRect(left, this.closest('[data-off-screen]') ? window.innerHeight : top, width, height);
  };
  document.elementsFromPoint = (x: number, y: number) => {
    const covering = document.querySelector('[data-covering]');
    if (covering) return [covering];
    if (!document.querySelector('[data-box]')) return measured ? [measured] : [];
    return [...document.querySelectorAll<HTMLElement>('[data-box]')]
      .filter((element) => {
        if (element.closest('[data-off-screen], [inert]')) return false;
        const [left = 0, top = 0, width = 0, height = 0] = boxOf(element);
        return x >= left && x < left + width && y >= top && y < top + height && element.checkVisibility();
      })
      .map((element, order) => ({
        element,
        order,
        z: Number(element.closest<HTMLElement>('[data-z]')?.dataset.z ?? 0),
      }))
      .toSorted((a, b) => b.z - a.z || b.order - a.order)
      .map(({ element }) => lastIn(element));
  };
  document.elementFromPoint = (x, y) => document.elementsFromPoint(x, y)[0] ?? null;
}

function boxOf(element: Element): number[] {
  const { box = '' } = element.closest<HTMLElement>('[data-box]')?.dataset ?? {};
  return box === '' ? [] : box.split(',').map(Number);
}

/** What lies on top in an element: the last one in it that doesn't stand elsewhere. */
function lastIn(element: Element): Element {
  const parts = [...element.querySelectorAll('*')].filter((part) => part.closest('[data-box]') === element);
  return parts.at(-1) ?? element;
}
