import { describe, expect, it } from 'vitest';
import { heatPixels, heatScale, seenArea } from './heat.ts';

const mapOf = (logit: number) => Array.from({ length: 7 }, () => new Array<number>(7).fill(logit));

describe('the heat map', () => {
  it('colors LIKE blue and NOPE orange, as strongly as the evidence is', () => {
    const pixels = heatPixels([[4, -2, 0, ...new Array<number>(4).fill(0)], ...mapOf(0).slice(1)], 4);
    expect([...pixels.subarray(0, 12)]).toEqual([37, 99, 235, 190, 234, 88, 12, 95, 37, 99, 235, 0]);
    expect(pixels).toHaveLength(4 * 49);
  });

  it('has one scale for all photos, and draws weak evidence weakly', () => {
    expect(heatScale([mapOf(0.1), mapOf(-0.2)])).toBe(1);
    expect(heatScale([mapOf(1.5), mapOf(-6)])).toBe(6);
    expect(heatScale([])).toBe(1);
  });

  it('covers what the network sees: the center of the square, or of the whole photo if it is squashed', () => {
    expect(seenArea(512, 256, 'cover')).toEqual({ x: 144, y: 16, width: 224, height: 224 });
    expect(seenArea(512, 256, 'squash')).toEqual({ x: 32, y: 16, width: 448, height: 224 });
  });
});
