import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeBias, codeWeight, codingOf, MOST_WEIGHT_CODE } from './coding.ts';

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
        const { codes, scales } = codeWeight(data, new Float32Array(3), { inputScale: 1 });
        for (const [index, value] of data.entries()) {
          const scale = scales[Math.floor(index / 4)]!;
          expect(Math.abs(codes[index]! * scale - value)).toBeLessThanOrEqual(scale * 0.501);
        }
      }),
    );
  });

  it('stays clear of the 16 bits in which AVX2 adds two products: no pair can saturate', () => {
    const data = Float32Array.from([1, 1, -1, -1, 0.5, -0.2, 1e-9, 0]);
    const { codes } = codeWeight(data, new Float32Array(2), { inputScale: 1 });
    expect(Math.max(...codes.map(Math.abs))).toBe(MOST_WEIGHT_CODE);
    expect(2 * 255 * MOST_WEIGHT_CODE).toBeLessThanOrEqual(2 ** 15 - 1);
    expect(-2 * 255 * MOST_WEIGHT_CODE).toBeGreaterThanOrEqual(-(2 ** 15));
  });

  it('has a scale for a filter of zeros', () => {
    expect(codeWeight(new Float32Array(4), new Float32Array(1), { inputScale: 1 })).toEqual({
      codes: new Int8Array(4),
      scales: Float32Array.of(1),
    });
  });

  it('codes a bias in the units of the sums', () => {
    const weight = { codes: new Int8Array(2), scales: Float32Array.of(0.5, 0.25) };
    expect([...codeBias(Float32Array.of(3, -1), 0.25, weight)]).toEqual([24, -16]);
  });

  it('keeps a bias beside which its filter’s weights are nothing', () => {
    const bias = Float32Array.of(0.5, -3);
    const coded = codeWeight(Float32Array.of(1e-12, -1e-12, 0, 0), bias, { inputScale: 0.05 });
    const codes = codeBias(bias, 0.05, coded);
    for (const [filter, code] of codes.entries()) {
      expect(Math.abs(code)).toBeLessThanOrEqual(2 ** 30);
      expect(code * 0.05 * coded.scales[filter]!).toBeCloseTo(bias[filter]!, 5);
    }
  });
});
