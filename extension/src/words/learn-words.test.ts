import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import { bioFeatures, bioWords } from './bio-features.ts';
import {
  foldsOf,
  heldOutLogits,
  type LabeledBio,
  learnWords,
  wordReasons,
  wordsLogit,
  wordWeights,
} from './learn-words.ts';

const SEED = 3;
const bioOf = (text: string, isLiked: boolean): LabeledBio => ({ features: bioFeatures(text, SEED), isLiked });

/** Bios of a few features each, some of which the person likes. */
function smallBios(seed: number, count = 60): LabeledBio[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const features = Array.from({ length: 8 }, (_, feature) => feature * 10).filter(() => random() < 0.4);
    return { features, isLiked: random() < (features.includes(20) ? 0.8 : 0.3) };
  });
}

/**
 * The method written down once more, on a dense table and with plain gradient descent: log-count ratios of features with
 * add-one smoothing, rows scaled to a mean squared length of 1, logistic loss plus the squared weights.
 */
function plainWeights(bios: LabeledBio[]): { weights: Map<number, number>; intercept: number } {
  const all = [...new Set(bios.flatMap(({ features }) => features))];
  const known = all.filter((feature) => bios.filter(({ features }) => features.includes(feature)).length >= 2);
  const sums = (liked: boolean) =>
    known.map(
      (feature) => 1 + bios.filter(({ features, isLiked }) => isLiked === liked && features.includes(feature)).length,
    );
  const [liked, passed] = [sums(true), sums(false)];
  const total = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0);
  const ratios = known.map((_, at) => Math.log(liked[at]! / total(liked) / (passed[at]! / total(passed))));
  const table = bios.map(({ features }) => known.map((feature, at) => (features.includes(feature) ? ratios[at]! : 0)));
  const square = total(table.map((row) => total(row.map((value) => value ** 2)))) / table.length;
  const rows = table.map((row) => row.map((value) => value / Math.sqrt(square)));
  const at = { weights: known.map(() => 0), intercept: 0 };
  for (let step = 0; step < 20_000; step += 1) {
    const errors = rows.map((row, place) => {
      const logit = row.reduce((sum, value, column) => sum + value * at.weights[column]!, at.intercept);
      return 1 / (1 + Math.exp(-logit)) - Number(bios[place]!.isLiked);
    });
    at.weights = at.weights.map((weight, column) => {
      const slope = rows.reduce((sum, row, place) => sum + row[column]! * errors[place]!, 2 * weight);
      return weight - 0.02 * slope;
    });
    at.intercept -= 0.02 * (total(errors) + 1e-3 * at.intercept);
  }
  const weights = new Map(
    known.map((feature, column) => [feature, (at.weights[column]! * ratios[column]!) / Math.sqrt(square)]),
  );
  return { weights, intercept: at.intercept };
}

describe('what is learned', () => {
  it.each([1, 2, 3])('is what an independent implementation learns (bios %i)', (seed) => {
    const bios = smallBios(seed);
    const { weights, intercept } = learnWords(bios);
    const expected = plainWeights(bios);
    expect([...weights.keys()].toSorted()).toEqual([...expected.weights.keys()].toSorted());
    for (const [feature, weight] of weights) expect(weight).toBeCloseTo(expected.weights.get(feature)!, 4);
    expect(intercept).toBeCloseTo(expected.intercept, 4);
  });

  it('ignores features of a single bio', () => {
    const { weights } = learnWords([bioOf('tea', true), bioOf('tea', false), bioOf('goat', true)]);
    expect(weights.has(bioWords('tea', SEED)[0]!.feature)).toBe(true);
    expect(weights.has(bioWords('goat', SEED)[0]!.feature)).toBe(false);
  });

  it('holds out all copies of a bio together', () => {
    const folds = foldsOf([bioOf('tea and maps', true), bioOf('goats', true), bioOf('Tea and MAPS!', false)]);
    expect(folds[0]).toBe(folds[2]);
    const many = foldsOf(smallBios(4, 500).map(({ features }, at) => ({ features: [...features, 1_000 + at] })));
    for (let fold = 0; fold < 5; fold += 1) expect(many.filter((one) => one === fold).length).toBeGreaterThan(60);
  });

  it('never lets a bio’s own label into its held-out logit', () => {
    const bios = smallBios(5);
    const folds = foldsOf(bios);
    const flipped = bios.map((bio, at) => (folds[at] === folds[0] ? { ...bio, isLiked: !bio.isLiked } : bio));
    const [before, after] = [heldOutLogits(bios, folds), heldOutLogits(flipped, folds)];
    for (const [at, fold] of folds.entries()) if (fold === folds[0]) expect(after[at]).toBe(before[at]);
    expect(after).not.toEqual(before);
  });
});

describe('the reasons', () => {
  const texts = [
    'climbing and tea',
    'tea and astrology',
    'I climb',
    'astrology',
    'climbing',
    'maps',
    'tea',
    'Astrology!',
  ];
  const bios = [...texts, ...texts, ...texts].map((text) => bioOf(text, /climb/i.test(text)));
  const model = learnWords(bios);

  it('add up to the logit', () => {
    for (const text of [...texts, 'tea tea climbing tea climbing', 'climbers drink tea']) {
      const sum = wordWeights(model, bioWords(text, SEED)).reduce(
        (total, { weight }) => total + weight,
        model.intercept,
      );
      expect(sum).toBeCloseTo(wordsLogit(model, bioFeatures(text, SEED)), 9);
    }
  });

  it('name the words that count most, in lower case, with their sign, and scaled by their share', () => {
    const reasons = wordReasons(model, 'ASTROLOGY, maps and Climbing', SEED, 1);
    expect(
      reasons
        .slice(0, 2)
        .map(({ word }) => word)
        .toSorted(),
    ).toEqual(['astrology', 'climbing']);
    const weightOf = (word: string) => reasons.find((reason) => reason.word === word)!.weight;
    expect(weightOf('climbing')).toBeGreaterThan(0.1);
    expect(weightOf('astrology')).toBeLessThan(-0.1);
    const [half] = wordReasons(model, 'climbing', SEED, 0.5);
    expect(half!.weight).toBeCloseTo(wordReasons(model, 'climbing', SEED, 1)[0]!.weight / 2, 9);
  });

  it('never name a word that fewer than three labeled bios have, such as a name', () => {
    const named = learnWords([...bios, bioOf('climbing with Xanthe', true), bioOf('climbing with Xanthe', true)]);
    const words = wordReasons(named, 'climbing with Xanthe', SEED, 10).map(({ word }) => word);
    expect(words).toContain('climbing');
    expect(words).not.toContain('xanthe');
  });
});
