import { describe, expect, it } from 'vitest';
import { detail, fractal, ridged } from './noise.ts';

const everywhere = (noise: (x: number, y: number) => number) =>
  Array.from({ length: 128 * 128 }, (_, at) => noise((at % 128) * 4 + 0.3, Math.floor(at / 128) * 4 + 0.7));

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('noise', () => {
  it.each([
    ['fractal', fractal, 0, 1],
    ['ridged', ridged, 0, 1],
    ['detail', detail, -3, 3],
  ] as const)('%s stays in its range', (_name, noise, low, high) => {
    const values = everywhere(noise);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(low);
    expect(Math.max(...values)).toBeLessThanOrEqual(high);
  });

  it('averages about 0.5 for fractal and about 0 for detail', () => {
    expect(mean(everywhere(fractal))).toBeCloseTo(0.5, 1);
    expect(mean(everywhere(detail))).toBeCloseTo(0, 1);
  });

  it('repeats every 512 texels without a seam, for negative coordinates too', () => {
    expect(fractal(17.25 + 512, 3.5 - 512)).toBeCloseTo(fractal(17.25, 3.5), 9);
    expect(Math.abs(fractal(511.999, 40) - fractal(0.001, 40))).toBeLessThan(0.01);
  });

  it('is natural: values are more alike the closer they are', () => {
    const apart = (distance: number) =>
      mean(Array.from({ length: 5000 }, (_, at) => Math.abs(fractal(at * 7.3 + distance, at) - fractal(at * 7.3, at))));
    expect(apart(2)).toBeLessThan(apart(8));
    expect(apart(8)).toBeLessThan(apart(32));
  });
});
