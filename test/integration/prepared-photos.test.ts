import { decodePhoto } from '@swipenet/server/image/decoding/decode.ts';
import { encodedPhoto } from '@swipenet/server/image/photo-bytes.ts';
import { drawPicture } from '@swipenet/server/pictures/draw-photo.ts';
import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { PhotoPreparer } from '../../extension/src/background/preparing/photo-preparer.ts';
import { patternPixels } from '../../extension/src/background/preparing/test-pattern.ts';

// The extension resizes photos itself. libvips, as the server uses it, is the oracle; libvips also stands in for the
// browser's decoders here, and the browser tests have the real ones.

/** The largest mean difference and the largest difference of one pixel, in gray levels of 255. */
const TOLERANCE = { mean: 0.6, most: 8 };

/** Sizes of dating pages, in which libjpeg shrinks by 1, 2, 4 and 8, and odd ones. */
const SIZES = [
  ...[
    [256, 256],
    [320, 400],
    [512, 640],
    [640, 800],
    [800, 640],
    [640, 640],
    [750, 937],
    [800, 1000],
    [1080, 1350],
  ],
  ...[
    [301, 377],
    [523, 611],
    [1081, 1353],
    [1440, 1800],
    [2048, 2560],
  ],
] as const;

const preparer = new PhotoPreparer({
  readPixels: async (bytes, type) => {
    if (type === 'image/bmp') return patternPixels();
    const { data, info } = await sharp(bytes).autoOrient().ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  },
});

describe('a photo that the extension prepares', () => {
  let picture: Sharp;

  beforeAll(async () => {
    const { pixels, width, height } = await drawPicture({ scene: 'portrait', seed: 3, faults: [] });
    picture = sharp(pixels, { raw: { width, height, channels: 3 } });
  });

  async function differences(bytes: Uint8Array<ArrayBuffer>) {
    return await Promise.all(
      RESIZE_MODES.map(async (mode) => {
        const [own, servers] = await Promise.all([
          preparer.prepare(bytes, mode),
          decodePhoto(encodedPhoto(bytes), mode),
        ]);
        if (typeof own === 'string') return { mode, own };
        const off = own.map((level, at) => Math.abs(level - servers[at]!));
        return { mode, mean: off.reduce((sum, one) => sum + one, 0) / off.length, most: Math.max(...off) };
      }),
    );
  }

  const agrees = (result: Awaited<ReturnType<typeof differences>>[number]) =>
    'mean' in result && result.mean! <= TOLERANCE.mean && result.most! <= TOLERANCE.most;

  it.each(SIZES)('is the server’s in %i × %i pixels, as JPEG and WebP, in both resize modes', async (width, height) => {
    const sized = picture.clone().resize(width, height, { fit: 'cover' });
    for (const format of ['jpeg', 'webp'] as const) {
      const bytes = new Uint8Array(await sized.clone().toFormat(format, { quality: 85 }).toBuffer());
      expect((await differences(bytes)).filter((result) => !agrees(result)).map((off) => ({ format, ...off }))).toEqual(
        [],
      );
    }
  });

  it.each([2, 3, 5, 6, 8])('is the server’s if its EXIF orientation is %i', async (orientation) => {
    const sized = picture.clone().resize(640, 801).withMetadata({ orientation }).jpeg();
    const results = await differences(new Uint8Array(await sized.toBuffer()));
    expect(results.filter((result) => !agrees(result))).toEqual([]);
  });

  it('is sent as it is if it is small or very long', async () => {
    for (const [width, height, mode] of [
      [255, 400, 'cover'],
      [400, 255, 'squash'],
      [260, 1100, 'squash'],
    ] as const) {
      const bytes = new Uint8Array(await picture.clone().resize(width, height).jpeg().toBuffer());
      expect(await preparer.prepare(bytes, mode)).toBe('another size');
    }
  });
});
