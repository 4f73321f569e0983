import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeBias, codeWeight, codingOf, meanShift, WEIGHT_LIMITS } from './coding.ts';

const number = fc.float({ noNaN: true, min: -1000, max: 1000 });

describe('a coding of activations', () => {
  it('keeps every number of its range to half a step, and 0 exactly', () => {
    fc.assert(
      fc.property(number, number, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, place) => {
        const [low, high] = [Math.min(a, b, 0), Math.max(a, b, 0)];
        const { scale, zeroPoint } = codingOf({ low, high });
        expect(Number.isInteger(zeroPoint) && zeroPoint >= 0 && zeroPoint <= 255).toBe(true);
        const value = low + place * (high - low);
        const code = Math.min(255, Math.max(0, Math.round(value / scale) + zeroPoint));
        // The zero point's own rounding may cut off up to half a step at one end.
        expect(Math.abs(scale * (code - zeroPoint) - value)).toBeLessThanOrEqual(scale * 1.01);
        const inside = value / scale + zeroPoint;
        if (inside >= 0 && inside <= 255)
          expect(Math.abs(scale * (code - zeroPoint) - value)).toBeLessThanOrEqual(scale * 0.501);
      }),
    );
  });

  it('exists for an activation that is always 0', () => {
    expect(codingOf({ low: 0, high: 0 })).toEqual({ scale: 1, zeroPoint: 0 });
  });
});

describe('a coding of weights', () => {
  it('keeps every number to half a step of its filter’s own scale', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 12, maxLength: 12 }), (numbers) => {
        const data = Float32Array.from(numbers);
        const { codes, scales } = codeWeight(data, 2, new Float32Array(3), { inputScale: 1 });
        for (const [index, value] of data.entries()) {
          const scale = scales[Math.floor(index / 4)]!;
          expect(Math.abs(codes[index]! * scale - value)).toBeLessThanOrEqual(scale * 0.501);
        }
      }),
    );
  });

  it('stays clear of the 16 bits in which AVX2 adds two products: no pair can saturate', () => {
    const sizes = fc.record({ channels: fc.integer({ min: 1, max: 5 }), places: fc.constantFrom(1, 9) });
    const filters = sizes.chain(({ channels, places }) => {
      const size = channels * places;
      return fc.record({
        channels: fc.constant(channels),
        data: fc.float32Array({ minLength: size, maxLength: size, noNaN: true, min: -1000, max: 1000 }),
      });
    });
    fc.assert(
      fc.property(filters, ({ data, channels }) => {
        const { codes } = codeWeight(data, channels, new Float32Array(1), { inputScale: 1 });
        const places = data.length / channels;
        const inOrder = Array.from(
          codes,
          (_, index) => codes[(index % channels) * places + Math.floor(index / channels)]!,
        );
        for (let index = 0; index < inOrder.length; index += 2) {
          const pair = [inOrder[index]!, inOrder[index + 1] ?? 0];
          const sums = [0, 1, 2, 3].map((whose) => 255 * (pair[0]! * (whose & 1) + pair[1]! * (whose >> 1)));
          expect(Math.max(...sums)).toBeLessThanOrEqual(2 ** 15 - 1);
          expect(Math.min(...sums)).toBeGreaterThanOrEqual(-(2 ** 15));
        }
      }),
    );
  });

  it('uses all eight bits where its neighbours leave room', () => {
    const codesOf = (...weights: number[]) => {
      return [...codeWeight(Float32Array.from(weights), weights.length, new Float32Array(1), { inputScale: 1 }).codes];
    };
    expect(codesOf(1, -1, 0, 0.5)).toEqual([127, -127, 0, 64]);
    expect(codesOf(0, 1, 1, 0)).toEqual([0, 127, 127, 0]); // neighbours, but in two pairs
    expect(codesOf(1, 1, 0, 0.5)).toEqual([64, 64, 0, 32]);
    expect(Math.max(...codesOf(1, 1))).toBe(WEIGHT_LIMITS.pair / 2);
  });

  it('has a scale for a filter of zeros', () => {
    expect(codeWeight(new Float32Array(4), 4, new Float32Array(1), { inputScale: 1 })).toEqual({
      codes: new Int8Array(4),
      scales: Float32Array.of(1),
    });
  });

  it('shifts the sums on the mean by what it rounds, which is told', () => {
    const mean = fc.float({ noNaN: true, min: 0, max: 10 });
    const numbers = fc.array(number, { minLength: 12, maxLength: 12 }).map((all) => Float32Array.from(all));
    fc.assert(
      fc.property(numbers, fc.tuple(mean, mean), (data, means) => {
        const coded = codeWeight(data, 2, new Float32Array(2), { inputScale: 1 });
        const shifts = meanShift(data, coded, Float32Array.from(means));
        for (const [filter, shift] of shifts.entries()) {
          const sum = (weightAt: (index: number) => number) =>
            [0, 1, 2].reduce(
              (all, place) =>
                all + means[0] * weightAt(6 * filter + place) + means[1] * weightAt(6 * filter + 3 + place),
              0,
            );
          const exact = sum((index) => data[index]!);
          const rounded = sum((index) => coded.codes[index]! * coded.scales[filter]!);
          expect(rounded + shift).toBeCloseTo(exact, 1);
        }
      }),
    );
  });

  it('codes a bias in the units of the sums', () => {
    const weight = { codes: new Int8Array(2), scales: Float32Array.of(0.5, 0.25) };
    expect([...codeBias(Float32Array.of(3, -1), 0.25, weight)]).toEqual([24, -16]);
  });

  it('keeps a bias beside which its filter’s weights are nothing', () => {
    const bias = Float32Array.of(0.5, -3);
    const coded = codeWeight(Float32Array.of(1e-12, -1e-12, 0, 0), 2, bias, { inputScale: 0.05 });
    const codes = codeBias(bias, 0.05, coded);
    for (const [filter, code] of codes.entries()) {
      expect(Math.abs(code)).toBeLessThanOrEqual(2 ** 30);
      expect(code * 0.05 * coded.scales[filter]!).toBeCloseTo(bias[filter]!, 5);
    }
  });
});
