import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import unlimited from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePhoto } from './decoding/decode.ts';
import { type PhotoType, photoTypeOf } from './decoding/photo-type.ts';
import { encodedPhoto } from './photo-bytes.ts';
import { sharp } from './sharp.ts';

const WANTED = ['jpeg', 'png', 'webp', 'avif'] as const satisfies readonly PhotoType[];

const folder = mkdtempSync(join(tmpdir(), 'swipenet-decoders-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = (words: string) => Buffer.from(words, 'latin1');
const image = () => unlimited({ create: { width: 64, height: 64, channels: 3, background: 'teal' } });

/** A box of an ISO base media file (ISO/IEC 14496-12, 4.2). */
function box(type: string, content: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(content.length + 8);
  return Buffer.concat([size, text(type), content]);
}

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><circle r="30"/></svg>';

/** Files of formats that libvips, or a build of it, can decode. */
const foreign: Record<string, Buffer> = {
  svg: text(SVG),
  'svg with a declaration': text(`<?xml version="1.0"?>\n${SVG}`),
  pdf: text('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>'),
  ppm: Buffer.concat([text('P6\n64 64\n255\n'), Buffer.alloc(64 * 64 * 3, 99)]),
  pfm: Buffer.concat([text('PF\n64 64\n-1.0\n'), Buffer.alloc(64 * 64 * 12)]),
  csv: text(Array.from({ length: 64 }, () => Array(64).fill('7').join(',')).join('\n')),
  matrix: text(`64 64\n${Array.from({ length: 64 }, () => Array(64).fill('7').join(' ')).join('\n')}`),
  bmp: Buffer.concat([text('BM'), Buffer.alloc(12), Buffer.from([40, 0, 0, 0, 64, 0, 0, 0, 64]), Buffer.alloc(12_400)]),
  'jpeg xl': Buffer.concat([Buffer.from([0xff, 0x0a]), Buffer.alloc(200)]),
  'jpeg xl in a container': Buffer.concat([
    box('JXL ', Buffer.from([13, 10, 0x87, 10])),
    box('ftyp', text('jxl \0\0\0\0jxl ')),
  ]),
  'jpeg 2000': Buffer.concat([box('jP  ', Buffer.from([13, 10, 0x87, 10])), box('ftyp', text('jp2 \0\0\0\0jp2 '))]),
  fits: text('SIMPLE  =                    T'.padEnd(2880)),
  radiance: text('#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 64 +X 64\n'.padEnd(9000, '\x02')),
  ico: Buffer.concat([Buffer.from([0, 0, 1, 0, 1, 0, 64, 64]), Buffer.alloc(400)]),
  gzip: Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), Buffer.alloc(100)]),
};

beforeAll(async () => {
  foreign.gif = await image().gif().toBuffer();
  foreign.tiff = await image().tiff().toBuffer();
  foreign['tiff of tiles'] = await image().tiff({ tile: true, compression: 'jpeg' }).toBuffer();
  await image().toFile(join(folder, 'image.v'));
  foreign.vips = readFileSync(join(folder, 'image.v'));
});

const NAMES = [
  ...Object.keys(foreign),
  ...['gif', 'tiff', 'tiff of tiles', 'vips'], // beforeAll makes these
];

/** Beginnings that claim one of the four types, each as a stranger would write it. */
const CLAIMS: Record<string, (bytes: Buffer) => Buffer> = {
  nothing: (bytes) => bytes,
  'JPEG in front': (bytes) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), bytes]),
  'JPEG over it': (bytes) => over(bytes, Buffer.from([0xff, 0xd8, 0xff])),
  'PNG in front': (bytes) => Buffer.concat([text('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'), bytes]),
  'PNG over it': (bytes) => over(bytes, text('\x89PNG\r\n\x1a\n\0\0\0\rIHDR')),
  'WebP in front': (bytes) => Buffer.concat([text('RIFF\xff\xff\0\0WEBPVP8 '), bytes]),
  'WebP over it': (bytes) => over(bytes, text('RIFF\xff\xff\0\0WEBPVP8 ')),
  'AVIF in front': (bytes) => Buffer.concat([box('ftyp', text('avif\0\0\0\0avifmif1')), bytes]),
  'AVIF over its bytes from 4': (bytes) => over(bytes, text('ftypavif'), 4),
  'AVIF in a comment': (bytes) => Buffer.concat([text('<!--ftypavif-->'), bytes]),
  'AVIF after a number': (bytes) => Buffer.concat([text('   \x18ftypavif\0\0\0\0avif'), bytes]),
};

function over(bytes: Buffer, claim: Buffer, at = 0): Buffer {
  const changed = Buffer.from(bytes);
  claim.copy(changed, at);
  return changed;
}

describe('four decoders', () => {
  it.each(WANTED)('decode %s', async (type) => {
    const bytes = await image().toFormat(type).toBuffer();
    expect(photoTypeOf(bytes)).toBe(type);
    expect(await decodePhoto(encodedPhoto(bytes), 'cover')).toHaveLength(256 * 256);
  });

  it.each(NAMES)('are the only ones: %s has none', async (name) => {
    const bytes = foreign[name]!;
    await expect(sharp(bytes).metadata()).rejects.toThrow('unsupported image format');
    const path = join(folder, 'file');
    writeFileSync(path, bytes);
    await expect(sharp(path).metadata()).rejects.toThrow('unsupported image format');
  });

  it.each(NAMES)('refuse %s, whatever it claims to be', async (name) => {
    const outcomes = await Promise.all(
      Object.entries(CLAIMS).map(async ([claim, disguise]) => {
        const photo = encodedPhoto(disguise(foreign[name]!));
        const code = await decodePhoto(photo, 'cover').then(
          () => 'decoded',
          (error) => error.code,
        );
        return ['photo_type_unsupported', 'photo_undecodable'].includes(code) ? [] : [`${claim}: ${code}`];
      }),
    );
    expect(outcomes.flat()).toEqual([]);
  });

  it.each(['hvc1', 'avc1', 'vvc1', 'jpeg', 'j2k1', 'unci', 'grid', 'iovl'])(
    'refuse an AVIF whose picture is coded as %s',
    async (coding) => {
      const avif = await image().avif().toBuffer();
      const bytes = Buffer.from(avif.toString('latin1').replaceAll('av01', coding), 'latin1');
      expect(photoTypeOf(bytes)).toBe('avif');
      await expect(decodePhoto(encodedPhoto(bytes), 'cover')).rejects.toMatchObject({ code: 'photo_undecodable' });
    },
  );

  it.each(WANTED)('read no files, not even of %s', async (type) => {
    const path = join(folder, `photo.${type}`);
    await image().toFormat(type).toFile(path);
    await expect(sharp(path).metadata()).rejects.toThrow('unsupported image format');
  });
});
