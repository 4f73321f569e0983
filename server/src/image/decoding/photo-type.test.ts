import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { photoTypeOf } from './photo-type.ts';

const image = sharp({ create: { width: 40, height: 40, channels: 3, background: 'teal' } });
const text = (words: string) => Uint8Array.from(Buffer.from(words, 'latin1'));

describe('the type of a photo', () => {
  it.each(['jpeg', 'png', 'webp', 'avif'] as const)('is recognized from its first bytes: %s', async (type) => {
    expect(photoTypeOf(await image.clone().toFormat(type).toBuffer())).toBe(type);
  });

  it.each([
    ['as the major brand', '\0\0\0\x14ftypavif\0\0\0\0mif1'],
    ['as a compatible brand', '\0\0\0\x1cftypmif1\0\0\0\0mif1miafavif'],
    ['as the brand of a sequence', '\0\0\0\x14ftypavis\0\0\0\0msf1'],
  ])('is AVIF by its brands: %s', (_name, words) => {
    expect(photoTypeOf(text(words))).toBe('avif');
  });

  it.each([
    ['GIF', text('GIF89a\x01\x00\x01\x00\x00\x00\x00')],
    ['SVG', text('<svg xmlns="http://www.w3.org/2000/svg"></svg>')],
    ['HTML', text('<!doctype html><title>Not found</title>')],
    ['HEIC', text('\0\0\0\x18ftypheic\0\0\0\0mif1heic')],
    ['a WAV file', text('RIFF\x24\0\0\0WAVEfmt ')],
    ['nothing', new Uint8Array()],
    ['a JPEG of three bytes', new Uint8Array([0xff, 0xd8, 0xff])],
    ['a PNG without a header', text('\x89PNG\r\n\x1a\n\0\0\0\rIDAT')],
    ['a RIFF file with no room for a picture', text('RIFF\x04\0\0\0WEBPVP8 ')],
    ['a WebP without a picture first', text('RIFF\x24\0\0\0WEBPEXIF')],
    ['an AVIF brand where the version is', text('\0\0\0\x14ftypheic' + 'avif' + 'mif1')],
    ['an AVIF brand beyond the list', text('\0\0\0\x14ftypheic\0\0\0\0mif1avif')],
    ['a list of brands that ends beyond the file', text('\0\0\x01\0ftypavif\0\0\0\0avif')],
    ['a list of brands of no length', text('\0\0\0\0ftypavif\0\0\0\0avif')],
    ['an endless list of brands', Uint8Array.of(0, 0, 8, 0, ...text('ftypavif'), ...new Uint8Array(2048))],
    ['a list in a comment', text('<!--ftypavif--><svg xmlns="http://www.w3.org/2000/svg"/>')],
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
