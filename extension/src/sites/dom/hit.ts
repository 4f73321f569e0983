/** Our own overlay: it takes no pointer, and is nothing that lies over a page. */
const OVERLAY_TAG = 'swipenet-overlay';

/** What a click at a point of the window would reach. What is in a shadow root counts as its host. */
function hitAt(document: Document, x: number, y: number): Element | undefined {
  return document.elementsFromPoint(x, y).find(({ localName }) => localName !== OVERLAY_TAG);
}

/** Points of a box, as shares of its width and height: inside of round corners and shadows. */
export const BUTTON_POINTS = grid(0.32, 0.5, 0.68);
export const PHOTO_POINTS = grid(0.12, 0.31, 0.5, 0.69, 0.88);

function grid(...shares: number[]): readonly (readonly [number, number])[] {
  return shares.flatMap((x) => shares.map((y) => [x, y] as const));
}

/** What clicks at some points of an element would reach, and how many of these points lie outside the window. */
export function hits(
  element: Element,
  points = PHOTO_POINTS,
): { readonly reached: Element[]; readonly outside: number } {
  const document = element.ownerDocument;
  const { innerWidth = 0, innerHeight = 0 } = document.defaultView ?? {};
  const { left, top, width, height } = element.getBoundingClientRect();
  const inside = points
    .map(([x, y]) => [left + width * x, top + height * y] as const)
    .filter(([x, y]) => width > 0 && height > 0 && x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
  const reached = inside.map(([x, y]) => hitAt(document, x, y) ?? document.documentElement);
  return { reached, outside: points.length - inside.length };
}

/** What keeps a click or an eye from an element: half of it is outside the window, or something that isn't `expected`. */
export function obstruction(
  element: Element,
  expected: (hit: Element) => boolean = (hit) => element.contains(hit),
  points = BUTTON_POINTS,
): 'off_screen' | 'covered' | undefined {
  const { reached, outside } = hits(element, points);
  if (outside * 2 > points.length) return 'off_screen';
  return reached.every(expected) ? undefined : 'covered';
}
