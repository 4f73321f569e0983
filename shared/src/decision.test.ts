import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARTICLE_RULE, type DecisionRule, decide, type ProfileConfidences, withThreshold } from './decision.ts';
import { decisionRuleSchema, decisionSchema } from './decision-schemas.ts';

const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const anyRule = fc.record({ rule: fc.constant('any' as const), threshold: fraction });
const profileRule = fc.record({
  rule: fc.constant('profile' as const),
  threshold: fraction,
  largestShare: fraction,
  perLogCount: fc.double({ min: -3, max: 3, noNaN: true }),
});

/** Profiles whose photos may have failed or be missing. */
const profileOf = <Rule extends DecisionRule>(rules: fc.Arbitrary<Rule>) =>
  fc
    .record({
      likes: fc.array(fc.option(fraction, { freq: 4 }), { maxLength: 20 }),
      missing: fc.oneof(fc.constant(0), fc.nat(5)),
      rule: rules,
    })
    .map(({ likes, missing, rule }) => ({ likes, photoCount: likes.length + missing, rule }));

const profile: fc.Arbitrary<ProfileConfidences> = profileOf(fc.oneof(anyRule, profileRule));

/** Profiles whose photos are all known, under the rule `profile`. */
const complete = fc
  .record({ likes: fc.array(fraction, { minLength: 1, maxLength: 20 }), rule: profileRule })
  .map(({ likes, rule }) => ({ likes, photoCount: likes.length, rule }));

const TOGETHER: DecisionRule = { rule: 'profile', threshold: 0.45, largestShare: 0.6, perLogCount: -0.3 };

describe('the rule any', () => {
  it.each([
    [
      'a photo exactly at the threshold is LIKE',
      [0.1, 0.4],
      2,
      { swipe: 'right', reason: 'like_found', photo: 1 },
      0.4,
    ],
    [
      'the LIKE with the highest confidence decides, and the first one wins a tie',
      [0.5, 0.9, 0.9],
      3,
      { swipe: 'right', reason: 'like_found', photo: 1 },
      0.9,
    ],
    [
      'one LIKE is enough even if other photos failed or are missing',
      [null, 0.6],
      9,
      { swipe: 'right', reason: 'like_found', photo: 1 },
      0.6,
    ],
    [
      'swipes left if every photo was seen and is a NOPE',
      [0, 0.39999],
      2,
      { swipe: 'left', reason: 'all_nope' },
      0.39999,
    ],
    ['holds if a photo failed', [0.1, null], 2, { swipe: 'hold', reason: 'photos_failed' }, 0.1],
    ['holds if a photo wasn’t seen', [0.1, 0.2], 3, { swipe: 'hold', reason: 'photos_missing' }, 0.2],
    ['reports a failed photo before a missing one', [0.1, null], 3, { swipe: 'hold', reason: 'photos_failed' }, 0.1],
    ['holds if no photo is known', [null], 1, { swipe: 'hold', reason: 'photos_failed' }, null],
    ['holds if there are no photos', [], 0, { swipe: 'hold', reason: 'no_photo' }, null],
  ])('%s', (_name, likes, photoCount, expected, like) => {
    expect(decide({ likes, photoCount, rule: ARTICLE_RULE })).toEqual({ ...expected, like });
  });

  it('swipes right if and only if a photo is at or above the threshold, and names the one with the highest confidence', () => {
    fc.assert(
      fc.property(profileOf(anyRule), (given) => {
        const decision = decide(given);
        const liked = given.likes.some((like) => like !== null && like >= given.rule.threshold);
        expect(decision.swipe === 'right').toBe(liked);
        if (decision.swipe === 'right') {
          const best = Math.max(...given.likes.map((like) => like ?? -1));
          expect([given.likes[decision.photo], decision.like]).toEqual([best, best]);
        }
      }),
    );
  });

  it('never swipes left before every photo is known', () => {
    fc.assert(
      fc.property(profileOf(anyRule), (given) => {
        if (decide(given).swipe !== 'left') return;
        expect(given.likes).toHaveLength(given.photoCount);
        expect(given.likes.length).toBeGreaterThan(0);
        expect(given.likes.every((like) => like !== null && like < given.rule.threshold)).toBe(true);
      }),
    );
  });

  it('stays right when another photo becomes known', () => {
    fc.assert(
      fc.property(profileOf(anyRule), fraction, (given, like) => {
        const before = decide(given);
        const after = decide({ ...given, likes: [...given.likes, like], photoCount: given.photoCount + 1 });
        if (before.swipe === 'right') expect(after.swipe).toBe('right');
      }),
    );
  });
});

describe('the rule profile', () => {
  it('combines the largest and the mean logit and the number of photos', () => {
    // Logits −2, 0 and 1: 0.6 · 1 + 0.4 · (−1/3) − 0.3 · ln 3 = 0.13708.
    const likes = [-2, 0, 1].map((logit) => 1 / (1 + Math.exp(-logit)));
    const like = expect.closeTo(1 / (1 + Math.exp(-0.13708298006623376)), 12);
    const about = { likes, photoCount: 3 };
    expect(decide({ ...about, rule: TOGETHER })).toEqual({ swipe: 'right', reason: 'profile_liked', like, photo: 2 });
    expect(decide({ ...about, rule: withThreshold(TOGETHER, 0.54) })).toEqual({
      ...{ swipe: 'left', reason: 'profile_not_liked', like, photo: 2 },
    });
  });

  it.each([
    ['a photo failed, even if another is certain', [1, null], 2, 'photos_failed'],
    ['a photo wasn’t seen, even if another is certain', [1], 2, 'photos_missing'],
    ['a photo failed and another is missing', [null, 1], 3, 'photos_failed'],
    ['there are no photos', [], 0, 'no_photo'],
  ])('holds without a probability if %s', (_name, likes, photoCount, reason) => {
    expect(decide({ likes, photoCount, rule: TOGETHER })).toEqual({ swipe: 'hold', reason, like: null });
  });

  it('decides exactly the complete profiles, by comparing the probability with the threshold', () => {
    fc.assert(
      fc.property(profileOf(profileRule), (given) => {
        const { swipe, like } = decide(given);
        const isComplete =
          given.photoCount > 0 && given.likes.length === given.photoCount && !given.likes.includes(null);
        expect(swipe !== 'hold').toBe(isComplete);
        if (isComplete) expect(swipe).toBe(like! >= given.rule.threshold ? 'right' : 'left');
        else expect(like).toBeNull();
      }),
    );
  });

  it('doesn’t depend on the order of the photos', () => {
    fc.assert(
      fc.property(
        complete.chain((given) =>
          fc.tuple(fc.constant(given), fc.shuffledSubarray(given.likes, { minLength: given.likes.length })),
        ),
        ([given, likes]) => {
          const [one, other] = [decide(given), decide({ ...given, likes })];
          expect([other.swipe, other.like]).toEqual([one.swipe, one.like]);
        },
      ),
    );
  });

  it('never lowers the probability when a confidence rises', () => {
    fc.assert(
      fc.property(complete, fc.nat(), fraction, (given, place, like) => {
        const at = place % given.likes.length;
        const raised = given.likes.with(at, Math.max(like, given.likes[at]!));
        expect(decide({ ...given, likes: raised }).like!).toBeGreaterThanOrEqual(decide(given).like! - 1e-12);
      }),
    );
  });

  it('gives a single photo its own confidence', () => {
    fc.assert(
      fc.property(fraction, profileRule, (like, rule) => {
        expect(decide({ likes: [like], photoCount: 1, rule }).like).toBe(like);
      }),
    );
  });

  it('is between the mean and the largest confidence’s logit without a term for the count', () => {
    fc.assert(
      fc.property(complete, ({ likes, photoCount, rule }) => {
        const at = (largestShare: number) =>
          decide({ likes, photoCount, rule: { ...rule, largestShare, perLogCount: 0 } }).like!;
        expect(at(rule.largestShare)).toBeGreaterThanOrEqual(at(0) - 1e-12);
        expect(at(rule.largestShare)).toBeLessThanOrEqual(at(1) + 1e-12);
        expect(at(1)).toBeCloseTo(Math.max(...likes), 8);
      }),
    );
  });

  it('has a finite probability for confidences of 0 and 1', () => {
    const like = (likes: number[]) => decide({ likes, photoCount: 2, rule: { ...TOGETHER, perLogCount: 0 } }).like;
    expect(like([0, 1])).toBeCloseTo(1 / (1 + Math.exp(-12)), 12); // 0.6 · 20 + 0.4 · 0
    expect(like([0, 0])).toBeCloseTo(0, 8);
    expect(like([1, 1])).toBeCloseTo(1, 8);
  });
});

describe('every rule', () => {
  it('returns a decision that fits the contract', () => {
    fc.assert(
      fc.property(profile, (given) => {
        const decision = decide(given);
        expect(decisionSchema.parse(decision)).toEqual(decision);
        expect(decision.like).not.toBeUndefined();
      }),
    );
  });

  it('names the photo with the highest confidence, if it names one', () => {
    fc.assert(
      fc.property(profile, (given) => {
        const decision = decide(given);
        if (!('photo' in decision)) return;
        expect(given.likes[decision.photo]).toBe(Math.max(...given.likes.map((like) => like ?? -1)));
      }),
    );
  });

  it('never turns a hold into a left because another photo failed', () => {
    fc.assert(
      fc.property(profile, fc.nat(), (given, place) => {
        if (given.likes.length === 0) return;
        const likes = given.likes.with(place % given.likes.length, null);
        expect(decide({ ...given, likes }).swipe).not.toBe('left');
      }),
    );
  });

  it('rejects a photo count below the number of photos', () => {
    expect(() => decide({ likes: [0.1, 0.2], photoCount: 1, rule: ARTICLE_RULE })).toThrow(
      'photoCount is 1, but there are 2 photos',
    );
  });
});

describe('the schema of a rule', () => {
  it('accepts the rules of the manifest, and nothing incomplete or unknown', () => {
    const accepts = (rule: unknown) => decisionRuleSchema.safeParse(rule).success;
    expect([ARTICLE_RULE, TOGETHER].map(accepts)).toEqual([true, true]);
    const { perLogCount: _, ...incomplete } = TOGETHER as Extract<DecisionRule, { rule: 'profile' }>;
    for (const rule of [
      incomplete,
      { ...TOGETHER, rule: 'any' },
      { ...TOGETHER, rule: 'all' },
      { ...TOGETHER, largestShare: 1.1 },
      { ...TOGETHER, threshold: -0.1 },
      { ...TOGETHER, perLogCount: Number.POSITIVE_INFINITY },
      { ...ARTICLE_RULE, more: 1 },
      { rule: 'any' },
    ]) {
      expect(accepts(rule)).toBe(false);
    }
  });

  it('keeps the rule when the request sets another threshold', () => {
    expect(withThreshold(TOGETHER, 0.9)).toEqual({ ...TOGETHER, threshold: 0.9 });
    expect(withThreshold(TOGETHER)).toBe(TOGETHER);
  });
});
