import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../../test/support/random.ts';
import { channelsOfProfile } from '../color/icc-profile.ts';
import { chunk } from './chunks.ts';
import { pngColor, withMeaning } from './png-color.ts';

const picture = () => sharp({ create: { width: 40, height: 40, channels: 3, background: 'teal' } });

const inserted = (png: Uint8Array, ...chunks: readonly Uint8Array[]) =>
  Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);

const gamma = (value: number) => {
  const data = Buffer.alloc(4);
  data.writeUInt32BE(Math.round(value * 1e5));
  return chunk('gAMA', data);
};

describe('the color of a PNG', () => {
  it('has the depth of the header, and colors or not', async () => {
    for (const [space, deep, gray] of [
      ['srgb', false, false],
      ['rgb16', true, false],
      ['b-w', false, true],
      ['grey16', true, true],
    ] as const) {
      expect(await pngColor(await picture().toColourspace(space).png().toBuffer())).toMatchObject({ deep, gray });
    }
  });

  it('is sRGB unless a chunk says something else', async () => {
    const png = await picture().png().toBuffer();
    const says = async (...chunks: readonly Uint8Array[]) =>
      (await pngColor(inserted(png, ...chunks))).profile !== undefined;
    expect(await says()).toBe(false);
    expect(await says(gamma(1))).toBe(true);
    expect(await says(gamma(0.45455))).toBe(false); // what many programs write for sRGB
    expect(await says(gamma(0))).toBe(false);
    expect(await says(gamma(1).fill(0, 12))).toBe(false); // a wrong checksum
    expect(await says(gamma(1), chunk('sRGB', Uint8Array.of(0)))).toBe(false);
    expect(await says(chunk('cICP', Uint8Array.of(12, 13, 0, 1)))).toBe(true);
    expect(await says(chunk('cICP', Uint8Array.of(1, 13, 0, 1)), gamma(1))).toBe(false);
    expect(await says(chunk('cICP', Uint8Array.of(200, 13, 0, 1)))).toBe(false); // no primaries
  });

  it('is that of a profile that fits, before that of a gamma', async () => {
    const withProfile = await picture().withIccProfile('p3').png().toBuffer();
    const { icc } = await sharp(withProfile).metadata();
    expect(Buffer.from((await pngColor(inserted(withProfile, gamma(1)))).profile!).equals(icc!)).toBe(true);
    const broken = inserted(await picture().png().toBuffer(), chunk('iCCP', Buffer.from('x\0\0broken')), gamma(1));
    expect(channelsOfProfile((await pngColor(broken)).profile!)).toBe('RGB ');
  });

  it('can be replaced, and the pixels stay', async () => {
    const png = inserted(await picture().png().toBuffer(), gamma(1));
    const { profile } = await pngColor(png);
    const other = withMeaning(png, profile);
    expect(Buffer.from((await pngColor(other)).profile!).equals(profile!)).toBe(true);
    const raw = (bytes: Uint8Array) => sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
    expect((await raw(other)).equals(await raw(png))).toBe(true);
    expect((await pngColor(withMeaning(png, undefined))).profile).toBeUndefined();
  });

  it('is read from any bytes without an error', async () => {
    const png = inserted(await picture().withIccProfile('p3').png().toBuffer(), gamma(1));
    const random = seededRandom(8);
    for (let round = 0; round < 100; round += 1) {
      const bytes = Uint8Array.from(png.subarray(0, 33 + random() * png.length));
      for (let change = 0; change < 5; change += 1) bytes[Math.floor(random() * bytes.length)] = random() * 256;
      const { profile } = await pngColor(bytes);
      expect(profile === undefined || profile.length > 0).toBe(true);
    }
  });
});
