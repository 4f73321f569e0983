import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MoveKey, moved, movedTo, NOTHING_MOVED, rangeOf } from './selection.ts';

const key = (name: string, held: Partial<MoveKey> = {}): MoveKey => ({
  ...{ key: name, shiftKey: false, ctrlKey: false, metaKey: false },
  ...held,
});

/** 10 places in rows of 4, of which 2 are in view. */
const GRID = { count: 10, columns: 4, page: 2 };

const activeAfter = (from: number, pressed: MoveKey) =>
  moved(movedTo(NOTHING_MOVED, from, false), pressed, GRID)?.active;

describe('a selection in a grid', () => {
  it.each([
    [5, 'ArrowLeft', 4],
    [5, 'ArrowRight', 6],
    [5, 'ArrowUp', 1],
    [5, 'ArrowDown', 9],
    [2, 'ArrowUp', 2], // there is no row above
    [7, 'ArrowDown', 9], // the last row is shorter
    [9, 'PageUp', 1],
    [6, 'PageUp', 2],
    [1, 'PageDown', 9],
    [6, 'Home', 4],
    [4, 'End', 7],
    [8, 'End', 9],
  ])('moves from %i by %s to %i', (from, name, to) => {
    expect(activeAfter(from, key(name))).toBe(to);
  });

  it('goes to both ends, and selects everything, with Ctrl or Cmd', () => {
    expect(activeAfter(5, key('Home', { ctrlKey: true }))).toBe(0);
    expect(activeAfter(5, key('End', { metaKey: true }))).toBe(9);
    expect(rangeOf(moved(movedTo(NOTHING_MOVED, 5, false), key('A', { metaKey: true }), GRID)!)).toEqual([0, 9]);
  });

  it('grows and shrinks with Shift around the place where it began', () => {
    const right = moved(movedTo(NOTHING_MOVED, 5, false), key('ArrowRight', { shiftKey: true }), GRID)!;
    expect(rangeOf(right)).toEqual([5, 6]);
    const left = moved(right, key('Home', { shiftKey: true, ctrlKey: true }), GRID)!;
    expect(rangeOf(left)).toEqual([0, 5]);
  });

  it('ignores other keys, and every key in an empty grid', () => {
    expect(moved(NOTHING_MOVED, key('a'), GRID)).toBeUndefined();
    expect(moved(NOTHING_MOVED, key('ArrowRight'), { ...GRID, count: 0 })).toBeUndefined();
  });

  it('never leaves the grid, whatever is pressed', () => {
    const names = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End', 'a'];
    const pressed = fc.record({
      key: fc.constantFrom(...names),
      ...{ shiftKey: fc.boolean(), ctrlKey: fc.boolean(), metaKey: fc.boolean() },
    });
    const grid = fc.record({
      ...{ count: fc.integer({ min: 1, max: 50 }), columns: fc.integer({ min: 1, max: 9 }) },
      page: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(grid, fc.array(pressed, { maxLength: 30 }), (size, keys) => {
        let selection = NOTHING_MOVED;
        for (const one of keys) selection = moved(selection, one, size) ?? selection;
        const [first, last] = rangeOf(selection);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(last).toBeLessThan(size.count);
        expect(selection.active).toBeGreaterThanOrEqual(0);
        expect(selection.active).toBeLessThan(size.count);
      }),
    );
  });
});
