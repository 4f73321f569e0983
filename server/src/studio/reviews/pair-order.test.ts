import { MOST_PAIRS } from '@swipenet/shared/contract/studio/photos.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pairsToShow } from './pair-order.ts';

const PHOTOS = [
  { label: 'LIKE', part: 'training' },
  { label: 'NOPE', part: 'training' },
  { label: 'NOPE', part: 'validation' },
  { label: 'LIKE', part: 'test' },
  { label: 'LIKE', part: 'training' },
] as const;

describe('the order of pairs that look alike', () => {
  it('has those in different splits first, then those with different labels, then the most alike', () => {
    const pairs = [
      { left: 0, right: 4, bits: 0 }, // neither
      { left: 0, right: 1, bits: 2 }, // labels
      { left: 4, right: 1, bits: 1 }, // labels
      { left: 0, right: 3, bits: 1 }, // splits
      { left: 0, right: 2, bits: 6 }, // both
      { left: 4, right: 2, bits: 6 }, // both
    ];
    expect(pairsToShow(PHOTOS, pairs)).toEqual({
      pairs: [pairs[4], pairs[5], pairs[3], pairs[2], pairs[1], pairs[0]],
      ...{ total: 6, acrossSplits: 3, acrossLabels: 4 },
    });
  });

  it('is the same whatever order the list has', () => {
    const number = fc.nat(PHOTOS.length - 1);
    const pair = fc.record({ left: number, right: number, bits: fc.nat(6) });
    fc.assert(
      fc.property(fc.array(pair), (pairs) => {
        expect(pairsToShow(PHOTOS, pairs.toReversed())).toEqual(pairsToShow(PHOTOS, pairs));
      }),
    );
  });

  it('counts every pair, and shows no more than fit a response', () => {
    const all = Array.from({ length: MOST_PAIRS + 5 }, () => ({ left: 0, right: 2, bits: 1 }));
    const { pairs, total, acrossSplits } = pairsToShow(PHOTOS, all);
    expect([pairs.length, total, acrossSplits]).toEqual([MOST_PAIRS, all.length, all.length]);
  });
});
