import { pairKey } from '@swipenet/shared/contract/studio/photos.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  choiceByKey,
  choiceOf,
  dropsOf,
  isJudged,
  OPEN_KEY,
  openAfter,
  PAIR_CHOICES,
  pairAfter,
} from './pair-choice.ts';

const PAIR = { left: 3, right: 8 };

describe('a choice about two photos that look alike', () => {
  const keptBefore = fc.subarray(['3 8', '1 3']);
  const droppedBefore = fc.uniqueArray(fc.constantFrom(1, 3, 8));

  it.each([
    ['left', { left: 3, right: 8 }],
    ['both', { left: 3, right: 8 }],
    ['both', { left: 8, right: 3 }],
    ['right', { left: 8, right: 3 }],
  ] as const)('%s of %j is the one that is read afterwards, whatever was chosen before', (choice, pair) => {
    fc.assert(
      fc.property(droppedBefore, keptBefore, (dropped, keptPairs) => {
        const { drop, keep, keepPairs, reopenPairs } = dropsOf(pair, choice);
        const open = reopenPairs.map(pairKey);
        const after = {
          dropped: new Set([...dropped, ...drop].filter((number) => !keep.includes(number))),
          keptPairs: new Set([...keptPairs, ...keepPairs.map(pairKey)].filter((key) => !open.includes(key))),
        };
        expect([choiceOf(pair, after), isJudged(pair, after)]).toEqual([choice, true]);
        expect(after.dropped.has(1)).toBe(dropped.includes(1));
        expect(after.keptPairs.has('1 3')).toBe(keptPairs.includes('1 3'));
        expect([...drop, ...keep].toSorted()).toEqual([3, 8]);
        after.dropped.clear(); // as if other pairs had their photos back
        expect(choiceOf(pair, after)).toBe(choice === 'both' ? 'both' : undefined);
      }),
    );
  });

  it('is none before anybody has judged the pair', () => {
    const others = { dropped: new Set([1]), keptPairs: new Set(['1 3', '1 8']) };
    expect([choiceOf(PAIR, others), isJudged(PAIR, others)]).toEqual([undefined, false]);
  });

  it('is none while other pairs have both photos dropped, but nothing is left to judge', () => {
    const both = { dropped: new Set([3, 8]), keptPairs: new Set<string>() };
    expect([choiceOf(PAIR, both), isJudged(PAIR, both)]).toEqual([undefined, true]);
  });

  it('has a key of its own', () => {
    expect(['s', 'K', 'd', OPEN_KEY].map(choiceByKey)).toEqual([...PAIR_CHOICES, undefined]);
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

describe('the next pair that isn’t judged', () => {
  it.each([
    [[1, 4, 7], 0, 1],
    [[1, 4, 7], 4, 7],
    [[1, 4, 7], 7, 1], // from the start again
    [[4], 4, 4],
    [[], 4, undefined],
  ])('among %j after %i is %s', (open, place, next) => {
    expect(openAfter(open, place)).toBe(next);
  });
});
