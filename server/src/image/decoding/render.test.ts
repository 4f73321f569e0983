// @module-tag slow
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { animatedAvif } from '../../../../test/support/shown-photos/animated-avif.ts';
import { coded, monochrome } from '../../../../test/support/shown-photos/avif-photos.ts';
import { basePicture, SIZE } from '../../../../test/support/shown-photos/base-picture.ts';
import { warningJpegs, withScanEnd } from '../../../../test/support/shown-photos/jpeg-photos.ts';
import { stillItems } from './avif/items.ts';
import { stillAvif } from './avif/still.ts';
import type { PhotoType } from './photo-type.ts';
import { renderPhoto } from './render.ts';

const WHITE = { r: 255, g: 255, b: 255 };
const options = { resize: { width: 48, height: 32, fit: 'fill' }, background: WHITE } as const;
const render = async (bytes: Uint8Array, type: PhotoType) => (await renderPhoto(bytes, type, options)).pixels;

const END = Uint8Array.of(0xff, 0xd9);

describe('a truncated photo is refused, never shown in part', () => {
  const photos: Record<string, { type: PhotoType; bytes: Buffer }> = {};
  beforeAll(async () => {
    const jpeg = await basePicture().jpeg().toBuffer();
    const progressive = await basePicture().jpeg({ progressive: true }).toBuffer();
    const avif = await basePicture(true).avif({ effort: 0 }).toBuffer();
    const { picture, alpha } = stillItems(avif)!;
    const anim = await sharp(await Promise.all([0, 1].map(() => basePicture().png().toBuffer())), {
      join: { animated: true },
    })
      .webp()
      .toBuffer();
    Object.assign(photos, {
      JPEG: { type: 'jpeg', bytes: jpeg },
      'progressive JPEG': { type: 'jpeg', bytes: progressive },
      'JPEG of a Samsung phone': { type: 'jpeg', bytes: withScanEnd(jpeg, [0, 0, 0]) },
      PNG: { type: 'png', bytes: await basePicture().png().toBuffer() },
      'interlaced PNG': { type: 'png', bytes: await basePicture().png({ progressive: true }).toBuffer() },
      'PNG of 16 bits with a profile': {
        type: 'png',
        bytes: await basePicture().toColourspace('rgb16').withIccProfile('p3').png().toBuffer(),
      },
      WebP: { type: 'webp', bytes: await basePicture().webp().toBuffer() },
      'lossless WebP': { type: 'webp', bytes: await basePicture(true).webp({ lossless: true }).toBuffer() },
      'animated WebP': { type: 'webp', bytes: anim },
      AVIF: { type: 'avif', bytes: avif },
      'animated AVIF': { type: 'avif', bytes: animatedAvif(SIZE, [picture, picture], [alpha!, alpha!]) },
    } satisfies typeof photos);
  });

  it.each([
    ...['JPEG', 'progressive JPEG', 'JPEG of a Samsung phone', 'PNG', 'interlaced PNG'],
    ...['PNG of 16 bits with a profile', 'WebP', 'lossless WebP', 'animated WebP', 'AVIF', 'animated AVIF'],
  ])('%s', async (name) => {
    const { type, bytes } = photos[name]!;
    const whole = await render(bytes, type);
    const lengths = new Set(Array.from({ length: 40 }, (_, index) => bytes.length - 1 - index));
    for (let share = 0; share < 1; share += 1 / 50) lengths.add(Math.floor(bytes.length * share));
    const inPart: string[] = [];
    for (const length of lengths) {
      const cut = bytes.subarray(0, length);
      for (const truncated of type === 'jpeg' ? [cut, Buffer.concat([cut, END])] : [cut]) {
        const shown = await render(truncated, type).catch(() => undefined);
        if (shown && !Buffer.from(shown).equals(whole)) inPart.push(`${length} of ${bytes.length} bytes`);
      }
    }
    expect(inPart).toEqual([]);
  });
});

describe('a photo is shown in full', () => {
  it.each([{}, { progressive: true }])('if libjpeg only warns: %j', async (saved) => {
    const jpeg = await basePicture().jpeg(saved).toBuffer();
    const whole = Buffer.from(await render(jpeg, 'jpeg'));
    const warning = Object.entries(warningJpegs(jpeg)).filter(
      ([name]) => !('progressive' in saved && name.startsWith('a scan')),
    );
    for (const [name, bytes] of [...warning, ['no end', jpeg.subarray(0, -2)] as const]) {
      expect(whole.equals(await render(bytes, 'jpeg')), name).toBe(true);
    }
  });

  it('if it is a monochrome AVIF of limited range: like its twin of full range', async () => {
    const still = async (limited: boolean) => stillAvif(coded(await monochrome(limited), [1, 13, 6], !limited));
    const [limited, full] = [await render(await still(true), 'avif'), await render(await still(false), 'avif')];
    const worst = limited.reduce((most, level, at) => Math.max(most, Math.abs(level - full[at]!)), 0);
    expect(worst).toBeLessThanOrEqual(2);
    expect(Math.max(...limited)).toBeGreaterThan(240);
  });
});

describe('a color is what its file says', () => {
  const one = (color: string) => sharp({ create: { width: 40, height: 40, channels: 3, background: color } });

  it('in front of the background', async () => {
    const clear = sharp({
      create: { width: 40, height: 40, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0.5 } },
    });
    const { pixels } = await renderPhoto(await clear.png().toBuffer(), 'png', {
      ...options,
      background: { r: 200, g: 100, b: 0 },
    });
    expect([...pixels.subarray(0, 3)].map((level) => Math.round(level / 2) * 2)).toEqual([100, 50, 0]);
  });

  it('in inks: each color is what two inks let through', async () => {
    const jpeg = await one('#d02040').toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    const inks = await sharp(jpeg).pipelineColourspace('cmyk').toColourspace('cmyk').raw().toBuffer();
    const through = [0, 1, 2].map((ink) => ((255 - inks[ink]!) * (255 - inks[3]!)) / 255);
    const pixels = await render(jpeg, 'jpeg');
    for (const [color, level] of through.entries()) expect(Math.abs(pixels[color]! - level)).toBeLessThanOrEqual(1);
  });
});
