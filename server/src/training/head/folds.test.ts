import { LABELS } from '@swipenet/shared/confidence.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldsInOrder, foldsOf } from './folds.ts';

/** Photos of arbitrary profiles. Each profile has one label. */
const photos = fc
  .array(fc.record({ like: fc.boolean(), photos: fc.integer({ min: 1, max: 5 }) }), { minLength: 1, maxLength: 30 })
  .map((profiles) =>
    profiles.flatMap((one, profile) =>
      Array.from({ length: one.photos }, () => ({ profile, label: LABELS[one.like ? 1 : 0] })),
    ),
  );

describe('folds', () => {
  it('never split a profile, and always leave photos of both labels to train on', () => {
    fc.assert(
      fc.property(photos, fc.nat(), (all, seed) => {
        const { folds, foldOf } = foldsOf(all, seed);
        const place = new Map<number, number>();
        for (const [index, { profile }] of all.entries()) {
          expect(place.get(profile) ?? foldOf[index]).toBe(foldOf[index]);
          place.set(profile, foldOf[index]!);
        }
        for (const label of LABELS) {
          const of = new Set(all.flatMap((photo, index) => (photo.label === label ? [foldOf[index]] : [])));
          expect(of.size).toBeGreaterThanOrEqual(Math.min(folds, 2));
        }
      }),
    );
  });

  it('spread each label evenly', () => {
    const all = Array.from({ length: 60 }, (_, profile) => ({ profile, label: LABELS[profile < 15 ? 1 : 0] }));
    const { folds, foldOf } = foldsOf(all, 1);
    for (let fold = 0; fold < folds; fold += 1) {
      const held = all.filter((_, index) => foldOf[index] === fold);
      expect(held.filter(({ label }) => label === 'LIKE')).toHaveLength(3);
      expect(held).toHaveLength(12);
    }
  });

  it('in order, stay where they are when profiles are added, and spread each label evenly', () => {
    fc.assert(
      fc.property(photos, fc.nat(), (all, cut) => {
        const { foldOf } = foldsInOrder(all);
        const { profile: first } = all[cut % all.length]!;
        const earlier = all.filter(({ profile }) => profile <= first);
        expect([...foldsInOrder(earlier).foldOf]).toEqual([...foldOf.slice(0, earlier.length)]);
        for (const label of LABELS) {
          const own = new Map(
            all.flatMap((photo, at) => (photo.label === label ? [[photo.profile, foldOf[at]!]] : [])),
          );
          const sizes = [0, 1, 2, 3, 4].map((fold) => [...own.values()].filter((one) => one === fold).length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
