// @module-tag slow
import { describe, expect, it } from 'vitest';
import { agreeing, alwaysLeft, INDEPENDENT } from './people.ts';
import { falseOpenings, medianUntilOpen, medianUntilShut } from './simulate.ts';

const PEOPLE = { people: 1_000, seed: 1 };

describe('the gate at its default setting, over 2,000 counted swipes', () => {
  it.each(Object.entries(INDEPENDENT))(
    'opens for at most 2% of people with independent likes if the network %s',
    (_what, kind) => {
      expect(falseOpenings(kind, PEOPLE, 2_000, 0.6)).toBeLessThanOrEqual(0.02);
    },
  );

  it('never opens for a network that always says left', () => {
    expect(falseOpenings(alwaysLeft, PEOPLE, 2_000, 0.6)).toBe(0);
  });

  it('opens within 200 swipes for most people if the network agrees with 80% of likes and passes, 20% likes', () => {
    expect(medianUntilOpen(agreeing(0.8, 0.8, 0.2), { people: 200, seed: 2 }, 2_000, 0.6)).toBeLessThan(200);
  });

  it('shuts within 200 swipes for most people if their taste changes', () => {
    const [before, after] = [agreeing(0.75, 0.75, 0.35), agreeing(0.5, 0.5, 0.35)];
    expect(medianUntilShut(before, after, { people: 200, seed: 3 }, 0.6)).toBeLessThan(200);
  });
});
