import { type DecisionRule, decide } from '@swipenet/shared/decision.ts';
import { describe, expect, it } from 'vitest';
import { decisionText, formatThreshold } from './decision-text.ts';

const ANY: DecisionRule = { rule: 'any', threshold: 0.4 };
const PROFILE: DecisionRule = { rule: 'profile', threshold: 0.4, largestShare: 1, perLogCount: 0 };

const textOf = (rule: DecisionRule, ...likes: (number | null)[]) => {
  const { act, reason } = decisionText(decide({ likes, photoCount: likes.length, rule }), likes, rule.threshold);
  return `${act}: ${reason}`;
};

describe('a decision in words', () => {
  it.each([
    [ANY, [0.2, 0.8449], '→ Swipe right: photo 2, 84.49%, is at or above 40%'],
    [ANY, [0.2, 0.3], '← Swipe left: all 2 photos are below 40%'],
    [ANY, [0.8], '→ Swipe right: the only photo is at or above 40%'],
    [ANY, [0.2], '← Swipe left: the only photo is below 40%'],
    [ANY, [0.2, null], 'Left to you: photo 2 has no confidence, and no other photo is a LIKE'],
    [ANY, [null, null], 'Left to you: photos 1, 2 have no confidence, and no other photo is a LIKE'],
    [ANY, [], 'Left to you: this profile has no photos'],
    [PROFILE, [0.9], '→ Swipe right: the only photo is at or above 40%'],
    [PROFILE, [0.1], '← Swipe left: the only photo is below 40%'],
    [
      PROFILE,
      [0.1, 0.9],
      /^→ Swipe right: together, the photos reach 90.00%, which is at or above 40% \(surest: photo 2, 90/,
    ],
    [PROFILE, [0.1, 0.2], /^← Swipe left: together, the photos reach 20.00%, which is below 40% \(surest: photo 2, 20/],
    [PROFILE, [0.9, null], 'Left to you: photo 2 has no confidence, and all photos count together'],
  ] as const)('says what and why (%#)', (rule, likes, expected) => {
    expect(textOf(rule, ...likes)).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  it('shows a threshold with the decimals that it has', () => {
    expect([0.4, 0.3725, 1].map(formatThreshold)).toEqual(['40%', '37.25%', '100%']);
  });
});
