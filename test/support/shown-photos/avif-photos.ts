import { box, boxesIn, letters, u16s } from '@swipenet/server/image/decoding/avif/boxes.ts';
import { stillItems } from '@swipenet/server/image/decoding/avif/items.ts';
import { type CodedPicture, stillAvif } from '@swipenet/server/image/decoding/avif/still.ts';
import sharp, { type Sharp } from 'sharp';
import { animatedAvif } from './animated-avif.ts';
import { basePicture, basePixels, SIZE } from './base-picture.ts';
import type { Photos } from './png-photos.ts';

type BitDepth = 8 | 10 | 12;

const save = (picture: Sharp, bitdepth: BitDepth = 8, quality = 90) =>
  picture.avif({ quality, effort: 0, bitdepth, chromaSubsampling: '4:4:4' }).toBuffer();

/** Adds the code points of a color space, and whether levels are from 0 to 255. */
export function coded(picture: CodedPicture, codes: readonly [number, number, number], full: boolean): CodedPicture {
  const colr = box('colr', letters('nclx'), u16s(...codes), Uint8Array.of(full ? 0x80 : 0));
  return { ...picture, properties: [...picture.properties, colr] };
}

/** sharp writes monochrome only as transparency, so that is where this takes it from. */
export async function monochrome(limited: boolean, bitdepth: BitDepth = 8): Promise<CodedPicture> {
  const pixels = basePixels();
  for (let at = 0; at < pixels.length; at += 4) {
    const gray = 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!;
    pixels[at + 3] = limited ? 16 + (gray * 219) / 255 : gray;
  }
  const { alpha } = stillItems(await save(sharp(pixels, { raw: { ...SIZE, channels: 4 } }), bitdepth, 100))!;
  return withoutAuxiliary(alpha!);
}

const withoutAuxiliary = (picture: CodedPicture): CodedPicture => ({
  ...picture,
  properties: picture.properties.filter((property) => boxesIn(property)[0]!.type !== 'auxC'),
});

/** Code points for primaries, transfer and matrix that Chromium honors. */
const CODES = {
  'Display P3': [12, 13, 6],
  'BT.2020': [9, 14, 9],
  'BT.709': [1, 1, 1],
  'gamma 2.2': [1, 4, 6],
  'gamma 2.8': [5, 5, 6],
  linear: [1, 8, 6],
  'ST 240M': [7, 7, 7],
  unspecified: [2, 2, 2],
} as const;

export async function avifPhotos(): Promise<Photos> {
  const photos: Photos = { ...(await animations()) };
  for (const bitdepth of [8, 10, 12] as const) {
    for (const alpha of [false, true]) {
      const name = `${bitdepth} bits${alpha ? ' and alpha' : ''}`;
      photos[name] = await save(basePicture(alpha), bitdepth);
      photos[`${name}, ICC`] = await save(basePicture(alpha).withIccProfile('p3'), bitdepth);
    }
    for (const limited of [false, true]) {
      const gray = coded(await monochrome(limited, bitdepth), [1, 13, 6], !limited);
      const name = `monochrome of ${bitdepth} bits${limited ? ' and limited range' : ''}`;
      photos[name] = stillAvif(gray);
      const { alpha } = stillItems(await save(basePicture(true), bitdepth))!;
      photos[`${name} and alpha`] = stillAvif(gray, withoutAuxiliary(alpha!));
    }
  }
  for (const bitdepth of [8, 10] as const) {
    const { picture } = stillItems(await save(basePicture(), bitdepth))!;
    for (const [name, codes] of Object.entries(CODES)) {
      photos[`${name}, ${bitdepth} bits`] = stillAvif(coded(picture, codes, true));
    }
    photos[`limited range, ${bitdepth} bits`] = stillAvif(coded(picture, [1, 13, 6], false));
  }
  return photos;
}

/** Animations of full and limited range, colors and monochrome, with and without transparency. */
async function animations(): Promise<Photos> {
  const photos: Photos = {};
  for (const alpha of [false, true]) {
    const pictures = [basePicture(alpha), basePicture(alpha).negate({ alpha: false })];
    const frames = (await Promise.all(pictures.map((picture) => save(picture)))).map((avif) => stillItems(avif)!);
    const clear = alpha ? frames.map((frame) => withoutAuxiliary(frame.alpha!)) : undefined;
    for (const full of [false, true]) {
      const tracks = frames.map(({ picture }) => coded(picture, [1, 13, 6], full));
      const name = `animated${alpha ? ' and alpha' : ''}${full ? '' : ', limited range'}`;
      photos[name] = animatedAvif(SIZE, tracks, clear);
    }
    const plain = frames.map(({ picture }) => picture);
    photos[`animated${alpha ? ' and alpha' : ''}, its range in the stream`] = animatedAvif(SIZE, plain, clear);
  }
  const gray = coded(await monochrome(true), [1, 13, 6], false);
  photos['animated monochrome, limited range'] = animatedAvif(SIZE, [gray, gray]);
  return photos;
}
