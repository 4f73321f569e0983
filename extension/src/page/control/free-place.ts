// Where the control may stand. All numbers are CSS pixels from the window's top left corner.

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Box = Pick<DOMRectReadOnly, 'left' | 'top' | 'right' | 'bottom'>;

/** How far the control stays away from buttons and from the window's edges. */
const GAP = 8;

/** What the control must fit into: its own size, the window's, and the boxes that it must not cover. */
export interface Scene {
  readonly size: Size;
  readonly window: Size;
  readonly taken: readonly Box[];
}

/**
 * Returns the place for the top left corner that is nearest to the wanted one, inside the window and clear of every
 * taken box. Undefined if there isn't one that `accepts`.
 *
 * The nearest place is either the wanted one or lies on edges of the taken boxes, so trying all pairs of edges finds it.
 */
export function freePlace(
  wanted: Point,
  scene: Scene,
  accepts: (place: Point) => boolean = () => true,
): Point | undefined {
  const { width, height } = scene.size;
  const most = farthest(scene);
  // Where the corner must not be, so that the control isn't over a box.
  const taken = scene.taken.map(({ left, top, right, bottom }) => ({
    left: left - GAP - width,
    top: top - GAP - height,
    right: right + GAP,
    bottom: bottom + GAP,
  }));
  const inside = (at: number, edges: number[], end: number) =>
    [Math.max(GAP, Math.min(at, end)), GAP, end, ...edges].filter((edge) => edge >= GAP && edge <= end);
  const xs = inside(
    wanted.x,
    taken.flatMap(({ left, right }) => [left, right]),
    most.x,
  );
  const ys = inside(
    wanted.y,
    taken.flatMap(({ top, bottom }) => [top, bottom]),
    most.y,
  );
  let best: Point | undefined;
  let nearest = Number.POSITIVE_INFINITY;
  for (const x of xs) {
    for (const y of ys) {
      const away = Math.hypot(x - wanted.x, y - wanted.y);
      if (away >= nearest || !accepts({ x, y })) continue;
      if (taken.some((box) => x > box.left && x < box.right && y > box.top && y < box.bottom)) continue;
      best = { x, y };
      nearest = away;
    }
  }
  return best;
}

/** Converts a place to shares of the free space, from 0 to 1, so that it is remembered for windows of any size. */
export function toShares({ x, y }: Point, scene: Pick<Scene, 'size' | 'window'>): Point {
  const most = farthest(scene);
  const share = (at: number, end: number) => (end <= GAP ? 0 : Math.min(1, Math.max(0, (at - GAP) / (end - GAP))));
  return { x: share(x, most.x), y: share(y, most.y) };
}

/** Converts shares of the free space back to a place. */
export function fromShares({ x, y }: Point, scene: Pick<Scene, 'size' | 'window'>): Point {
  const most = farthest(scene);
  return { x: GAP + x * (most.x - GAP), y: GAP + y * (most.y - GAP) };
}

const farthest = ({ size, window }: Pick<Scene, 'size' | 'window'>): Point => ({
  x: window.width - size.width - GAP,
  y: window.height - size.height - GAP,
});
