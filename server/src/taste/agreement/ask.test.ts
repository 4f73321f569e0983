import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it } from 'vitest';
import { isWorthAsking } from './ask.ts';

const at = (probability: number, threshold = 0.4) => ({ probability, threshold });

describe('asking for a swipe', () => {
  it('is worth it for the first 40 profiles, even without a decision', () => {
    expect(isWorthAsking(39, { probability: null, threshold: 0.4 }, [])).toBe(true);
    expect(isWorthAsking(40, { probability: null, threshold: 0.4 }, [at(0.4)])).toBe(false);
    expect(isWorthAsking(40, at(0.99), [at(0.5), at(0.6)])).toBe(false);
  });

  it.each([
    ['spread evenly', (random: () => number) => random()],
    ['nearly all far below the threshold', (random: () => number) => random() ** 6],
    ['nearly all certain', (random: () => number) => (random() < 0.5 ? 1e-9 * random() : 1 - 1e-4 * random())],
  ])('is worth it for about one profile in ten, those nearest the threshold, with probabilities %s', (_what, draw) => {
    const random = seededRandom(5);
    const profiles = Array.from({ length: 2000 }, () => at(draw(random)));
    const asked = profiles
      .slice(200)
      .filter((one, index) => isWorthAsking(500, one, profiles.slice(index, index + 200)));
    expect(asked.length / 1800).toBeGreaterThan(0.07);
    expect(asked.length / 1800).toBeLessThan(0.13);
  });

  it('measures the distance from the threshold of each profile’s own moment', () => {
    const recent = Array.from({ length: 10 }, (_, index) => at(0.9, 0.85 - index / 100));
    expect(isWorthAsking(50, at(0.3, 0.31), recent)).toBe(true);
    expect(isWorthAsking(50, at(0.3, 0.8), recent)).toBe(false);
  });
});
