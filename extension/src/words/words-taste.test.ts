// @module-tag slow
import { describe, expect, it } from 'vitest';
import { type MadeTaste, madeSwipes } from '../../../test/support/made-bios.ts';
import { bioFeatures } from './bio-features.ts';
import { fitBlend, joinedProbability } from './blend.ts';
import { sigmoid } from './logistic.ts';
import { type BioSwipe, judgeBio, learnTaste } from './words-taste.ts';

const SEED = 11;

const swipesOf = (seed: number, count: number, taste: MadeTaste): BioSwipe[] =>
  madeSwipes(seed, count, taste).map(({ bio, photos, isLiked }) => ({
    ...{ features: bioFeatures(bio, SEED), photos: sigmoid(photos), isLiked },
  }));

const WORDS: MadeTaste = { words: 1, photos: 1 };

describe('with a preference in the words', () => {
  const tastes = Array.from({ length: 8 }, (_, seed) => learnTaste(swipesOf(seed, 400, WORDS))!);

  it('they join the photos', () => {
    expect(tastes.filter(({ joins }) => joins).length).toBeGreaterThanOrEqual(6);
  });

  it('they lower the loss of swipes that nothing was learned from', () => {
    const gains = tastes.map(({ model: _, test }) => test.alone - test.joined);
    expect(gains.reduce((sum, gain) => sum + gain, 0) / gains.length).toBeGreaterThan(0.02);
    const fresh = tastes.map((taste, seed) => {
      const swipes = madeSwipes(seed + 500, 300, WORDS);
      const judged = swipes.map(({ bio, photos }) => {
        return judgeBio({ ...taste, joins: true }, { bio, seed: SEED, like: sigmoid(photos), threshold: 0.5 })!.like;
      });
      const loss = (likes: number[]) =>
        likes.reduce((sum, like, at) => sum - Math.log(swipes[at]!.isLiked ? like : 1 - like), 0) / swipes.length;
      return loss(swipes.map(({ photos }) => sigmoid(photos))) - loss(judged);
    });
    expect(fresh.filter((gain) => gain > 0).length).toBeGreaterThanOrEqual(7);
  });

  it('a verdict names them', () => {
    const taste = tastes.find(({ joins }) => joins)!;
    const judge = (bio: string) => judgeBio(taste, { bio, seed: SEED, like: 0.4, threshold: 0.4 })!;
    expect(judge('Always up for climbing').reasons[0]).toMatchObject({ word: 'climbing' });
    expect(judge('Always up for climbing').like).toBeGreaterThan(judge('Always up for astrology').like);
    expect(judgeBio(taste, { bio: '!', seed: SEED, like: 0.4, threshold: 0.4 })).toBeUndefined();
  });
});

describe('without a preference in the words', () => {
  it.each<[string, MadeTaste]>([
    ['calibrated', { words: 0, photos: 1 }],
    ['overconfident', { words: 0, photos: 0.4 }],
  ])('they stay out, also if the photos’ probability is %s', (_, taste) => {
    const joined = Array.from({ length: 16 }, (_, seed) => learnTaste(swipesOf(100 + seed, 150, taste))!.joins);
    expect(joined.filter(Boolean).length).toBeLessThanOrEqual(2); // by chance, 1 in 20
  });

  it('a verdict is left as it is', () => {
    const taste = learnTaste(swipesOf(100, 200, { words: 0, photos: 1 }))!;
    expect(
      judgeBio({ ...taste, joins: false }, { bio: 'climbing', seed: SEED, like: 0.4, threshold: 0.4 }),
    ).toBeUndefined();
  });
});

it('starts at 100 bios with at least 20 likes and 20 passes', () => {
  const swipes = swipesOf(1, 200, WORDS);
  expect(learnTaste(swipes.slice(0, 99))).toBeUndefined();
  expect(learnTaste(swipes.slice(0, 100))).toBeDefined();
  const likes = swipes.filter(({ isLiked }) => isLiked);
  const passes = swipes.filter(({ isLiked }) => !isLiked);
  expect(learnTaste([...passes.slice(0, 100), ...likes.slice(0, 19)])).toBeUndefined();
  expect(learnTaste([...passes.slice(0, 100), ...likes.slice(0, 20)])).toBeDefined();
});

describe('a blend', () => {
  const swipe = (photos: number, words: number, isLiked: boolean) => ({ photos, words, isLiked, fold: 0 });

  it('never turns the photos or the words against themselves', () => {
    const reversed = Array.from({ length: 100 }, (_, at) =>
      swipe(at % 2 ? 2 : -2, at % 4 < 2 ? 2 : -2, at % 2 === 0 && at % 4 >= 2),
    );
    const { photos, words } = fitBlend(reversed, true);
    expect(photos).toBeGreaterThanOrEqual(0);
    expect(words).toBeGreaterThanOrEqual(0);
  });

  it('trusts the photos as they are while little is known', () => {
    expect(fitBlend([], true)).toEqual({ photos: 1, words: 0, intercept: 0 });
    expect(fitBlend([], false)).toEqual({ photos: 1, words: 0, intercept: 0 });
  });

  it('leaves a profile at the threshold there if its words say nothing, however the photos are recalibrated', () => {
    const blend = { photos: 0.5, words: 0, intercept: -1 };
    for (const threshold of [0.2, 0.4, 0.9]) {
      const photos = Math.log(threshold / (1 - threshold));
      expect(joinedProbability({ alone: blend, joined: blend }, { photos, words: 3 }, threshold)).toBeCloseTo(
        threshold,
        9,
      );
    }
  });
});
