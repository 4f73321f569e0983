import { deflateSync } from 'node:zlib';
import { chunk, chunksOf, SIGNATURE } from '@swipenet/server/image/decoding/png/chunks.ts';
import { withMeaning } from '@swipenet/server/image/decoding/png/png-color.ts';
import { basePicture, SIZE } from './base-picture.ts';
import { iccProfile } from './icc-profile.ts';

/** Photos by the feature that they test. */
export type Photos = Record<string, Uint8Array>;

const scaled = (...values: readonly number[]) => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(Math.round(value * 1e5), 4 * index);
  return bytes;
};

const WIDE = [0.3127, 0.329, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06]; // Adobe RGB
const SRGB = [0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06];

const gAMA = (gamma: number) => chunk('gAMA', scaled(gamma));
const cHRM = (chromaticities: readonly number[]) => chunk('cHRM', scaled(...chromaticities));
const cICP = (primaries: number, transfer: number, range = 1) =>
  chunk('cICP', Uint8Array.of(primaries, transfer, 0, range));
const sRGB = chunk('sRGB', Uint8Array.of(0));

/** Chunks that say what levels mean, or only seem to. */
const MEANINGS: Readonly<Record<string, readonly Uint8Array[]>> = {
  'sRGB by default': [],
  'gAMA 1': [gAMA(1)],
  'gAMA 0.6': [gAMA(0.6)],
  'gAMA 0.45455': [gAMA(0.45455)],
  'gAMA 0': [gAMA(0)],
  'gAMA with a wrong checksum': [gAMA(1).fill(0, 12)],
  'gAMA and cHRM': [gAMA(0.55), cHRM(WIDE)],
  'gAMA and cHRM of sRGB': [gAMA(0.45455), cHRM(SRGB)],
  'cHRM without gAMA': [cHRM(WIDE)],
  'sRGB over gAMA': [gAMA(1), sRGB],
  'cICP: Display P3': [cICP(12, 13)],
  'cICP: BT.2020, video': [cICP(9, 1)],
  'cICP: linear': [cICP(1, 8)],
  'cICP over gAMA': [gAMA(1), cICP(1, 13)],
  'cICP of limited range': [cICP(1, 8, 0)],
};

const inserted = (png: Uint8Array, chunks: readonly Uint8Array[]) =>
  Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);

/** PNGs of every kind of channels and depth, each with everything that says what its levels mean. */
export async function pngPhotos(): Promise<Photos> {
  const photos: Photos = {};
  for (const alpha of [false, true]) {
    for (const [kind, space, options] of [
      ['8-bit colors', 'srgb', {}],
      ['16-bit colors', 'rgb16', {}],
      ['8-bit gray', 'b-w', {}],
      ['16-bit gray', 'grey16', {}],
      ['palette', 'srgb', { palette: true }],
    ] as const) {
      const name = `${kind}${alpha ? ' and alpha' : ''}`;
      const png = await basePicture(alpha)
        .toColourspace(space)
        .png({ compressionLevel: 1, ...options })
        .toBuffer();
      for (const [meaning, chunks] of Object.entries(MEANINGS)) photos[`${name}, ${meaning}`] = inserted(png, chunks);
      for (const channels of ['RGB ', 'GRAY'] as const) {
        photos[`${name}, ICC for ${channels}`] = withMeaning(png, iccProfile(channels, 1.4));
      }
      photos[`${name}, ICC over gAMA`] = inserted(withMeaning(png, iccProfile('RGB ', 1.8)), [gAMA(1)]);
      photos[`${name}, cICP over ICC`] = inserted(withMeaning(png, iccProfile('RGB ', 1)), [cICP(1, 13)]);
      photos[`${name}, broken ICC`] = inserted(png, [chunk('iCCP', Buffer.from('name\0\0nothing')), gAMA(1)]);
    }
  }
  photos.interlaced = await basePicture(true).png({ progressive: true }).toBuffer();
  return { ...photos, ...(await smallDepths()), ...(await animations()) };
}

/** Gray of 1, 2 and 4 bits, with and without a transparent level. */
async function smallDepths(): Promise<Photos> {
  const photos: Photos = {};
  for (const depth of [1, 2, 4]) {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(SIZE.width, 0);
    header.writeUInt32BE(SIZE.height, 4);
    header[8] = depth;
    const rows = Array.from({ length: SIZE.height }, (_, y) => {
      const row = Buffer.alloc(1 + (SIZE.width * depth) / 8, (y >> 3) % 2 ? 0x1b : 0xe4); // stripes
      row[0] = 0;
      return row;
    });
    const end = [chunk('IDAT', deflateSync(Buffer.concat(rows))), chunk('IEND', Buffer.alloc(0))];
    for (const [meaning, chunks] of Object.entries({ '': [], ', gAMA 1': [gAMA(1)] })) {
      const begin = [SIGNATURE, chunk('IHDR', header), ...chunks];
      photos[`${depth}-bit gray${meaning}`] = Buffer.concat([...begin, ...end]);
      const clear = chunk('tRNS', Uint8Array.of(0, 1));
      photos[`${depth}-bit gray with a transparent level${meaning}`] = Buffer.concat([...begin, clear, ...end]);
    }
  }
  return photos;
}

/** Two frames. The default picture is either the first frame or no part of the animation. */
async function animations(): Promise<Photos> {
  const first = [...chunksOf(await basePicture().png().toBuffer())];
  const second = [...chunksOf(await basePicture().negate().png().toBuffer())];
  const pixelsOf = (chunks: typeof first) => chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  const [header, end] = [first[0]!.whole, first.at(-1)!.whole];
  const control = (sequence: number) => {
    const data = Buffer.alloc(26);
    for (const [index, value] of [sequence, SIZE.width, SIZE.height].entries()) data.writeUInt32BE(value, 4 * index);
    data.writeUInt16BE(60, 20);
    data.writeUInt16BE(1, 22);
    return chunk('fcTL', data);
  };
  const frame = (sequence: number) =>
    pixelsOf(second).map((data, index) => chunk('fdAT', Buffer.concat([Buffer.of(0, 0, 0, sequence + index), data])));
  const animation = (count: number) => chunk('acTL', Buffer.of(0, 0, 0, count, 0, 0, 0, 0));
  const picture = pixelsOf(first).map((data) => chunk('IDAT', data));
  return {
    animated: Buffer.concat([SIGNATURE, header, animation(2), control(0), ...picture, control(1), ...frame(2), end]),
    'animated, its default picture no part of it': Buffer.concat([
      ...[SIGNATURE, header, animation(1), ...picture, control(0), ...frame(1), end],
    ]),
  };
}
