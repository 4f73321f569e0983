import { LABELS, labelOf } from '@swipenet/shared/confidence.ts';
import { ranked } from '@swipenet/shared/ranked-scores.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL_ANSWERS, ModelAnswers } from './model-answers.ts';

/** Photos that a model scored, by their numbers in the dataset. */
const scored = fc.uniqueArray(
  fc.record({
    number: fc.nat(60),
    label: fc.constantFrom(...LABELS),
    like: fc.float({ min: 0, max: 1, noNaN: true }),
  }),
  { selector: ({ number }) => number, maxLength: 40 },
);

const THRESHOLD = 0.4;

function answersOf(photos: readonly { number: number; label: 'LIKE' | 'NOPE'; like: number }[]): ModelAnswers {
  const rows = ranked(photos);
  const scores = {
    numbers: Uint32Array.from(rows, ({ number }) => number),
    likes: Float32Array.from(rows, ({ like }) => like),
    likeCount: rows.filter(({ label }) => label === 'LIKE').length,
  };
  return new ModelAnswers(scores, THRESHOLD);
}

const ALL = Uint32Array.from({ length: 64 }, (_, number) => number);

describe('what a model said about photos', () => {
  it('finds exactly the photos in a range, the most confident first', () => {
    fc.assert(
      fc.property(scored, fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), (photos, a, b) => {
        const [fromPercent, toPercent] = [Math.min(a, b), Math.max(a, b)];
        const found = answersOf(photos).matching(ALL, { ...ALL_ANSWERS, fromPercent, toPercent });
        const [from, to] = [Math.fround(fromPercent / 100), Math.fround(toPercent / 100)];
        const expected = photos
          .filter(({ like }) => like >= from && like <= to)
          .toSorted((one, other) => other.like - one.like || one.number - other.number);
        expect([...found]).toEqual(expected.map(({ number }) => number));
      }),
    );
  });

  it('finds exactly the photos whose label it disagrees with, the least likely label first', () => {
    fc.assert(
      fc.property(scored, (photos) => {
        const found = answersOf(photos).matching(ALL, { ...ALL_ANSWERS, isDisagreeing: true });
        const wrong = photos.filter(({ like, label }) => labelOf(like, THRESHOLD) !== label);
        expect([...found].toSorted((a, b) => a - b)).toEqual(
          wrong.map(({ number }) => number).toSorted((a, b) => a - b),
        );
        const inLabel = [...found].map((number) => {
          const { like, label } = photos.find((photo) => photo.number === number)!;
          return label === 'LIKE' ? like : 1 - like;
        });
        expect(inLabel).toEqual(inLabel.toSorted((a, b) => a - b));
      }),
    );
  });

  it('leaves out photos that another filter left out, and those that the model didn’t see', () => {
    const answers = answersOf([
      { number: 3, label: 'LIKE', like: 0.75 },
      { number: 5, label: 'NOPE', like: 0.5 },
    ]);
    expect([...answers.matching(Uint32Array.of(5, 4), ALL_ANSWERS)]).toEqual([5]);
    expect([answers.likeOf(3), answers.likeOf(4), answers.likeOf(63)]).toEqual([0.75, undefined, undefined]);
  });
});
