import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LABELS, labelOf } from './confidence.ts';
import { confusionOf } from './confusion.ts';
import {
  confusionAt,
  flipsBetween,
  lossAt,
  type RankedScores,
  ranked,
  rowsOf,
  type ScoredItem,
  worstRows,
} from './ranked-scores.ts';

/** Confidences from a small set, so that ties are common. */
const fraction = fc.integer({ min: 0, max: 8 }).map((level) => level / 8);
const itemsOf = fc
  .array(fc.record({ label: fc.constantFrom(...LABELS), like: fraction }), { maxLength: 40 })
  .map((items) => items.map((item, number) => ({ ...item, number })));

function scoresOf(items: readonly ScoredItem[]): RankedScores {
  const rows = ranked(items);
  return {
    numbers: Uint32Array.from(rows, ({ number }) => number),
    likes: Float32Array.from(rows, ({ like }) => like),
    likeCount: rows.filter(({ label }) => label === 'LIKE').length,
  };
}

describe('ranked scores', () => {
  it('give the confusion matrix of every threshold, as one by one', () => {
    fc.assert(
      fc.property(itemsOf, fraction, (items, threshold) => {
        const verdicts = items.map(({ label, like }) => ({ label, verdict: labelOf(like, threshold) }));
        expect(confusionAt(scoresOf(items), threshold)).toEqual(confusionOf(verdicts));
      }),
    );
  });

  it('give the items of each cell of the matrix, and each item once', () => {
    fc.assert(
      fc.property(itemsOf, fraction, (items, threshold) => {
        const scores = scoresOf(items);
        for (const label of LABELS) {
          for (const verdict of LABELS) {
            const { first, end } = rowsOf(scores, label, verdict, threshold);
            const expected = items.filter((item) => item.label === label && labelOf(item.like, threshold) === verdict);
            expect([...scores.numbers.slice(first, end)].toSorted((a, b) => a - b)).toEqual(
              expected.map(({ number }) => number),
            );
          }
        }
      }),
    );
  });

  it('count what flips between two thresholds, as one by one', () => {
    fc.assert(
      fc.property(itemsOf, fraction, fraction, (items, from, to) => {
        const becomes = (label: string) =>
          items.filter(({ like }) => labelOf(like, from) !== label && labelOf(like, to) === label).length;
        expect(flipsBetween(scoresOf(items), from, to)).toEqual({ LIKE: becomes('LIKE'), NOPE: becomes('NOPE') });
      }),
    );
  });

  it('find the largest losses, the worst first', () => {
    fc.assert(
      fc.property(itemsOf, fc.integer({ min: 0, max: 50 }), (items, most) => {
        const scores = scoresOf(items);
        const losses = items.map(({ label, like }) => (label === 'LIKE' ? -Math.log(like) : -Math.log(1 - like)) || 0);
        const expected = losses.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0)).slice(0, most);
        expect(worstRows(scores, most).map((row) => lossAt(scores, row))).toEqual(expected);
      }),
    );
  });
});
