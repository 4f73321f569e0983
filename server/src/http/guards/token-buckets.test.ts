import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { TokenBuckets } from './token-buckets.ts';

function setUp(rate = { perSecond: 20, burst: 3 }, maxKeys = 10) {
  const clock = new ManualClock();
  return { clock, buckets: new TokenBuckets(rate, { now: () => clock.now(), maxKeys }) };
}

describe('a token bucket', () => {
  it('allows a burst, then returns the time until the next request', () => {
    const { clock, buckets } = setUp();
    expect([1, 2, 3, 4, 5].map(() => buckets.take('a'))).toEqual([0, 0, 0, 50, 50]);
    clock.advance(20);
    expect(buckets.take('a')).toBe(30);
    clock.advance(30);
    expect([buckets.take('a'), buckets.take('a')]).toEqual([0, 50]);
  });

  it('never holds more than the burst, however long it is idle', () => {
    const { clock, buckets } = setUp();
    buckets.take('a');
    clock.advance(1e9);
    expect([1, 2, 3, 4].map(() => buckets.take('a') === 0)).toEqual([true, true, true, false]);
  });

  it('is separate for each key', () => {
    const { buckets } = setUp();
    for (let request = 0; request < 4; request += 1) buckets.take('a');
    expect(buckets.take('b')).toBe(0);
  });

  it('is forgotten if it is the least recently used, and kept if it is in use', () => {
    const { buckets } = setUp({ perSecond: 1, burst: 1 }, 3);
    buckets.take('busy');
    for (const key of ['a', 'b', 'c', 'd']) {
      buckets.take(key);
      expect(buckets.take('busy')).toBeGreaterThan(0);
    }
    expect(buckets.take('a')).toBe(0);
  });

  it('never allows more than burst + rate × time, and always allows a request after the wait', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 200 });
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 20 }),
        (pauses, perSecond, burst) => {
          const { clock, buckets } = setUp({ perSecond, burst });
          let taken = 0;
          for (const pauseMs of pauses) {
            clock.advance(pauseMs);
            const waitMs = buckets.take('a');
            if (waitMs === 0) taken += 1;
            expect(taken).toBeLessThanOrEqual(burst + (clock.now() * perSecond) / 1_000 + 1e-6);
          }
          const waitMs = buckets.take('a');
          if (waitMs === 0) return;
          clock.advance(waitMs + 1); // the fraction that the bucket's arithmetic may lose
          expect(buckets.take('a')).toBe(0);
        },
      ),
    );
  });
});
