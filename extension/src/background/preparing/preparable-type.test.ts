import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { preparableType } from './preparable-type.ts';

const picture = sharp({ create: { width: 64, height: 64, channels: 3, background: '#369' } });
const JPEG = await picture.clone().jpeg().toBuffer();
const BRIGHTER = await picture.clone().linear(1.5).jpeg().toBuffer();
const WEBP = await picture.clone().webp().toBuffer();

describe('the type of a photo', () => {
  it.each<[string, 'jpeg' | 'webp', () => Promise<Uint8Array>]>([
    ['a JPEG', 'jpeg', async () => JPEG],
    ['a progressive JPEG', 'jpeg', () => picture.clone().jpeg({ progressive: true }).toBuffer()],
    ['a gray JPEG', 'jpeg', () => picture.clone().toColourspace('b-w').jpeg().toBuffer()],
    [
      'a JPEG with a profile and EXIF',
      'jpeg',
      () => picture.clone().jpeg().withIccProfile('p3').withExif({}).toBuffer(),
    ],
    ['a lossy WebP', 'webp', async () => WEBP],
    ['a lossless WebP', 'webp', () => picture.clone().webp({ lossless: true }).toBuffer()],
    ['a WebP with transparency', 'webp', () => picture.clone().ensureAlpha(0.5).webp().toBuffer()],
    ['a WebP with bytes after its end', 'webp', async () => Buffer.concat([WEBP, Buffer.from('more')])],
  ])('is that of %s', async (_, type, make) => {
    expect(preparableType(await make())).toBe(type);
  });

  it.each<[string, () => Promise<Uint8Array>]>([
    ['a PNG', () => picture.clone().png().toBuffer()],
    ['an AVIF', () => picture.clone().avif().toBuffer()],
    ['a JPEG in inks', () => picture.clone().toColourspace('cmyk').jpeg().toBuffer()],
    [
      'a WebP with EXIF',
      () =>
        picture
          .clone()
          .webp()
          .withExif({ IFD0: { Artist: 'somebody' } })
          .toBuffer(),
    ],
    [
      'an animated WebP',
      () =>
        sharp([JPEG, BRIGHTER], { join: { animated: true } })
          .webp({ loop: 0, delay: [10, 10] })
          .toBuffer(),
    ],
    ['a JPEG without its end', async () => JPEG.subarray(0, -2)],
    ['a JPEG that ends in its headers', async () => Buffer.concat([JPEG.subarray(0, 60), Buffer.from([0xff, 0xd9])])],
    ['a WebP without its end', async () => WEBP.subarray(0, -1)],
    ['no bytes', async () => new Uint8Array()],
  ])('is unknown for %s', async (_, make) => {
    expect(preparableType(await make())).toBeUndefined();
  });

  it('is found in a part of a larger buffer', () => {
    const larger = Buffer.concat([Buffer.alloc(5), WEBP]);
    expect(preparableType(larger.subarray(5))).toBe('webp');
  });
});
