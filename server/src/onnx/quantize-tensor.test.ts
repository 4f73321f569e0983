import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanShift, quantizationParametersOf, quantizeBias, quantizeWeight, WEIGHT_LIMITS } from './quantize-tensor.ts';

const number = fc.float({ noNaN: true, min: -1000, max: 1000 });

describe('quantized activations', () => {
  it('are within half a step of every value in their range, and represent 0 exactly', () => {
    fc.assert(
      fc.property(number, number, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, place) => {
        const [low, high] = [Math.min(a, b, 0), Math.max(a, b, 0)];
        const { scale, zeroPoint } = quantizationParametersOf({ low, high });
        expect(Number.isInteger(zeroPoint) && zeroPoint >= 0 && zeroPoint <= 255).toBe(true);
        const value = low + place * (high - low);
        const quantized = Math.min(255, Math.max(0, Math.round(value / scale) + zeroPoint));
        // Rounding the zero point may cut off up to half a step at one end.
        expect(Math.abs(scale * (quantized - zeroPoint) - value)).toBeLessThanOrEqual(scale * 1.01);
        const inside = value / scale + zeroPoint;
        if (inside >= 0 && inside <= 255)
          expect(Math.abs(scale * (quantized - zeroPoint) - value)).toBeLessThanOrEqual(scale * 0.501);
      }),
    );
  });

  it('have parameters even if the activation is always 0', () => {
    expect(quantizationParametersOf({ low: 0, high: 0 })).toEqual({ scale: 1, zeroPoint: 0 });
  });
});

describe('a quantized weight', () => {
  it('is within half a step of its filter’s own scale', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 12, maxLength: 12 }), (numbers) => {
        const data = Float32Array.from(numbers);
        const { values, scales } = quantizeWeight(data, 2, new Float32Array(3), { inputScale: 1 });
        for (const [index, value] of data.entries()) {
          const scale = scales[Math.floor(index / 4)]!;
          expect(Math.abs(values[index]! * scale - value)).toBeLessThanOrEqual(scale * 0.501);
        }
      }),
    );
  });

  it('never lets a pair overflow the 16 bits in which AVX2 adds two products', () => {
    const sizes = fc.record({ channels: fc.integer({ min: 1, max: 5 }), positions: fc.constantFrom(1, 9) });
    const filters = sizes.chain(({ channels, positions }) => {
      const size = channels * positions;
      return fc.record({
        channels: fc.constant(channels),
        data: fc.float32Array({ minLength: size, maxLength: size, noNaN: true, min: -1000, max: 1000 }),
      });
    });
    fc.assert(
      fc.property(filters, ({ data, channels }) => {
        const { values } = quantizeWeight(data, channels, new Float32Array(1), { inputScale: 1 });
        const positions = data.length / channels;
        const inOrder = Array.from(
          values,
          (_, index) => values[(index % channels) * positions + Math.floor(index / channels)]!,
        );
        for (let index = 0; index < inOrder.length; index += 2) {
          const pair = [inOrder[index]!, inOrder[index + 1] ?? 0];
          const sums = [0, 1, 2, 3].map((mask) => 255 * (pair[0]! * (mask & 1) + pair[1]! * (mask >> 1)));
          expect(Math.max(...sums)).toBeLessThanOrEqual(2 ** 15 - 1);
          expect(Math.min(...sums)).toBeGreaterThanOrEqual(-(2 ** 15));
        }
      }),
    );
  });

  it('uses all eight bits if its neighbor leaves room', () => {
    const quantized = (...weights: number[]) => {
      return [
        ...quantizeWeight(Float32Array.from(weights), weights.length, new Float32Array(1), { inputScale: 1 }).values,
      ];
    };
    expect(quantized(1, -1, 0, 0.5)).toEqual([127, -127, 0, 64]);
    expect(quantized(0, 1, 1, 0)).toEqual([0, 127, 127, 0]); // side by side, but in different pairs
    expect(quantized(1, 1, 0, 0.5)).toEqual([64, 64, 0, 32]);
    expect(Math.max(...quantized(1, 1))).toBe(WEIGHT_LIMITS.pair / 2);
  });

  it('has a scale even if the filter is all zeros', () => {
    expect(quantizeWeight(new Float32Array(4), 4, new Float32Array(1), { inputScale: 1 })).toEqual({
      values: new Int8Array(4),
      scales: Float32Array.of(1),
    });
  });

  it('shifts the mean of the sums by the computed amount', () => {
    const mean = fc.float({ noNaN: true, min: 0, max: 10 });
    const numbers = fc.array(number, { minLength: 12, maxLength: 12 }).map((all) => Float32Array.from(all));
    fc.assert(
      fc.property(numbers, fc.tuple(mean, mean), (data, means) => {
        const quantized = quantizeWeight(data, 2, new Float32Array(2), { inputScale: 1 });
        const shifts = meanShift(data, quantized, Float32Array.from(means));
        for (const [filter, shift] of shifts.entries()) {
          const sum = (weightAt: (index: number) => number) =>
            [0, 1, 2].reduce(
              (all, place) =>
                all + means[0] * weightAt(6 * filter + place) + means[1] * weightAt(6 * filter + 3 + place),
              0,
            );
          const exact = sum((index) => data[index]!);
          const rounded = sum((index) => quantized.values[index]! * quantized.scales[filter]!);
          expect(rounded + shift).toBeCloseTo(exact, 1);
        }
      }),
    );
  });

  it('has a bias in the units of its sums', () => {
    const weight = { values: new Int8Array(2), scales: Float32Array.of(0.5, 0.25) };
    expect([...quantizeBias(Float32Array.of(3, -1), 0.25, weight)]).toEqual([24, -16]);
  });

  it('keeps a bias that dwarfs its filter’s weights', () => {
    const bias = Float32Array.of(0.5, -3);
    const quantized = quantizeWeight(Float32Array.of(1e-12, -1e-12, 0, 0), 2, bias, { inputScale: 0.05 });
    const biases = quantizeBias(bias, 0.05, quantized);
    for (const [filter, value] of biases.entries()) {
      expect(Math.abs(value)).toBeLessThanOrEqual(2 ** 30);
      expect(value * 0.05 * quantized.scales[filter]!).toBeCloseTo(bias[filter]!, 5);
    }
  });
});
