import { LABELS } from '@swipenet/shared/confidence.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SplitPhoto, splitProfiles } from './split.ts';

/** Returns the photos of some profiles, given how many photos each profile has. */
const photosOf = (nopeSizes: readonly number[], likeSizes: readonly number[]): SplitPhoto[] =>
  [...nopeSizes.map((size) => ['NOPE', size] as const), ...likeSizes.map((size) => ['LIKE', size] as const)].flatMap(
    ([label, size], profile) => Array.from({ length: size }, () => ({ label, profile })),
  );

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 60 });
const ones = (count: number) => Array.from({ length: count }, () => 1);

describe('a split', () => {
  it('keeps profiles whole, gives every split photos of both labels, and meets the shares as closely as possible', () => {
    fc.assert(
      fc.property(sizes, sizes, fc.integer(), fc.constantFrom(0, 10, 30), (nope, like, seed, testPercent) => {
        const photos = photosOf(nope, like);
        const parts = splitProfiles(photos, { seed, testPercent, linked: [] });
        expect(parts.size).toBe(nope.length + like.length);
        for (const label of LABELS) {
          const own = photos.filter((photo) => photo.label === label);
          for (const [part, percent] of [
            ['validation', 15],
            ['test', testPercent],
          ] as const) {
            const count = own.filter(({ profile }) => parts.get(profile) === part).length;
            expect(Math.abs(count - (own.length * percent) / 100)).toBeLessThanOrEqual(9);
            if (percent > 0) expect(count).toBeGreaterThan(0);
          }
          expect(own.some(({ profile }) => parts.get(profile) === 'training')).toBe(true);
        }
      }),
    );
  });

  it('is the same for the same random seed, and different for another', () => {
    const photos = photosOf(ones(50), ones(50));
    const split = (seed: number) => [...splitProfiles(photos, { seed, testPercent: 0, linked: [] })].toSorted();
    expect(split(3)).toEqual(split(3));
    expect(split(3)).not.toEqual(split(4));
  });

  it('has the article’s ratio of 85 to 15', () => {
    const parts = splitProfiles(photosOf(ones(7500), ones(7608)), { seed: 1, testPercent: 0, linked: [] });
    const validation = [...parts.values()].filter((part) => part === 'validation').length;
    expect(validation).toBe(1125 + 1141);
  });

  it.each<[string, SplitPhoto[], number, string]>([
    [
      'one profile per label',
      photosOf([4], [3]),
      0,
      'found 1 usable profile of NOPE and 1 usable profile of LIKE. Each label needs at least 2: one each for training and validation. Each folder',
    ],
    [
      'a label without profiles',
      photosOf([], [1, 1]),
      0,
      'found 0 usable profiles of NOPE. Each label needs at least 2',
    ],
    [
      'two profiles of a label for three splits',
      photosOf([1, 1], [1, 1, 1]),
      20,
      'found 2 usable profiles of NOPE. Each label needs at least 3: one each for training, validation, and test',
    ],
  ])('fails and says what was found and what is needed: %s', (_what, photos, testPercent, message) => {
    expect(() => splitProfiles(photos, { seed: 1, testPercent, linked: [] })).toThrow(
      expect.objectContaining({ code: 'dataset_too_small', message: expect.stringContaining(message) }),
    );
  });

  it('is rejected if pairs join too many profiles', () => {
    const linked = [
      { nope: 0, like: 2 },
      { nope: 1, like: 2 },
    ];
    expect(() => splitProfiles(photosOf([1, 1], [1, 1]), { seed: 1, testPercent: 0, linked })).toThrow(
      /found 2 usable profiles of NOPE.*\. Each label needs at least 2.+\. Profiles that share a pair \(--pairs\) count as one$/,
    );
  });

  it('keeps linked profiles in one split, even if linked through others', () => {
    const photos = photosOf(ones(40), ones(40));
    const chain = [
      { nope: 0, like: 40 },
      { nope: 0, like: 41 },
      { nope: 1, like: 41 },
    ];
    for (let seed = 0; seed < 30; seed += 1) {
      const parts = splitProfiles(photos, { seed, testPercent: 20, linked: chain });
      expect(new Set([0, 1, 40, 41].map((profile) => parts.get(profile))).size).toBe(1);
    }
  });
});
