import { describe, expect, it } from 'vitest';
import { describeLayer } from './layer-statistics.ts';

describe('the description of a layer', () => {
  const quiet = [0, 0, 0, 2];
  const active = [1, 3, 5, 7];

  it('has the statistics of all activations', () => {
    const { statistics, side } = describeLayer(Float32Array.from([...quiet, ...active]), 2);
    expect(side).toBe(2);
    expect(statistics).toMatchObject({ mean: 2.25, least: 0, most: 7, zeros: 3 / 8 });
    expect(statistics.deviation).toBeCloseTo(Math.sqrt(47.5 / 8), 12); // by hand: Σ (x − 2.25)² = 47.5
    const counts = Object.fromEntries(statistics.histogram.map((count, span) => [span, count]).filter(([, n]) => n));
    // Spans of 7/32: 0 is in the first, 1 in 4, 2 in 9, 3 in 13, 5 in 22, and 7, the largest, in the last.
    expect(counts).toEqual({ 0: 3, 4: 1, 9: 1, 13: 1, 22: 1, 31: 1 });
  });

  it('has the most active map first, each from its own least to its own most', () => {
    const { maps, pixels } = describeLayer(Float32Array.from([...quiet, ...active]), 2);
    expect(maps).toEqual([
      { channel: 1, mean: 4, most: 7 },
      { channel: 0, mean: 0.5, most: 2 },
    ]);
    expect([...pixels]).toEqual([0, 85, 170, 255, 0, 0, 0, 255]);
  });

  it('has no spread where all activations are equal', () => {
    const { statistics, pixels } = describeLayer(new Float32Array(4), 1);
    expect(statistics).toMatchObject({ mean: 0, deviation: 0, zeros: 1 });
    expect(statistics.histogram[0]).toBe(4);
    expect([...pixels]).toEqual([0, 0, 0, 0]);
  });
});
