import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bioFeatures, bioWords, FEATURE_SPACE } from './bio-features.ts';

/** Letters of each script, and words that people use in it. */
const SCRIPTS = {
  Latin: [...'abcdefghijklmnopqrstuvwxyzéñøçß', 'climbing', 'Café', "don't"],
  Cyrillic: [...'абвгдежзийклмнопрстуфхцчшщыэюяёї', 'Горы', 'їжак'],
  Arabic: [...'ابتثجحخدذرزسشصضطظعغفقكلمنهوي', 'جبال', 'كِتَاب'],
  CJK: [...'登山旅行咖啡東京料理猫犬本山', 'コーヒー', '산책'],
  emoji: ['🧗', '🐕', '☕', '🏳️‍🌈', '👩🏽‍🚀', '🇯🇵', '❤️', '👍🏿'],
} as const;

const textOf = (units: readonly string[]) =>
  fc
    .array(fc.oneof(fc.constantFrom(...units), fc.constantFrom(' ', ' ', ', ', '\n', '! ')), { maxLength: 60 })
    .map((parts) => parts.join(''));

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

/** Runs a property without printing the texts that break it. */
const holds = (property: fc.IProperty<never>) => expect(fc.check(property).failed).toBe(false);

describe.each(Object.entries(SCRIPTS))('a text in %s', (_, units) => {
  const texts = textOf(units);

  it('has the same features each time, ascending, distinct and in range', () => {
    holds(
      fc.property(texts, seeds, (text, seed) => {
        const features = bioFeatures(text, seed);
        const isOrdered = features.every((feature, at) => at === 0 || feature > features[at - 1]!);
        const isInRange = features.every(
          (feature) => Number.isInteger(feature) && feature >= 0 && feature < FEATURE_SPACE,
        );
        return isOrdered && isInRange && `${bioFeatures(text, seed)}` === `${features}`;
      }) as never,
    );
  });

  it('has the same features in upper and lower case, composed and decomposed, with other spaces', () => {
    holds(
      fc.property(texts, seeds, (text, seed) => {
        const features = `${bioFeatures(text, seed)}`;
        const forms = [
          text.toUpperCase(),
          text.normalize('NFC'),
          text.normalize('NFD'),
          text.replaceAll(' ', '  '),
          ` ${text}\n`,
        ];
        return forms.every((form) => `${bioFeatures(form, seed)}` === features);
      }) as never,
    );
  });

  it('has all features of each of its words', () => {
    holds(
      fc.property(texts, seeds, (text, seed) => {
        const features = new Set(bioFeatures(text, seed));
        const words = bioWords(text, seed);
        return words.every(
          (word) => word.features.includes(word.feature) && word.features.every((one) => features.has(one)),
        );
      }) as never,
    );
  });
});

it('never throws, whatever the text is', () => {
  // Any UTF-16 units at all, so also halves of characters, and any code points of all planes.
  const units = fc.oneof(
    fc.nat(0xffff).map((unit) => String.fromCharCode(unit)),
    fc.nat(0x10ffff).map((point) => String.fromCodePoint(point)),
  );
  holds(
    fc.property(fc.array(units, { maxLength: 60 }), (parts) => {
      bioWords(parts.join(''), 1);
      return true;
    }) as never,
  );
});

it('has the pairs and the letter sequences of words, edges included', () => {
  const features = (text: string) => new Set(bioFeatures(text, 5));
  const shared = (one: string, other: string) =>
    [...features(one)].filter((feature) => features(other).has(feature)).length;
  // What <CLIMB has: <CL CLI LIM IMB, <CLI CLIM LIMB, <CLIM CLIMB
  expect(shared('climbing', 'climber')).toBe(9);
  expect(shared('tea', 'dogs')).toBe(0);
  expect(features('no dogs').size).toBe(features('no').size + features('dogs').size + 1);
  expect(bioWords('no dogs', 5).map(({ word }) => word)).toEqual(['NO', 'DOGS']);
  expect([bioFeatures('', 5), bioFeatures(' … !', 5)]).toEqual([[], []]);
});

it('numbers the features differently for another seed', () => {
  expect(bioFeatures('climbing', 1)).not.toEqual(bioFeatures('climbing', 2));
});

it('reads only the beginning of a very long text', () => {
  expect(bioWords('tea '.repeat(10_000), 1)).toHaveLength(500);
});
