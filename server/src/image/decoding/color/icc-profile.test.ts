import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { withMeaning } from '../png/png-color.ts';
import { codedSpace, powerToLight, SRGB_CHROMATICITIES, srgbToLight } from './color-space.ts';
import { channelsOfProfile, iccProfile } from './icc-profile.ts';

const LEVELS = [0, 20, 60, 128, 200, 255];

/** Converts colors with libvips and Little CMS. */
async function converted(profile: Uint8Array, color: readonly number[]): Promise<number[]> {
  const [r, g, b] = color as [number, number, number];
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer();
  const pixels = await sharp(withMeaning(png, profile)).toColourspace('srgb').raw().toBuffer();
  return [...pixels.subarray(0, 3)];
}

/** From linear light to linear light (CSS Color 4, sample code). */
const P3_TO_SRGB: readonly (readonly number[])[] = [
  [1.2249, -0.2249, 0],
  [-0.0421, 1.0421, 0],
  [-0.0196, -0.0786, 1.0983],
];

const srgbLevel = (light: number) => 255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055);

describe('a color space as an ICC profile', () => {
  it.each([1, 1.8, 2.2, 2.8])('applies the curve of a power of %d', async (exponent) => {
    const profile = iccProfile({ toLight: powerToLight(exponent), chromaticities: SRGB_CHROMATICITIES }, false)!;
    for (const level of LEVELS) {
      const [red, green, blue] = await converted(profile, [level, level, level]);
      const expected = srgbLevel((level / 255) ** exponent);
      for (const found of [red, green, blue]) expect(Math.abs(found! - expected)).toBeLessThanOrEqual(1);
    }
  });

  it('changes nothing if it is sRGB', async () => {
    const profile = iccProfile({ toLight: srgbToLight, chromaticities: SRGB_CHROMATICITIES }, false)!;
    for (const color of [
      [200, 30, 60],
      [10, 250, 128],
    ]) {
      const found = await converted(profile, color);
      for (const [index, level] of color.entries()) expect(Math.abs(found[index]! - level)).toBeLessThanOrEqual(1);
    }
  });

  it('converts Display P3 to what CSS Color 4 says', async () => {
    const profile = iccProfile(codedSpace(12, 13, srgbToLight)!, false)!;
    const lights = [200, 100, 100].map((level) => srgbToLight(level / 255));
    const found = await converted(profile, [200, 100, 100]);
    for (const [index, row] of P3_TO_SRGB.entries()) {
      const expected = srgbLevel(row.reduce((sum, factor, column) => sum + factor * lights[column]!, 0));
      expect(Math.abs(found[index]! - expected)).toBeLessThanOrEqual(1);
    }
    const [gray] = await converted(profile, [90, 90, 90]);
    expect(Math.abs(gray! - 90)).toBeLessThanOrEqual(1);
  });

  it('is for gray or for colors', () => {
    const space = codedSpace(1, 8, srgbToLight)!;
    expect([true, false].map((gray) => channelsOfProfile(iccProfile(space, gray)!))).toEqual(['GRAY', 'RGB ']);
  });

  it('is undefined if the chromaticities are on a line, or the white is nowhere', () => {
    const toLight = srgbToLight;
    expect(iccProfile({ toLight, chromaticities: [0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3] }, false)).toBeUndefined();
    expect(iccProfile({ toLight, chromaticities: [0.3, 0, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06] }, false)).toBeUndefined();
  });
});
