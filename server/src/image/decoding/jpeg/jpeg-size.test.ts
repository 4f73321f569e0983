import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { formulaPhoto } from '../../../../../test/support/photos.ts';
import { jpegSize } from './jpeg-size.ts';

describe('the size in a JPEG header', () => {
  it.each([
    ['a baseline JPEG', {}],
    ['a progressive JPEG', { progressive: true }],
    ['a JPEG with subsampled colors', { chromaSubsampling: '4:2:0' }],
  ])('is the same as sharp reads for %s', async (_, options) => {
    expect(jpegSize(await formulaPhoto(123, 77).jpeg(options).toBuffer())).toEqual({
      width: 123,
      height: 77,
      channels: 3,
    });
  });

  it('is found behind EXIF, a profile and a comment, and ignores the orientation', async () => {
    const exif = { IFD0: { ImageDescription: 'x'.repeat(5000) } };
    const photo = await formulaPhoto(300, 200)
      .withMetadata({ orientation: 6 })
      .withExifMerge(exif)
      .keepIccProfile()
      .jpeg()
      .toBuffer();
    const { width, height } = await sharp(photo).metadata();
    expect(jpegSize(photo)).toEqual({ width, height, channels: 3 });
  });

  it('is valid or undefined for any bytes, and the search always ends', async () => {
    const photo = await formulaPhoto(64, 64).jpeg().toBuffer();
    const damage = fc.array(fc.tuple(fc.nat(photo.length - 1), fc.nat(255)), { maxLength: 20 });
    fc.assert(
      fc.property(damage, fc.nat(photo.length), (changes, length) => {
        const bytes = Uint8Array.from(photo.subarray(0, length));
        for (const [at, value] of changes) if (at < length) bytes[at] = value;
        const size = jpegSize(bytes);
        if (size) expect(size.width > 0 && size.height > 0 && size.width < 65_536 && size.height < 65_536).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(jpegSize(Uint8Array.of(0xff, 0xd8, ...Array(1000).fill(0xff)))).toBeUndefined();
    expect(jpegSize(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0, 0))).toBeUndefined();
  });
});
