/** Our own overlay ignores pointer events, and our control stays clear of buttons, so neither covers the page. */
const OWN_TAGS = ['swipenet-overlay', 'swipenet-control'];

/** Returns what a click at a point in the window would reach. Anything in a shadow root counts as its host. */
function hitAt(document: Document, x: number, y: number): Element | undefined {
  return document.elementsFromPoint(x, y).find(({ localName }) => !OWN_TAGS.includes(localName));
}

/** Points in a box, as fractions of its width and height. They stay clear of round corners and shadows. */
export const BUTTON_POINTS = grid(0.32, 0.5, 0.68);
export const PHOTO_POINTS = grid(0.12, 0.31, 0.5, 0.69, 0.88);

function grid(...shares: number[]): readonly (readonly [number, number])[] {
  return shares.flatMap((x) => shares.map((y) => [x, y] as const));
}

/**
 * Returns what clicks at some points in an element would reach, and how many of those points are outside the window.
 */
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

/** Returns why an element can't be clicked or seen: most of it is off screen, or something not `expected` covers it. */
export function obstruction(
  element: Element,
  expected: (hit: Element) => boolean = (hit) => element.contains(hit),
  points = BUTTON_POINTS,
): 'off_screen' | 'covered' | undefined {
  const { reached, outside } = hits(element, points);
  if (outside * 2 > points.length) return 'off_screen';
  return reached.every(expected) ? undefined : 'covered';
}
