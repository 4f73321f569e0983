import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choiceByKey, choiceOf, dropsOf, PAIR_CHOICES, pairAfter } from './pair-choice.ts';

const PAIR = { left: 3, right: 8 };

describe('a choice about two photos that look alike', () => {
  it.each(['left', 'both', 'right'] as const)(
    '%s is the one that is read afterwards, whatever was dropped before',
    (choice) => {
      const before = fc.uniqueArray(fc.constantFrom(1, PAIR.left, PAIR.right));
      fc.assert(
        fc.property(before, (dropped) => {
          const { drop, keep } = dropsOf(PAIR, choice);
          const after = new Set([...dropped, ...drop].filter((number) => !keep.includes(number)));
          expect(choiceOf(PAIR, after)).toBe(choice);
          expect(after.has(1)).toBe(dropped.includes(1));
          expect([...drop, ...keep].toSorted()).toEqual([PAIR.left, PAIR.right]);
        }),
      );
    },
  );

  it('is none while other pairs have both photos dropped', () => {
    expect(choiceOf(PAIR, new Set([PAIR.left, PAIR.right]))).toBeUndefined();
  });

  it('has a key of its own', () => {
    expect(['s', 'K', 'd', 'x'].map(choiceByKey)).toEqual([...PAIR_CHOICES, undefined]);
  });
});

describe('the place among pairs', () => {
  it.each([
    ['ArrowRight', 0, 3, 1],
    ['ArrowRight', 2, 3, 2],
    ['ArrowLeft', 1, 3, 0],
    ['ArrowLeft', 0, 3, 0],
    ['Home', 2, 3, 0],
    ['End', 0, 3, 2],
    ['ArrowDown', 0, 3, undefined], // it scrolls
    ['ArrowRight', 0, 0, undefined],
  ])('moves by %s from %i of %i to %s', (key, from, count, to) => {
    expect(pairAfter(key, from, count)).toBe(to);
  });
});
