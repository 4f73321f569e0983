import { decodePhoto, toGray } from '@swipenet/server/image/decoding/decode.ts';
import { PHOTO_LIMITS } from '@swipenet/server/image/decoding/photo-limits.ts';
import { encodedPhoto } from '@swipenet/server/image/photo-bytes.ts';
import sharp, { type Sharp } from 'sharp';
import { formulaPhoto } from '../support/photos.ts';
import { race } from './measure.ts';
import type { Figure } from './report.ts';

const TURNS = 12;

const open = (bytes: Uint8Array) => sharp(bytes, { limitInputPixels: PHOTO_LIMITS.maxPixels, failOn: 'warning' });
const toPixels = (photo: Sharp) =>
  photo.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });

const grayOf = ({ data, info }: Decoded) => toGray(data, info.channels);

interface Decoded {
  readonly data: Uint8Array;
  readonly info: { readonly channels: number };
}

/** Ways to decode an 800 × 1000 JPEG that each differ from the served way in one aspect. */
const variants = (bytes: Uint8Array): Record<string, () => Promise<Decoded>> => ({
  headerBySharp: async () => {
    await sharp(bytes, { limitInputPixels: false }).metadata();
    return toPixels(open(bytes).autoOrient().resize(256, 256));
  },
  flattened: () => toPixels(open(bytes).autoOrient().flatten({ background: 'white' }).resize(256, 256)),
  noShrinkOnLoad: () => toPixels(open(bytes).autoOrient().resize(256, 256, { fastShrinkOnLoad: false })),
  kernelMitchell: () => toPixels(open(bytes).autoOrient().resize(256, 256, { kernel: 'mitchell' })),
  kernelLinear: () => toPixels(open(bytes).autoOrient().resize(256, 256, { kernel: 'linear' })),
  unconverted: () => open(bytes).autoOrient().resize(256, 256).raw().toBuffer({ resolveWithObject: true }),
});

/** Measures the served way to decode and the others on one core, and how many gray levels the others are off. */
export async function decodeBench(): Promise<Figure[]> {
  const bytes = encodedPhoto(await formulaPhoto(800, 1000).jpeg().toBuffer());
  const served = await decodePhoto(bytes, 'cover');
  const others = Object.entries(variants(bytes));
  const contenders = [
    {
      key: 'served',
      name: 'as served',
      unitsPerRound: 1,
      round: () => decodePhoto(bytes, 'cover') as Promise<unknown>,
    },
    ...others.map(([key, round]) => ({ key, name: key, unitsPerRound: 1, round: async () => grayOf(await round()) })),
  ];
  const speeds = await race(contenders, TURNS);
  const base = speeds[0]!.perSecond;
  const figures: Figure[] = speeds.map(({ key, name, perSecond, medianMs }) => {
    const ratio = `${(perSecond / base).toFixed(2)} × the served way`;
    return { key, name: `${name} (${ratio})`, value: perSecond, unit: 'photos/s', medianMs };
  });
  for (const [key, way] of others) {
    const levels = grayOf(await way());
    const most = levels.reduce((worst, level, at) => Math.max(worst, Math.abs(level - served[at]!)), 0);
    figures.push({ key: `${key}Levels`, name: `${key}: gray levels off, at most`, value: most, unit: '' });
  }
  return figures;
}
