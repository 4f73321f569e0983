import { describe, expect, it } from 'vitest';
import { mcnemarP } from './mcnemar.ts';

/** The definition, in whole numbers. */
function exactP(first: number, second: number): number {
  const count = BigInt(first + second);
  let [binomial, tail] = [1n, 0n];
  for (let at = 0n; at <= BigInt(Math.min(first, second)); at += 1n) {
    tail += binomial;
    binomial = (binomial * (count - at)) / (at + 1n);
  }
  const billionths = (2n * tail * 10n ** 15n) / 2n ** count;
  return Math.min(1, Number(billionths) / 1e15);
}

describe('McNemar’s exact test', () => {
  it('matches the definition in whole numbers', () => {
    for (const [first, second] of [
      [0, 0],
      [1, 0],
      [6, 0],
      [9, 3],
      [3, 9],
      [5, 5],
      [700, 620],
      [1_500, 1_400],
    ] as const) {
      expect(mcnemarP(first, second)).toBeCloseTo(exactP(first, second), 11);
    }
  });

  it('matches R’s binom.test(3, 12)', () => {
    expect(mcnemarP(9, 3)).toBeCloseTo(0.1459961, 7);
  });

  it('stays finite with as many differences as a large dataset has photos', () => {
    expect(mcnemarP(75_600, 75_400)).toBeCloseTo(0.609, 2); // the normal approximation, with continuity correction
    expect(mcnemarP(100_000, 50_000)).toBe(0);
  });
});
