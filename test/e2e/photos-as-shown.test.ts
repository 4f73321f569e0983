import { decodePhoto, toGray } from '@swipenet/server/image/decoding/decode.ts';
import { encodedPhoto } from '@swipenet/server/image/photo-bytes.ts';
import { type Browser, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../support/find-chromium.ts';
import { avifPhotos } from '../support/shown-photos/avif-photos.ts';
import { jpegPhotos } from '../support/shown-photos/jpeg-photos.ts';
import { orientedPhotos } from '../support/shown-photos/oriented-photos.ts';
import { type Photos, pngPhotos } from '../support/shown-photos/png-photos.ts';
import { webpPhotos } from '../support/shown-photos/webp-photos.ts';
import { expectPreparedAsServed } from './prepared-as-served.ts';

// The network must see what a person sees. Chromium's canvas is the oracle: format × depth × gray or color ×
// transparency × orientation × profile × animation, all drawn here.

/** The largest mean difference that counts as the same picture, in gray levels of 255. */
const TOLERANCE = 2;

const executablePath = findChromium();

describe.skipIf(!executablePath)('the server sees what Chromium shows', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
    page = await browser.newPage();
  });
  afterAll(() => browser?.close());

  it.each<[string, () => Promise<Photos>]>([
    ['JPEG', jpegPhotos],
    ['PNG', pngPhotos],
    ['WebP', webpPhotos],
    ['AVIF', avifPhotos],
    ['EXIF orientations', orientedPhotos],
  ])('%s', async (_, make) => {
    const photos = Object.entries(await make());
    const shown = await drawAll(
      page,
      photos.map(([, bytes]) => bytes),
    );
    const differences = await Promise.all(
      photos.map(async ([name, bytes], index) => {
        const decoded = await decodePhoto(encodedPhoto(bytes), 'squash');
        return { name, mean: meanDifference(decoded, await squashed(shown[index]!)) };
      }),
    );
    expect(differences.filter(({ mean }) => mean > TOLERANCE)).toEqual([]);
  });

  it('and gets the same from Chromium when the extension prepares the photos', async () => {
    await expectPreparedAsServed((url) => page.goto(url));
  });
});

/** What the page drew: RGBA as base64, which costs little on the way. */
interface Drawn {
  readonly width: number;
  readonly height: number;
  readonly pixels: string;
}

/** Draws each photo on white in a canvas of its own size. */
async function drawAll(page: Page, photos: readonly Uint8Array[]): Promise<Drawn[]> {
  return await page.evaluate(
    (sources) =>
      Promise.all(
        sources.map(async (source) => {
          const image = new Image();
          image.src = `data:image/x;base64,${source}`;
          await image.decode();
          const [width, height] = [image.naturalWidth, image.naturalHeight];
          const canvas = document.createElement('canvas');
          Object.assign(canvas, { width, height });
          const context = canvas.getContext('2d')!;
          context.fillStyle = 'white';
          context.fillRect(0, 0, width, height);
          context.drawImage(image, 0, 0);
          const { data } = context.getImageData(0, 0, width, height);
          let text = '';
          for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
          return { width, height, pixels: btoa(text) };
        }),
      ),
    photos.map((bytes) => Buffer.from(bytes).toString('base64')),
  );
}

/** Converts drawn pixels to gray and resizes them as the server does. */
async function squashed({ width, height, pixels }: Drawn): Promise<Uint8Array> {
  const gray = toGray(Buffer.from(pixels, 'base64'), 4);
  return await sharp(gray, { raw: { width, height, channels: 1 } })
    .resize(256, 256, { fit: 'fill' })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
}

const meanDifference = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((sum, level, at) => sum + Math.abs(level - b[at]!), 0) / a.length;
