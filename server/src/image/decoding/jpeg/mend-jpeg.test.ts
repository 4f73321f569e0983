import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { formulaPhoto } from '../../../../../test/support/photos.ts';
import { seededRandom } from '../../../../../test/support/random.ts';
import { warningJpegs } from '../../../../../test/support/shown-photos/jpeg-photos.ts';
import { mendJpeg } from './mend-jpeg.ts';

const strict = (bytes: Uint8Array) => sharp(bytes, { failOn: 'warning' }).raw().toBuffer();

const SAVED: Record<string, (photo: Sharp) => Sharp> = {
  baseline: (photo) => photo.jpeg(),
  progressive: (photo) => photo.jpeg({ progressive: true }),
  gray: (photo) => photo.toColourspace('b-w').jpeg(),
  'with EXIF and a profile': (photo) => photo.withMetadata({ orientation: 6 }).withIccProfile('p3').jpeg(),
};

describe.each(Object.entries(SAVED))('a JPEG that makes libjpeg warn, %s', (_, save) => {
  const saved = () => save(formulaPhoto(160, 120)).toBuffer();

  it('has the same pixels once it is mended', async () => {
    const jpeg = await saved();
    const pixels = await strict(jpeg);
    const warning = warningJpegs(jpeg);
    const { 'stray bytes before the end': stray, ...others } = warning;
    for (const [name, bytes] of Object.entries(others)) {
      // A sequential scan has all coefficients, so what its header says is ignored. A progressive one's counts.
      if (name.startsWith('a scan') && jpeg.includes(Uint8Array.of(0xff, 0xc2))) continue;
      expect((await strict(mendJpeg(bytes))).equals(pixels), name).toBe(true);
    }
    expect((await strict(mendJpeg(stray!, 18))).equals(pixels)).toBe(true);
  });

  it('has the same pixels without its end', async () => {
    const jpeg = await saved();
    for (const missing of [1, 2]) {
      await expect(strict(jpeg.subarray(0, -missing))).rejects.toThrow('premature end of JPEG image');
      expect((await strict(mendJpeg(jpeg.subarray(0, -missing)))).equals(await strict(jpeg))).toBe(true);
    }
  });

  it('stays as it is if it makes libjpeg say nothing', async () => {
    const jpeg = await saved();
    expect(Buffer.from(mendJpeg(jpeg)).equals(jpeg)).toBe(true);
  });
});

describe('mending', () => {
  it('says that pixels are missing, wherever a JPEG is cut', async () => {
    const jpeg = await formulaPhoto(160, 120).jpeg().toBuffer();
    const pixels = await strict(jpeg);
    for (let length = 100; length < jpeg.length - 2; length += 97) {
      const whole = await strict(mendJpeg(jpeg.subarray(0, length))).catch(() => undefined);
      expect(whole === undefined || whole.equals(pixels), `${length} of ${jpeg.length} bytes`).toBe(true);
    }
  });

  it('ends for any bytes', () => {
    const random = seededRandom(5);
    for (let round = 0; round < 200; round += 1) {
      const bytes = Uint8Array.from({ length: 300 }, () => (random() < 0.5 ? 0xff : random() * 256));
      const mended = mendJpeg(Uint8Array.of(0xff, 0xd8, ...bytes));
      expect(mended.length).toBeLessThanOrEqual(304);
    }
    expect(mendJpeg(new Uint8Array(1_000_000).fill(0xff))).toHaveLength(4);
  });
});
