import type { Label } from '@swipenet/shared/confidence.ts';
import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import { FEATURE_COUNT } from './feature-model.ts';
import { learnHead } from './learn-head.ts';
import { marginsOfRows } from './logistic.ts';

interface Invented {
  readonly label: Label;
  readonly profile: number;
}

/** Noise as features. `set` can replace the first features of each photo. */
function noise(count: number, seed: number, set: (photo: number) => readonly number[]): Float32Array {
  const random = seededRandom(seed);
  const features = Float32Array.from({ length: count * FEATURE_COUNT }, () => 0.05 * random());
  for (let photo = 0; photo < count; photo += 1) features.set(set(photo), photo * FEATURE_COUNT);
  return features;
}

/** Photos whose labels overlap: a LIKE photo is half a unit further along the first feature. */
function overlapping(likes: number, nopes: number, seed: number) {
  const random = seededRandom(seed);
  const photos = Array.from(
    { length: likes + nopes },
    (_, profile): Invented => ({ profile, label: profile < likes ? 'LIKE' : 'NOPE' }),
  );
  const features = noise(photos.length, seed, (photo) => [random() + (photos[photo]!.label === 'LIKE' ? 0.5 : 0)]);
  return { photos, features };
}

const rightOf = (margins: Float64Array, side: number) =>
  margins.reduce((sum, margin) => sum + (margin * side > 0 ? 1 / margins.length : 0), 0);

describe('a head', () => {
  it('does not favor the label with more photos', () => {
    const { photos, features } = overlapping(7, 42, 1);
    const { head } = learnHead(photos, features, 0);
    const fresh = overlapping(100, 100, 2).features;
    const margins = marginsOfRows(Float64Array.from(fresh), head);
    const [likes, nopes] = [rightOf(margins.slice(0, 100), 1), rightOf(margins.slice(100), -1)];
    expect(likes).toBeGreaterThan(0.6);
    expect(nopes).toBeGreaterThan(0.6);
  }, 30_000);

  it('is validated on unseen profiles, so features that identify profiles but not labels are worthless', () => {
    const random = seededRandom(4);
    const photos = Array.from({ length: 48 }, (_, index): Invented => {
      const profile = Math.floor(index / 6);
      return { profile, label: profile % 2 === 0 ? 'LIKE' : 'NOPE' };
    });
    const features = noise(48, 4, (photo) =>
      Array.from({ length: 8 }, (_, at) => (at === photos[photo]!.profile ? 3 : random())),
    );
    const { outOfFold } = learnHead(photos, features, 0);
    const right = outOfFold.filter(({ label, margin }) => (label === 'LIKE' ? margin > 0 : margin < 0)).length;
    expect(right / 48).toBeLessThan(0.7);
  }, 30_000);

  it('depends only on its photos and the random seed, and doesn’t use the spare filters', () => {
    const { photos, features } = overlapping(9, 12, 5);
    const [first, second] = [learnHead(photos, features, 3), learnHead(photos, features, 3)];
    expect(second).toEqual(first);
    expect(first.spare.map((filter) => first.head.weights[filter])).toEqual([0, 0]);
  }, 30_000);

  it('can train on several crops of each photo', () => {
    const { photos, features } = overlapping(8, 8, 6);
    const twice = new Float32Array(2 * features.length);
    for (let photo = 0; photo < 16; photo += 1) {
      const row = features.subarray(photo * FEATURE_COUNT, (photo + 1) * FEATURE_COUNT);
      for (const crop of [0, 1]) twice.set(row, (2 * photo + crop) * FEATURE_COUNT);
    }
    const [once, both] = [learnHead(photos, features, 0), learnHead(photos, twice, 0)];
    expect(both.head.bias).toBeCloseTo(once.head.bias, 5);
    expect(both.outOfFold.map(({ margin }) => margin)).toEqual(
      once.outOfFold.map(({ margin }) => expect.closeTo(margin, 5)),
    );
  }, 30_000);

  it.each([
    ['too few photos', 3, (photo: number) => photo, 'only has 3'],
    ['a single profile', 6, (photo: number) => (photo < 6 ? 0 : photo), 'at least two training profiles'],
  ])('is rejected for %s', (_what, likes, profileOf, message) => {
    const { photos, features } = overlapping(likes, 8, 7);
    const grouped = photos.map((photo, index) => ({ ...photo, profile: profileOf(index) }));
    expect(() => learnHead(grouped, features, 0)).toThrow(message);
  });
});
