import {
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  filterGrayscale,
  oklab,
  type Rgb,
} from 'culori';
import { describe, expect, it } from 'vitest';
import { heatColor, heatGradient, heatPixels, heatScale, seenArea, signedLogit } from './heat-map.ts';

const mapOf = (logit: number) => new Array<number>(49).fill(logit);

describe('the color scale, by another library', () => {
  const SHARES = Array.from({ length: 21 }, (_, at) => at / 10 - 1);
  const colorOf = (share: number) => {
    const [r, g, b] = heatColor(share).map((level) => level / 255) as [number, number, number];
    return { mode: 'rgb' as const, r, g, b };
  };

  it('has equal steps, from orange over gray to blue', () => {
    const labs = SHARES.map((share) => oklab(colorOf(share)));
    const steps = labs.slice(1).map(({ l, a, b }, at) => Math.hypot(l - labs[at]!.l, a - labs[at]!.a, b - labs[at]!.b));
    expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.25); // levels are whole numbers
    expect([-1, 0, 1].map(heatColor)).toEqual([
      [234, 147, 68],
      [128, 128, 128],
      [17, 87, 163],
    ]);
  });

  it.each([
    ['without red', filterDeficiencyProt(1), 50],
    ['without green', filterDeficiencyDeuter(1), 50],
    ['without blue', filterDeficiencyTrit(1), 50],
    ['without colors', filterGrayscale(1), 25],
  ])('can be read by eyes %s (Machado 2009): it only gets darker, and its ends differ', (_, seenBy, least) => {
    const seen = SHARES.map((share) => (seenBy as (color: Rgb) => Rgb)(colorOf(share)));
    const lightness = seen.map((color) => oklab(color).l);
    expect(lightness).toEqual(lightness.toSorted((one, other) => other - one));
    expect(new Set(lightness).size).toBe(lightness.length);
    expect(differenceCiede2000()(seen[0]!, seen.at(-1)!)).toBeGreaterThan(least);
  });

  it('is the same in a style sheet', () => {
    expect(heatGradient()).toBe('linear-gradient(in oklab to right,rgb(234 147 68),rgb(128 128 128),rgb(17 87 163))');
  });
});

describe('the heat map', () => {
  it('is opaque, and no stronger than the ends of the scale', () => {
    const pixels = heatPixels([4, -4, 0, 9, ...mapOf(0).slice(4)], 4);
    expect(pixels).toHaveLength(4 * 49);
    expect([0, 1, 2, 3].map((at) => [...pixels.subarray(4 * at, 4 * at + 4)])).toEqual(
      [1, -1, 0, 1].map((share) => [...heatColor(share), 255]),
    );
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

  it('writes evidence with its sign', () => {
    expect([0.816, -0.3, 0.001, -0.001].map(signedLogit)).toEqual(['+0.82', '−0.30', '0.00', '0.00']);
  });
});
