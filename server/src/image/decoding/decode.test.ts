import type { ResizeMode } from '@swipenet/shared/photo.ts';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { bombPng, formulaPhoto as photo, formulaPixels as pixels } from '../../../../test/support/photos.ts';
import { seededRandom } from '../../../../test/support/random.ts';
import { encodedPhoto, grayLevels } from '../photo-bytes.ts';
import { centerCrop, preprocessPhoto } from '../preprocess.ts';
import { decodePhoto } from './decode.ts';

const decode = (bytes: Uint8Array, resize: ResizeMode) => decodePhoto(encodedPhoto(bytes), resize);
const luma = (r: number, g: number, b: number) => Math.floor((299 * r + 587 * g + 114 * b + 500) / 1000);
const meanDifference = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((sum, level, index) => sum + Math.abs(level - b[index]!), 0) / a.length;

describe('decoding', () => {
  it('returns exactly the Rec. 601 luma if nothing has to be resized', async () => {
    const raw = pixels(256, 256);
    const expected = Uint8Array.from({ length: 256 * 256 }, (_, at) =>
      luma(raw[3 * at]!, raw[3 * at + 1]!, raw[3 * at + 2]!),
    );
    expect(await decode(await photo(256, 256).png().toBuffer(), 'cover')).toEqual(expected);
  });

  it('crops the center 224 × 224 pixels', () => {
    const decoded = grayLevels().map((_, at) => (Math.floor(at / 256) * 7 + (at % 256)) % 251);
    const crop = centerCrop(grayLevels(decoded));
    expect(crop).toHaveLength(224 * 224);
    expect([crop[0], crop[223], crop[223 * 224]]).toEqual([
      decoded[16 * 256 + 16],
      decoded[16 * 256 + 239],
      decoded[239 * 256 + 16],
    ]);
  });

  it('keeps proportions with cover and distorts them with squash', async () => {
    // Twice as wide as high, with a white right quarter: cover cuts off both sides, and squash keeps everything.
    const wide = sharp({ create: { width: 600, height: 300, channels: 3, background: 'black' } }).composite([
      { input: { create: { width: 150, height: 300, channels: 3, background: 'white' } }, left: 450, top: 0 },
    ]);
    const bytes = await wide.png().toBuffer();
    const white = (levels: Uint8Array) => levels.filter((level) => level > 127).length / levels.length;
    expect(white(await decode(bytes, 'cover'))).toBeCloseTo(0, 2);
    expect(white(await decode(bytes, 'squash'))).toBeCloseTo(0.25, 2);
  });

  it('rotates a photo according to its EXIF orientation', async () => {
    const upright = await decode(await photo(300, 400).png().toBuffer(), 'cover');
    const lying = await photo(300, 400).rotate(-90).png().toBuffer();
    const turned = await sharp(lying).withMetadata({ orientation: 6 }).png().toBuffer();
    expect(meanDifference(await decode(turned, 'cover'), upright)).toBeLessThan(1);
    expect(meanDifference(await decode(lying, 'cover'), upright)).toBeGreaterThan(10);
  });

  it.each(['jpeg', 'webp', 'avif'] as const)('decodes %s almost like PNG', async (format) => {
    const lossless = await decode(await photo(320, 400).png().toBuffer(), 'cover');
    const lossy = await decode(await photo(320, 400).toFormat(format, { quality: 95 }).toBuffer(), 'cover');
    expect(meanDifference(lossy, lossless)).toBeLessThan(4);
  });

  it('fills transparency with white, and decodes gray and 16-bit photos', async () => {
    const create = { width: 64, height: 64, channels: 4 as const, background: { r: 0, g: 0, b: 0, alpha: 0 } };
    expect((await decode(await sharp({ create }).png().toBuffer(), 'cover'))[0]).toBe(255);
    const gray = sharp({ create: { width: 64, height: 64, channels: 3, background: '#808080' } });
    const variants = [
      await gray.clone().toColourspace('b-w').png().toBuffer(),
      await gray.clone().toColourspace('rgb16').png().toBuffer(),
    ];
    for (const bytes of variants) {
      const levels = await decode(bytes, 'cover');
      expect(levels).toHaveLength(256 * 256);
      expect(Math.abs(levels[1000]! - 128)).toBeLessThan(2);
    }
  });

  describe('matches the golden tensors', () => {
    // Every 28th pixel of [1, 224, 224], computed by this code on 2026-11-23 with sharp 0.35.5. The processor-specific
    // kernels of libvips may be off by one level.
    const GOLDEN = {
      'cover of 640 × 800': [
        35, 44, 50, 54, 85, 96, 102, 104, 52, 59, 65, 73, 95, 102, 109, 116, 74, 82, 92, 106, 91, 97, 108, 122, 82, 94,
        111, 114, 105, 113, 118, 137, 105, 113, 114, 124, 121, 131, 143, 139, 120, 125, 126, 137, 137, 144, 155, 154,
        132, 137, 142, 148, 152, 158, 163, 168, 122, 133, 144, 156, 167, 178, 189, 201,
      ],
      'squash of 800 × 500': [
        27, 38, 41, 53, 64, 67, 78, 90, 46, 52, 72, 75, 67, 99, 93, 92, 76, 56, 85, 96, 93, 105, 108, 116, 86, 77, 96,
        114, 105, 124, 123, 132, 84, 110, 108, 105, 132, 130, 148, 156, 96, 131, 120, 125, 144, 149, 163, 172, 124, 137,
        131, 147, 170, 157, 178, 196, 148, 147, 173, 170, 169, 194, 193, 192,
      ],
    } as Record<string, number[]>;

    it.each([
      ['cover of 640 × 800', 640, 800, 'cover'],
      ['squash of 800 × 500', 800, 500, 'squash'],
    ] as const)('%s', async (name, width, height, resize) => {
      const tensor = await preprocessPhoto(encodedPhoto(await photo(width, height).png().toBuffer()), resize);
      const sampled = Array.from({ length: 64 }, (_, at) => tensor[Math.floor(at / 8) * 28 * 224 + (at % 8) * 28]!);
      const worst = Math.max(...sampled.map((level, at) => Math.abs(level - (GOLDEN[name]?.[at] ?? 999))));
      expect(worst, `found [${sampled.join(', ')}]`).toBeLessThanOrEqual(1);
    });
  });
});

describe('a photo that can’t be decoded is rejected with the reason', () => {
  let jpeg: Buffer;
  beforeAll(async () => {
    jpeg = await photo(640, 800).jpeg().toBuffer();
  });
  const codeOf = (bytes: Uint8Array) =>
    decode(bytes, 'cover').then(
      () => 'decoded',
      (error) => error.code,
    );

  it.each<[string, () => Uint8Array | Promise<Uint8Array>, string]>([
    ['empty', () => new Uint8Array(), 'photo_empty'],
    ['HTML named .jpg', () => new TextEncoder().encode('<!doctype html><html></html>'), 'photo_type_unsupported'],
    [
      'SVG',
      () => new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"/>'),
      'photo_type_unsupported',
    ],
    ['GIF', () => photo(64, 64).gif().toBuffer(), 'photo_type_unsupported'],
    ['31 pixels high', () => photo(100, 31).png().toBuffer(), 'photo_too_small'],
    ['a bomb of 200 megapixels', () => bombPng(20_000, 10_000), 'photo_too_many_pixels'],
    ['truncated', () => jpeg.subarray(0, jpeg.length / 2), 'photo_undecodable'],
    ['truncated and ended', () => Buffer.concat([jpeg.subarray(0, 9000), jpeg.subarray(-2)]), 'photo_undecodable'],
    ['only a header', () => jpeg.subarray(0, 20), 'photo_undecodable'],
    [
      'a PNG with a broken chunk',
      async () => (await photo(64, 64).png().toBuffer()).fill(7, 60, 90),
      'photo_undecodable',
    ],
  ])('%s', async (_name, bytes, code) => {
    expect(await codeOf(await bytes())).toBe(code);
  });

  it('decodes a photo of exactly 32 × 32 pixels', async () => {
    expect(await codeOf(await photo(32, 32).png().toBuffer())).toBe('decoded');
  });

  it('decodes any mutation of a JPEG or rejects it with a documented error', async () => {
    const random = seededRandom(3);
    for (let round = 0; round < 60; round += 1) {
      const mutated = Uint8Array.from(jpeg);
      for (let byte = 0; byte <= round % 4; byte += 1) mutated[Math.floor(random() * mutated.length)] = random() * 256;
      expect([
        'decoded',
        'photo_undecodable',
        'photo_type_unsupported',
        'photo_too_small',
        'photo_too_many_pixels',
      ]).toContain(await codeOf(mutated));
    }
  });
});
