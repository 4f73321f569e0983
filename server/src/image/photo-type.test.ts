import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { photoTypeOf } from './photo-type.ts';

const image = sharp({ create: { width: 40, height: 40, channels: 3, background: 'teal' } });
const text = (words: string) => new TextEncoder().encode(words);

describe('the type of a photo', () => {
  it.each(['jpeg', 'png', 'webp', 'avif'] as const)('is recognized from its first bytes: %s', async (type) => {
    expect(photoTypeOf(await image.clone().toFormat(type).toBuffer())).toBe(type);
  });

  it.each([
    ['GIF', text('GIF89a\x01\x00\x01\x00\x00\x00\x00')],
    ['SVG', text('<svg xmlns="http://www.w3.org/2000/svg"></svg>')],
    ['HTML', text('<!doctype html><title>Not found</title>')],
    ['HEIC', text('\0\0\0\x18ftypheic\0\0\0\0mif1heic')],
    ['a WAV file', text('RIFF\x24\0\0\0WAVEfmt ')],
    ['nothing', new Uint8Array()],
    ['a JPEG of three bytes', new Uint8Array([0xff, 0xd8, 0xff])],
  ])('is undefined for %s', (_name, bytes) => {
    expect(photoTypeOf(bytes)).toBeUndefined();
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void photoTypeOf(bytes)));
    const box = fc
      .uint8Array({ minLength: 4, maxLength: 60 })
      .map((rest) => Uint8Array.of(...rest.slice(0, 4), ...text('ftyp'), ...rest));
    fc.assert(fc.property(box, (bytes) => void photoTypeOf(bytes)));
  });
});
