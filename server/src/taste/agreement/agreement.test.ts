import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import type { JudgedSwipe } from '../store/swipe-record.ts';
import {
  balancedAgreement,
  type CountedSwipe,
  countedSwipes,
  NO_AGREEMENT,
  withFadingSwipe,
  withSwipe,
} from './agreement.ts';

/** A swipe that counts: the network was 30% sure of a like and said left, and so did the person. */
const JUDGED: JudgedSwipe = {
  swipe: 'left',
  decision: 'left',
  probability: 0.3,
  decidedBy: 'network',
  verdict: 'hidden',
  isFirst: true,
  model: 'taste-0001',
};

const swipesOf = (liked: boolean, agreed: boolean, count: number): CountedSwipe[] =>
  Array.from({ length: count }, () => ({ liked, agreed }));

const agreementOf = (swipes: readonly CountedSwipe[]) => swipes.reduce(withSwipe, NO_AGREEMENT);

describe('which swipes count', () => {
  it.each<[string, Partial<JudgedSwipe>]>([
    ['whose verdict was shown', { verdict: 'shown' }],
    ['without a verdict', { verdict: 'none' }],
    ['decided by a rule', { decidedBy: 'rule' }],
    ['without a decider', { decidedBy: null }],
    ['without a decision', { decision: null }],
    ['that the network left to the person', { decision: 'hold' }],
    ['without a probability', { probability: null }],
    ['of a profile that was swiped before', { isFirst: false }],
    ['decided by another model', { model: 'quality' }],
    ['decided by another int8 model', { model: 'quality-int8' }],
    ['decided by an unknown model', { model: null }],
  ])('leaves out a swipe %s', (_what, change) => {
    expect(countedSwipes([{ ...JUDGED, ...change }])).toEqual([]);
    expect(countedSwipes([{ ...JUDGED, ...change }], 0.5)).toEqual([]);
  });

  it.each([
    ['left', 'left', { liked: false, agreed: true }],
    ['left', 'right', { liked: false, agreed: false }],
    ['right', 'left', { liked: true, agreed: false }],
    ['right', 'right', { liked: true, agreed: true }],
  ] as const)('compares a swipe %s with a decision %s', (swipe, decision, counted) => {
    expect(countedSwipes([{ ...JUDGED, swipe, decision }])).toEqual([counted]);
  });

  it.each(['taste-0001', 'taste-0001-int8', 'taste-12345-int8'])('counts what %s decided', (model) => {
    expect(countedSwipes([{ ...JUDGED, model }])).toHaveLength(1);
  });

  it('counts what the network and the words decided together, by what they decided together', () => {
    const joined: JudgedSwipe = { ...JUDGED, decidedBy: 'words', decision: 'right', probability: 0.7, swipe: 'right' };
    expect(countedSwipes([joined, { ...joined, swipe: 'left' }])).toEqual([
      { liked: true, agreed: true },
      { liked: false, agreed: false },
    ]);
    expect(countedSwipes([joined], 0.8)).toEqual([{ liked: true, agreed: false }]);
  });

  it('decides again by the stored probabilities if the threshold changes', () => {
    const like = { ...JUDGED, swipe: 'right' } as const;
    const agreedAt = (threshold: number) => countedSwipes([JUDGED, like], threshold).map(({ agreed }) => agreed);
    expect(agreedAt(0.31)).toEqual([true, false]);
    expect(agreedAt(0.3)).toEqual([false, true]); // at the threshold is a like, as in the decision rule
  });
});

describe('balanced agreement', () => {
  it('is 50% for a network that always says left, whatever the like rate', () => {
    for (const likes of [1, 15, 50, 99]) {
      const swipes = [...swipesOf(true, false, likes), ...swipesOf(false, true, 100 - likes)];
      expect(balancedAgreement(agreementOf(swipes))).toBe(0.5);
    }
  });

  it('is the mean of the share of likes and the share of passes', () => {
    const likes = [...swipesOf(true, true, 3), ...swipesOf(true, false, 1)];
    const passes = [...swipesOf(false, true, 10), ...swipesOf(false, false, 10)];
    expect(balancedAgreement(agreementOf([...likes, ...passes]))).toBe(0.625);
  });

  it('is unknown before both labels have a swipe', () => {
    expect(balancedAgreement(NO_AGREEMENT)).toBeUndefined();
    expect(balancedAgreement(agreementOf(swipesOf(false, true, 5)))).toBeUndefined();
  });
});

describe('faded agreement', () => {
  const fadedOf = (swipes: readonly CountedSwipe[]) => balancedAgreement(swipes.reduce(withFadingSwipe, NO_AGREEMENT));

  it('weighs a swipe by 0.98 for each newer one with the same label', () => {
    const random = seededRandom(7);
    const swipes = Array.from({ length: 120 }, () => ({ liked: random() < 0.3, agreed: random() < 0.8 }));
    const share = (liked: boolean) => {
      const own = swipes.filter((swipe) => swipe.liked === liked).toReversed();
      const weights = own.map((_, age) => 0.98 ** age);
      const agreed = weights.reduce((sum, weight, age) => sum + (own[age]!.agreed ? weight : 0), 0);
      return agreed / weights.reduce((sum, weight) => sum + weight);
    };
    expect(fadedOf(swipes)).toBeCloseTo((share(true) + share(false)) / 2, 12);
  });

  it('forgets: after 50 swipes of each label, a change shows to more than 60%', () => {
    const before = [...swipesOf(true, true, 500), ...swipesOf(false, true, 500)];
    const after = [...swipesOf(true, false, 50), ...swipesOf(false, false, 50)];
    expect(fadedOf(before)).toBe(1);
    expect(fadedOf([...before, ...after])).toBeLessThan(0.4);
  });

  it('keeps what is known of likes while only passes come', () => {
    const swipes = [...swipesOf(true, true, 10), ...swipesOf(false, true, 2000)];
    expect(fadedOf(swipes)).toBeCloseTo(1, 12);
  });
});
