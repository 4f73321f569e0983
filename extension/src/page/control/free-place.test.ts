import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Box, freePlace, fromShares, type Point, type Scene, toShares } from './free-place.ts';

const SIZE = { width: 200, height: 50 };
const box = (left: number, top: number, width: number, height: number): Box => ({
  ...{ left, top },
  right: left + width,
  bottom: top + height,
});
const scene = (taken: Box[], window = { width: 360, height: 640 }): Scene => ({ size: SIZE, window, taken });

const overlaps = ({ x, y }: Point, { left, top, right, bottom }: Box, gap = 0) =>
  x < right + gap && x + SIZE.width > left - gap && y < bottom + gap && y + SIZE.height > top - gap;

it('stays where it is wanted if nothing is there', () => {
  expect(freePlace({ x: 100, y: 300 }, scene([box(0, 560, 360, 80)]))).toEqual({ x: 100, y: 300 });
});

it('slides off a button by the shortest way', () => {
  expect(freePlace({ x: 100, y: 520 }, scene([box(0, 560, 360, 80)]))).toEqual({ x: 100, y: 502 });
});

it('stays inside the window', () => {
  expect(freePlace({ x: 900, y: -40 }, scene([]))).toEqual({ x: 152, y: 8 });
});

it('finds the only gap between buttons', () => {
  const gap = scene([box(0, 0, 360, 200), box(0, 266, 360, 374)]);
  expect(freePlace({ x: 50, y: 600 }, gap)).toEqual({ x: 50, y: 208 });
});

it('has no place if the buttons fill the window, or the window is smaller than the control', () => {
  expect(freePlace({ x: 0, y: 0 }, scene([box(0, 0, 360, 640)]))).toBeUndefined();
  expect(freePlace({ x: 0, y: 0 }, scene([], { width: 150, height: 640 }))).toBeUndefined();
});

it('jumps over a button in the direction of an arrow key', () => {
  const row = scene([box(0, 300, 360, 60)]);
  const below = freePlace({ x: 80, y: 250 }, row, ({ y }) => y > 242);
  expect(below).toEqual({ x: 80, y: 368 });
});

const boxes = fc.array(
  fc
    .tuple(fc.integer({ min: -50, max: 700 }), fc.integer({ min: -50, max: 700 }), fc.integer({ min: 1, max: 300 }))
    .map(([left, top, side]) => box(left, top, side, Math.ceil(side / 3))),
  { maxLength: 8 },
);

it('never touches a button, stays inside, and no place on a fine grid is nearer', () => {
  fc.assert(
    fc.property(boxes, fc.integer({ min: -100, max: 800 }), fc.integer({ min: -100, max: 800 }), (taken, x, y) => {
      const window = { width: 500, height: 400 };
      const found = freePlace({ x, y }, scene(taken, window));
      const away = (at: Point) => Math.hypot(at.x - x, at.y - y);
      if (found) {
        if (taken.some((one) => overlaps(found, one, 7.9))) return false;
        if (found.x < 8 || found.y < 8 || found.x > 292 || found.y > 342) return false;
      }
      for (let left = 8; left <= 292; left += 7) {
        for (let top = 8; top <= 342; top += 7) {
          const at = { x: left, y: top };
          if (taken.some((one) => overlaps(at, one, 8))) continue;
          if (!found || away(at) < away(found) - 1e-6) return false;
        }
      }
      return true;
    }),
    { numRuns: 60 },
  );
});

it('remembers a place for windows of other sizes', () => {
  const wide = scene([], { width: 1000, height: 700 });
  const shares = toShares({ x: 792, y: 8 }, wide);
  expect(shares).toEqual({ x: 1, y: 0 });
  expect(fromShares(shares, wide)).toEqual({ x: 792, y: 8 });
  expect(fromShares(shares, scene([]))).toEqual({ x: 152, y: 8 });
  expect(toShares({ x: 8, y: 8 }, scene([], { width: 100, height: 40 }))).toEqual({ x: 0, y: 0 });
});
