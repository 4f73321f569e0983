// @module-tag slow
import type { Label } from '@swipenet/shared/confidence.ts';
import { decide } from '@swipenet/shared/decision.ts';
import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import { auc } from '../evaluation/metrics.ts';
import { FEATURE_COUNT } from '../head/feature-model.ts';
import { marginsOfRows } from '../head/logistic.ts';
import { type LearnedProfiles, learnProfiles } from './learn-profiles.ts';

const BALANCED = { seed: 0, target: { kind: 'balanced-accuracy' } } as const;

interface Invented {
  readonly label: Label;
  readonly profile: number;
}

/** Profiles of two to four photos. One photo of a liked profile stands out in the first feature. */
function invented(count: number, seed: number, likeRate = 0.4): { photos: Invented[]; features: Float32Array } {
  const random = seededRandom(seed);
  const photos: Invented[] = [];
  const firsts: number[] = [];
  for (let profile = 0; profile < count; profile += 1) {
    const label = profile < likeRate * count ? 'LIKE' : 'NOPE';
    const size = 2 + Math.floor(3 * random());
    for (let index = 0; index < size; index += 1) {
      photos.push({ label, profile });
      firsts.push(random() + (label === 'LIKE' && index === 0 ? 1 : 0));
    }
  }
  const features = Float32Array.from({ length: photos.length * FEATURE_COUNT }, () => 0.02 * random());
  for (const [photo, first] of firsts.entries()) features[photo * FEATURE_COUNT + 1] = first;
  return { photos, features };
}

/** Decides profiles as a served model would. */
function decided({ head, rule }: LearnedProfiles, { photos, features }: ReturnType<typeof invented>) {
  const margins = marginsOfRows(Float64Array.from(features), head);
  const numbers = Map.groupBy(photos.keys(), (photo) => photos[photo]!.profile);
  return [...numbers.values()].map((own) => {
    const likes = own.map((photo) => 1 / (1 + Math.exp(-margins[photo]!)));
    return { label: photos[own[0]!]!.label, likes, ...decide({ likes, photoCount: likes.length, rule }) };
  });
}

describe('learning from profiles', () => {
  it.each([
    ['few profiles, by their mean features', 60, ['means']],
    ['many profiles, by the better way', 120, ['means', 'photos']],
  ] as const)('tells new profiles apart: %s', (_, count, kinds) => {
    const { photos, features } = invented(count, 1);
    const learned = learnProfiles(photos, features, BALANCED);
    expect([...new Set(learned.compared.map(({ kind }) => kind))].toSorted()).toEqual(kinds);
    const fresh = decided(learned, invented(200, 2));
    const right = fresh.filter(({ label, swipe }) => (label === 'LIKE') === (swipe === 'right')).length;
    expect(right / fresh.length).toBeGreaterThan(0.8);
    expect(auc(fresh.map(({ label, like }) => ({ label, like: like! })))).toBeGreaterThan(0.85);
  });

  it('doesn’t like everyone, however few likes there are', () => {
    const { photos, features } = invented(150, 3, 0.15);
    const fresh = decided(learnProfiles(photos, features, BALANCED), invented(200, 4, 0.15));
    const passed = fresh.filter(({ label, swipe }) => label === 'NOPE' && swipe === 'left').length;
    expect(passed / 170).toBeGreaterThan(0.7);
  });

  it('keeps the probability of a profile and its label out of the head that predicts it', () => {
    const random = seededRandom(5);
    const { photos, features } = invented(120, 5);
    const labels = Array.from({ length: 120 }, (): Label => (random() < 0.5 ? 'LIKE' : 'NOPE'));
    const shuffled = photos.map(({ profile }) => ({ profile, label: labels[profile]! }));
    const { outOfFold } = learnProfiles(shuffled, features, BALANCED);
    // Labels that have nothing to do with the photos can be remembered, but not predicted.
    expect(Math.abs(auc(outOfFold)! - 0.5)).toBeLessThan(0.15);
  });

  it('serves the target that it is asked for', () => {
    const { photos, features } = invented(120, 6);
    const shareAt = (value: number) => {
      const { outOfFold, rule } = learnProfiles(photos, features, { seed: 0, target: { kind: 'like-rate', value } });
      return outOfFold.filter(({ like }) => like >= rule.threshold).length / outOfFold.length;
    };
    expect(shareAt(0.2)).toBeCloseTo(0.2, 1);
    expect(shareAt(0.6)).toBeCloseTo(0.6, 1);
  });

  it('depends only on its arguments', () => {
    const { photos, features } = invented(60, 7);
    expect(learnProfiles(photos, features, BALANCED)).toEqual(learnProfiles(photos, features, BALANCED));
  });

  it('refuses fewer than 20 profiles of a label, and says how many there are', () => {
    const { photos, features } = invented(45, 8);
    expect(() => learnProfiles(photos, features, BALANCED)).toThrow(
      'learning from profiles needs at least 20 training profiles of each label, but there are only 27 NOPE and 18 LIKE',
    );
  });
});
