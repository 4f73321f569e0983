import sharp from 'sharp';
import { describe, expect, it, vi } from 'vitest';
import type { Pixels } from './gray-square.ts';
import { PhotoPreparer } from './photo-preparer.ts';
import { patternPixels } from './test-pattern.ts';

const make = async (format: 'jpeg' | 'png' | 'webp', size = 300) => {
  const picture = sharp({ create: { width: size, height: size, channels: 3, background: '#336699' } });
  return new Uint8Array(await picture.toFormat(format).toBuffer());
};
const JPEG = await make('jpeg');
const WEBP = await make('webp');

/** What a faithful browser shows of a photo; sharp can't open the pattern. */
async function show(bytes: Uint8Array, type: string): Promise<Pixels> {
  if (type === 'image/bmp') return patternOf(bytes);
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** Reads the pattern's file, as its format says. */
function patternOf(file: Uint8Array): Pixels {
  const view = new DataView(file.buffer);
  const [width, height] = [view.getInt32(18, true), view.getInt32(22, true)];
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let at = 0; at < width * height; at += 1) {
    const from = view.getUint32(10, true) + 3 * ((height - 1 - Math.floor(at / width)) * width + (at % width));
    data.set([file[from + 2]!, file[from + 1]!, file[from]!], 4 * at);
  }
  return { width, height, data };
}

describe('a photo', () => {
  it('becomes a square of gray levels, for a JPEG and a WebP', async () => {
    const readPixels = vi.fn(show);
    const preparer = new PhotoPreparer({ readPixels });
    for (const photo of [JPEG, WEBP]) {
      const gray = await preparer.prepare(photo, 'cover');
      expect(gray).toHaveLength(65_536);
      // 0.299 · 0x33 + 0.587 · 0x66 + 0.114 · 0x99
      for (const level of new Set<unknown>(gray as Uint8Array)) expect(Math.abs(Number(level) - 92.6)).toBeLessThan(2);
    }
    expect(readPixels.mock.calls.map(([, type]) => type)).toEqual(['image/bmp', 'image/jpeg', 'image/webp']);
  });

  it.each([
    ['another format', () => make('png')],
    ['another format', async () => JPEG.slice(0, -2)],
    ['another format', async () => WEBP.slice(0, -2)],
    ['another format', async () => new Uint8Array()],
    ['another size', () => make('jpeg', 255)],
  ])('isn’t prepared because of %s', async (reason, photo) => {
    expect(await new PhotoPreparer({ readPixels: show }).prepare(await photo(), 'cover')).toBe(reason);
  });

  it('isn’t prepared if the browser can’t decode it or won’t for its size', async () => {
    const failing = new PhotoPreparer({
      readPixels: async (bytes, type) => {
        if (type !== 'image/bmp') throw new Error('The source image could not be decoded.');
        return await show(bytes, type);
      },
    });
    expect(await failing.prepare(JPEG, 'cover')).toBe('not decodable');
    const readPixels = async (bytes: Uint8Array, type: string) =>
      type === 'image/bmp' ? show(bytes, type) : undefined;
    expect(await new PhotoPreparer({ readPixels }).prepare(JPEG, 'squash')).toBe('another size');
  });
});

describe('a browser', () => {
  it.each<[string, (pixels: Pixels) => Pixels | undefined]>([
    ['changes one bit of one pixel', ({ data, ...size }) => ({ ...size, data: data.with(4_321, data[4_321]! ^ 1) })],
    ['returns white', ({ data, ...size }) => ({ ...size, data: new Uint8Array(data.length).fill(255) })],
    ['returns another size', ({ data }) => ({ width: 32, height: 32, data })],
    ['returns nothing', () => undefined],
  ])('that %s gets its photos sent as they are, and is tried once', async (_, change) => {
    const readPixels = vi.fn(async (bytes: Uint8Array, type: string) => change(await show(bytes, type)));
    const preparer = new PhotoPreparer({ readPixels });
    for (const photo of [JPEG, JPEG]) expect(await preparer.prepare(photo, 'cover')).toBe('changed pixels');
    expect(readPixels).toHaveBeenCalledTimes(1);
  });

  it('without a canvas gets its photos sent as they are', async () => {
    const preparer = new PhotoPreparer({ readPixels: () => Promise.reject(new ReferenceError('OffscreenCanvas')) });
    expect(await preparer.prepare(JPEG, 'cover')).toBe('changed pixels');
  });

  it('is tried with all levels of each color', () => {
    const { data } = patternPixels();
    for (const color of [0, 1, 2]) expect(new Set(data.filter((_, at) => at % 4 === color)).size).toBe(256);
  });
});
