import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareScores } from './compared-scores.ts';
import { LABELS, labelOf } from './confidence.ts';
import { type RankedScores, ranked } from './ranked-scores.ts';

const fraction = fc.integer({ min: 0, max: 8 }).map((level) => level / 8);
const itemsOf = fc.array(fc.record({ label: fc.constantFrom(...LABELS), first: fraction, second: fraction }), {
  maxLength: 30,
});

type Item = { readonly label: (typeof LABELS)[number]; readonly first: number; readonly second: number };

function scoresOf(items: readonly Item[], which: 'first' | 'second'): RankedScores {
  const rows = ranked(items.map((item, number) => ({ number, label: item.label, like: item[which] })));
  return {
    numbers: Uint32Array.from(rows, ({ number }) => number),
    likes: Float32Array.from(rows, ({ like }) => like),
    likeCount: rows.filter(({ label }) => label === 'LIKE').length,
  };
}

describe('two models’ scores', () => {
  it('differ on exactly what their thresholds label differently, and one of them is right on each', () => {
    fc.assert(
      fc.property(itemsOf, fraction, fraction, (items, t1, t2) => {
        const compared = compareScores(
          { scores: scoresOf(items, 'first'), threshold: t1 },
          { scores: scoresOf(items, 'second'), threshold: t2 },
        )!;
        const labels = items.map(({ label, first, second }) => [label, labelOf(first, t1), labelOf(second, t2)]);
        const expected = labels.flatMap(([label, one, two], number) => (one === two ? [] : [{ number, label, two }]));
        const byNumber = compared.flips.toSorted((a, b) => a.number - b.number);
        expect(byNumber.map(({ number, label, becomes: two }) => ({ number, label, two }))).toEqual(expected);
        const right = (which: 1 | 2) => labels.filter((row) => row[1] !== row[2] && row[which] === row[0]).length;
        expect([compared.firstRight, compared.secondRight]).toEqual([right(1), right(2)]);
      }),
    );
  });

  it('can’t be compared on different photos', () => {
    const one = scoresOf([{ label: 'LIKE', first: 1, second: 0 }], 'first');
    const other = { ...one, numbers: Uint32Array.of(7) };
    expect(compareScores({ scores: one, threshold: 0.4 }, { scores: other, threshold: 0.4 })).toBeUndefined();
  });
});
