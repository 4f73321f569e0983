import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { between, pick, seededRandom, seedOf, shuffled } from './random.ts';

const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('seeded random numbers', () => {
  it('returns the same numbers for the same seed, from 0 up to but not including 1', () => {
    fc.assert(
      fc.property(seed, (given) => {
        const [one, other] = [seededRandom(given), seededRandom(given)];
        for (let turn = 0; turn < 20; turn += 1) {
          const number = one();
          expect(number).toBe(other());
          expect(number >= 0 && number < 1).toBe(true);
        }
      }),
    );
  });

  it('spreads evenly, with a mean of one half', () => {
    const random = seededRandom(7);
    const numbers = Array.from({ length: 20_000 }, random);
    expect(numbers.reduce((sum, number) => sum + number, 0) / numbers.length).toBeCloseTo(0.5, 1);
  });

  it('makes a different seed from each of a thousand neighboring inputs', () => {
    const seeds = Array.from({ length: 1000 }, (_, index) => seedOf(index >> 5, index & 31));
    expect(new Set(seeds).size).toBe(1000);
  });

  it('stays between its bounds and picks only items of the list', () => {
    fc.assert(
      fc.property(seed, fc.array(fc.nat(), { minLength: 1 }), (given, items) => {
        const random = seededRandom(given);
        const number = between(random, -3, 5);
        expect(number >= -3 && number < 5).toBe(true);
        expect(items).toContain(pick(random, items as [number, ...number[]]));
      }),
    );
  });

  it('shuffles a copy without losing or duplicating items', () => {
    fc.assert(
      fc.property(seed, fc.array(fc.nat()), (given, items) => {
        const before = [...items];
        const after = shuffled(seededRandom(given), items);
        expect(items).toEqual(before);
        expect(after.toSorted()).toEqual(before.toSorted());
      }),
    );
  });
});
