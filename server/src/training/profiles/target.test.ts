import type { Label } from '@swipenet/shared/confidence.ts';
import { describe, expect, it } from 'vitest';
import { chooseThreshold, type PredictedProfile, targetSchema, targetText } from './target.ts';

const profile = (like: number, label: Label): PredictedProfile => ({ like, label });
const PROFILES = [
  profile(0.1, 'NOPE'),
  profile(0.2, 'NOPE'),
  profile(0.3, 'LIKE'),
  profile(0.4, 'NOPE'),
  profile(0.5, 'NOPE'),
  profile(0.6, 'LIKE'),
  profile(0.7, 'NOPE'),
  profile(0.8, 'LIKE'),
  profile(0.9, 'LIKE'),
];
const outcomeAt = (threshold: number) => {
  const liked = PROFILES.filter(({ like }) => like >= threshold);
  const found = liked.filter(({ label }) => label === 'LIKE').length;
  return { liked: liked.length, precision: found / liked.length, recall: found / 4 };
};

describe('the threshold', () => {
  it('maximizes balanced accuracy by default', () => {
    expect(chooseThreshold(PROFILES, { kind: 'balanced-accuracy' })).toBeCloseTo(0.55);
  });

  it('finds the most likes at the wanted precision', () => {
    const threshold = chooseThreshold(PROFILES, { kind: 'precision', value: 0.75 });
    expect(outcomeAt(threshold)).toMatchObject({ liked: 4, precision: 0.75 });
  });

  it('is as precise as possible if the wanted precision is out of reach', () => {
    const mixed = [profile(0.2, 'LIKE'), profile(0.5, 'LIKE'), profile(0.6, 'NOPE'), profile(0.9, 'NOPE')];
    const threshold = chooseThreshold(mixed, { kind: 'precision', value: 0.9 });
    expect(threshold).toBeLessThanOrEqual(0.2);
  });

  it('is the highest one with the wanted recall', () => {
    const threshold = chooseThreshold(PROFILES, { kind: 'recall', value: 1 });
    expect(threshold).toBeCloseTo(0.25);
  });

  it('swipes right as often as wanted', () => {
    const threshold = chooseThreshold(PROFILES, { kind: 'like-rate', value: 1 / 3 });
    expect(outcomeAt(threshold).liked).toBe(3);
  });
});

describe('--target', () => {
  it.each(['balanced-accuracy', 'precision=0.8', 'recall=0.95', 'like-rate=0.2'])('accepts %s', (text) => {
    expect(targetText(targetSchema.parse(text))).toBe(text);
  });

  it.each(['', 'precision', 'precision=0', 'recall=1.5', 'accuracy=0.5', 'like-rate=-1'])('rejects “%s”', (text) => {
    const { error } = targetSchema.safeParse(text);
    expect(error?.issues[0]?.message).toMatch(/^must be balanced-accuracy, precision=SHARE/);
  });
});
