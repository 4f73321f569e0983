import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_THRESHOLD } from './confidence.ts';
import { decide, decisionSchema, type ProfileConfidences } from './decision.ts';

const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const profile: fc.Arbitrary<ProfileConfidences> = fc
  .record({
    likes: fc.array(fc.option(fraction, { freq: 4 }), { maxLength: 20 }),
    missing: fc.oneof(fc.constant(0), fc.nat(5)),
    threshold: fraction,
  })
  .map(({ likes, missing, threshold }) => ({ likes, photoCount: likes.length + missing, threshold }));

describe('the decision rule', () => {
  it.each([
    ['a photo exactly at the threshold is LIKE', [0.1, 0.4], 2, { swipe: 'right', reason: 'like_found', photo: 1 }],
    [
      'the LIKE with the highest confidence decides, and the first one wins a tie',
      [0.5, 0.9, 0.9],
      3,
      { swipe: 'right', reason: 'like_found', photo: 1 },
    ],
    [
      'one LIKE is enough even if other photos failed or are missing',
      [null, 0.6],
      9,
      { swipe: 'right', reason: 'like_found', photo: 1 },
    ],
    ['swipes left if every photo was seen and is a NOPE', [0, 0.39999], 2, { swipe: 'left', reason: 'all_nope' }],
    ['holds if a photo failed', [0.1, null], 2, { swipe: 'hold', reason: 'photos_failed' }],
    ['holds if a photo wasn’t seen', [0.1, 0.2], 3, { swipe: 'hold', reason: 'photos_missing' }],
    ['reports a failed photo before a missing one', [0.1, null], 3, { swipe: 'hold', reason: 'photos_failed' }],
    ['holds if there are no photos', [], 0, { swipe: 'hold', reason: 'no_photo' }],
  ])('%s', (_name, likes, photoCount, expected) => {
    expect(decide({ likes, photoCount, threshold: DEFAULT_THRESHOLD })).toEqual(expected);
  });

  it('swipes right if and only if a photo is at or above the threshold, and names the one with the highest confidence', () => {
    fc.assert(
      fc.property(profile, (given) => {
        const decision = decide(given);
        const liked = given.likes.some((like) => like !== null && like >= given.threshold);
        expect(decision.swipe === 'right').toBe(liked);
        if (decision.swipe === 'right') {
          const best = Math.max(...given.likes.map((like) => like ?? -1));
          expect(given.likes[decision.photo]).toBe(best);
        }
      }),
    );
  });

  it('never swipes left before every photo is known', () => {
    fc.assert(
      fc.property(profile, (given) => {
        if (decide(given).swipe !== 'left') return;
        expect(given.likes).toHaveLength(given.photoCount);
        expect(given.likes.length).toBeGreaterThan(0);
        expect(given.likes.every((like) => like !== null && like < given.threshold)).toBe(true);
      }),
    );
  });

  it('stays right when another photo becomes known', () => {
    fc.assert(
      fc.property(profile, fraction, (given, like) => {
        const before = decide(given);
        const after = decide({ ...given, likes: [...given.likes, like], photoCount: given.photoCount + 1 });
        if (before.swipe === 'right') expect(after.swipe).toBe('right');
      }),
    );
  });

  it('always returns a decision that fits the contract', () => {
    fc.assert(fc.property(profile, (given) => void decisionSchema.parse(decide(given))));
  });

  it('rejects a photo count below the number of photos', () => {
    expect(() => decide({ likes: [0.1, 0.2], photoCount: 1, threshold: 0.4 })).toThrow(
      'photoCount is 1, but there are 2 photos',
    );
  });
});
