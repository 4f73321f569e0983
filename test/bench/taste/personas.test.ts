import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DrawnProfile, personaProfiles, recorded } from './personas.ts';

/** 120 photos of each of five kinds. */
const KINDS = Array.from({ length: 600 }, (_, photo) => ['daisy', 'dande', 'roses', 'sunfl', 'tulip'][photo % 5]!);

const build = (seed: number, training = 60) => personaProfiles(KINDS, { kind: 'roses', training, test: 40, seed });

const showing = ({ photos }: DrawnProfile) => photos.filter((photo) => KINDS[photo] === 'roses').length;

const photosOf = (profiles: readonly DrawnProfile[]) => profiles.flatMap(({ photos }) => photos);

const seeds = fc.integer({ min: 0, max: 1_000_000 });

describe('the profiles of a persona', () => {
  it('have 3 to 6 different photos, of which a liked profile shows the kind in 1 or 2, and others in none', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { training, test } = build(seed, 300);
        return [...training, ...test].every((profile) => {
          const { photos, label } = profile;
          const isFit = photos.length >= 3 && photos.length <= 6 && new Set(photos).size === photos.length;
          return isFit && (label === 'LIKE' ? [1, 2] : [0]).includes(showing(profile));
        });
      }),
      { numRuns: 30 },
    );
  });

  it('never share a photo between training and test, and never repeat one in the test', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { training, test } = build(seed, 300);
        const tested = photosOf(test);
        const isTested = new Set(tested);
        return isTested.size === tested.length && !photosOf(training).some((photo) => isTested.has(photo));
      }),
      { numRuns: 30 },
    );
  });

  it('train on every other photo once before any a second time', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const counts = new Map<number, number>();
        const { training } = build(seed, 300);
        for (const photo of photosOf(training)) {
          if (KINDS[photo] !== 'roses') counts.set(photo, (counts.get(photo) ?? 0) + 1);
        }
        return Math.max(...counts.values()) - Math.min(...counts.values()) <= 1;
      }),
      { numRuns: 30 },
    );
  });

  it.each([20, 40, 80, 320])('are liked by 36% among the first %i', (size) => {
    const likes = build(1, 320)
      .training.slice(0, size)
      .filter(({ label }) => label === 'LIKE');
    expect(likes).toHaveLength(Math.floor(0.36 * size));
  });

  it('use every number of photos', () => {
    const sizes = new Set(build(1).training.map(({ photos }) => photos.length));
    expect([...sizes].toSorted()).toEqual([3, 4, 5, 6]);
  });

  it('are the same for the same seed, and others for another seed or kind', () => {
    expect(build(7)).toEqual(build(7));
    expect(build(8).test).not.toEqual(build(7).test);
    const other = personaProfiles(KINDS, { kind: 'tulip', training: 60, test: 40, seed: 7 });
    expect(other.test).not.toEqual(build(7).test);
  });

  it('start with the same ones, however many there are', () => {
    expect(build(3, 160).training.slice(0, 20)).toEqual(build(3, 20).training);
  });

  it('fail with the counts if there are too few photos', () => {
    const few = () => personaProfiles(KINDS, { kind: 'roses', training: 20, test: 200, seed: 1 });
    expect(few).toThrow(
      '200 test profiles need 151 photos of roses and 1207 of other kinds, but there are 120 and 480',
    );
  });
});

describe('recorded labels', () => {
  const { training } = build(5, 2000);
  const wrongAt = (share: number) => {
    const kept = recorded(training, 2000, share);
    return new Set(kept.flatMap(({ label }, profile) => (label === training[profile]!.label ? [] : [profile])));
  };

  it('are all right without wrong ones', () => {
    expect(recorded(training, 30, 0)).toEqual(training.slice(0, 30));
  });

  it.each([0.1, 0.2])('are wrong for a share of %d', (share) => {
    expect(Math.abs(wrongAt(share).size / 2000 - share)).toBeLessThan(0.03);
  });

  it('that are wrong at 10% are wrong at 20%, too', () => {
    expect(wrongAt(0.1).isSubsetOf(wrongAt(0.2))).toBe(true);
  });
});
