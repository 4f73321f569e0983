// @module-tag slow
import type { Label } from '@swipenet/shared/confidence.ts';
import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import { FEATURE_COUNT } from '../head/feature-model.ts';
import { learningCurve } from './learning-curve.ts';

const LEARNING = { seed: 1, target: { kind: 'balanced-accuracy' } } as const;

/** Profiles of two photos. `told` of the labels can be seen in the first photo, the others are random. */
function swipes(count: number, isTold: boolean) {
  const random = seededRandom(3);
  const photos = Array.from({ length: 2 * count }, (_, photo): { label: Label; profile: number } => {
    const profile = Math.floor(photo / 2);
    return { profile, label: profile % 2 === 0 ? 'LIKE' : 'NOPE' };
  });
  const features = Float32Array.from({ length: photos.length * FEATURE_COUNT }, () => 0.02 * random());
  for (const [photo, { label }] of photos.entries()) {
    const shows = isTold && label === 'LIKE' && photo % 2 === 0;
    features[photo * FEATURE_COUNT + 1] = random() + (shows ? 1 : 0);
  }
  return { photos, features };
}

describe('the learning curve', () => {
  it('learns at doubling numbers of swipes, and predicts each later swipe once', () => {
    const { photos, features } = swipes(150, true);
    const curve = learningCurve(photos, features, LEARNING);
    const [first] = curve;
    expect(first!.swipes).toBeGreaterThanOrEqual(40);
    expect(curve.map((point) => point.swipes)).toEqual(curve.map((_, index) => first!.swipes * 2 ** index));
    const predicted = curve.reduce((sum, { next }) => sum + next.count, 0);
    expect(predicted).toBe(150 - first!.swipes);
    for (const { next } of curve) expect(next.balancedAccuracy).toBeGreaterThan(0.7);
  });

  it('promises nothing where labels have nothing to do with the photos', () => {
    const { photos, features } = swipes(150, false);
    for (const { next } of learningCurve(photos, features, LEARNING)) {
      expect(Math.abs(next.auc! - 0.5)).toBeLessThan(0.2);
    }
  });

  it('has no points before each label has 20 swipes', () => {
    const { photos, features } = swipes(38, true);
    expect(learningCurve(photos, features, LEARNING)).toEqual([]);
  });
});
