import { LABELS } from '@swipenet/shared/confidence.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SplitPhoto, splitProfiles } from './split.ts';

/** Photos of profiles, told by how many photos each has. */
const photosOf = (nopeSizes: readonly number[], likeSizes: readonly number[]): SplitPhoto[] =>
  [...nopeSizes.map((size) => ['NOPE', size] as const), ...likeSizes.map((size) => ['LIKE', size] as const)].flatMap(
    ([label, size], profile) => Array.from({ length: size }, () => ({ label, profile })),
  );

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 60 });
const ones = (count: number) => Array.from({ length: count }, () => 1);

describe('a split', () => {
  it('gives every profile one part, every part photos of both labels, and shares as near as profiles allow', () => {
    fc.assert(
      fc.property(sizes, sizes, fc.integer(), fc.constantFrom(0, 10, 30), (nope, like, seed, testPercent) => {
        const photos = photosOf(nope, like);
        const parts = splitProfiles(photos, { seed, testPercent, together: [] });
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

  it('is the same for the same seed and another for another', () => {
    const photos = photosOf(ones(50), ones(50));
    const split = (seed: number) => [...splitProfiles(photos, { seed, testPercent: 0, together: [] })].toSorted();
    expect(split(3)).toEqual(split(3));
    expect(split(3)).not.toEqual(split(4));
  });

  it('has the article’s shares: 85 to 15', () => {
    const parts = splitProfiles(photosOf(ones(7500), ones(7608)), { seed: 1, testPercent: 0, together: [] });
    const validation = [...parts.values()].filter((part) => part === 'validation').length;
    expect(validation).toBe(1125 + 1141);
  });

  it.each<[string, SplitPhoto[], number, string]>([
    [
      'one profile of each label',
      photosOf([4], [3]),
      0,
      'found 1 usable profile of NOPE and 1 usable profile of LIKE; each label needs 2 at least, one for each of training, validation; each folder',
    ],
    ['a label without any', photosOf([], [1, 1]), 0, 'found 0 usable profiles of NOPE; each label needs 2 at least'],
    [
      'two of one label for three parts',
      photosOf([1, 1], [1, 1, 1]),
      20,
      'found 2 usable profiles of NOPE; each label needs 3 at least, one for each of training, validation, test',
    ],
  ])(
    'says what was found and what is needed, of every label that has too few: %s',
    (_what, photos, testPercent, message) => {
      expect(() => splitProfiles(photos, { seed: 1, testPercent, together: [] })).toThrow(
        expect.objectContaining({ code: 'dataset_too_small', message: expect.stringContaining(message) }),
      );
    },
  );

  it('says where pairs leave too few that can be parted', () => {
    const together = [
      { nope: 0, like: 2 },
      { nope: 1, like: 2 },
    ];
    expect(() => splitProfiles(photosOf([1, 1], [1, 1]), { seed: 1, testPercent: 0, together })).toThrow(
      /found 2 usable profiles of NOPE.*; each label needs 2 at least.+; profiles with a pair in common \(--pairs\) count as one$/,
    );
  });

  it('keeps what belongs together in one part, also through others', () => {
    const photos = photosOf(ones(40), ones(40));
    const chain = [
      { nope: 0, like: 40 },
      { nope: 0, like: 41 },
      { nope: 1, like: 41 },
    ];
    for (let seed = 0; seed < 30; seed += 1) {
      const parts = splitProfiles(photos, { seed, testPercent: 20, together: chain });
      expect(new Set([0, 1, 40, 41].map((profile) => parts.get(profile))).size).toBe(1);
    }
  });
});
