import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantizationParametersOf } from '../onnx/quantize-tensor.ts';
import { ActivationHistogram } from './activation-histogram.ts';

const histogramOf = (...batches: ArrayLike<number>[]) => {
  const histogram = new ActivationHistogram();
  for (const batch of batches) histogram.add(Float32Array.from(batch));
  return histogram;
};

/** Mostly small numbers, and one far away. */
const skewed = [...Array.from({ length: 20_000 }, (_, index) => (index % 100) / 100), 80];

describe('the range of an activation', () => {
  it('is everything that came, by minmax', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true, min: -5000, max: 5000 }), { minLength: 1 }), (numbers) => {
        const { low, high } = histogramOf(numbers).range('minmax');
        // Adding 0 turns −0 into 0: Math.min tells the two apart, a range does not.
        expect([low, high]).toEqual([Math.min(0, ...numbers) + 0, Math.max(0, ...numbers) + 0]);
      }),
    );
  });

  it.each(['minmax', 'percentile', 'mse'] as const)('begins at 0, not at −0, by %s', (method) => {
    expect(histogramOf([-0, 1]).range(method).low).toBe(0);
  });

  it('leaves out the rarest, by percentile', () => {
    const { high } = histogramOf(skewed).range('percentile');
    expect(high).toBeGreaterThanOrEqual(0.99);
    expect(high).toBeLessThan(1.2);
  });

  it('is the one with the least error, by mse', () => {
    const numbers = Array.from({ length: 50_000 }, (_, index) => -Math.log(1 - (index + 0.5) / 50_000));
    const errorAt = (high: number) => {
      const { scale } = quantizationParametersOf({ low: 0, high });
      return numbers.reduce((sum, x) => sum + (x - Math.min(255, Math.round(x / scale)) * scale) ** 2, 0);
    };
    const { high } = histogramOf(numbers).range('mse');
    const all = histogramOf(numbers).range('minmax').high;
    expect(high).toBeLessThan(all);
    expect(errorAt(high)).toBeLessThan(errorAt(all));
    expect(errorAt(high)).toBeLessThan(errorAt(high * 0.8));
  });

  it('is the same whatever came first, however its bins had to widen', () => {
    const reversed = skewed.toReversed();
    for (const method of ['minmax', 'percentile', 'mse'] as const) {
      expect(histogramOf(skewed).range(method)).toEqual(
        histogramOf(reversed.slice(0, 7), reversed.slice(7)).range(method),
      );
    }
  });

  it('is never cut where numbers of both signs came', () => {
    expect(histogramOf([-100, ...skewed]).range('percentile')).toEqual({ low: -100, high: 80 });
  });
});
