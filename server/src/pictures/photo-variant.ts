import { between, type Random, seededRandom, shuffled } from '@swipenet/shared/random.ts';
import sharp from 'sharp';
import { PHOTO_LIMITS } from '../image/decode.ts';
import type { Picture } from '../image/develop.ts';
import { type EncodedPhoto, encodedPhoto } from '../image/photo-bytes.ts';
import { differenceOf } from '../image/picture-difference.ts';
import { FAULTS, type FaultName, type PlannedFault } from './faults.ts';

/** A photo anew: cropped, perhaps spoilt, and saved again. */
export interface VariantPlan {
  /** Where its crop lies: the share of each side that stays, and of what goes the share that goes left and above. */
  readonly crop: { readonly share: number; readonly left: number; readonly top: number };
  /** None for a photo that stays well made. */
  readonly faults: readonly PlannedFault[];
  /** Quality of the JPEG that it becomes. */
  readonly quality: number;
  /** Of what is random inside the faults. */
  readonly seed: number;
}

/**
 * The short side, in pixels, at which variants are made. The faults' strengths speak of pictures of this size (the demo
 * page's are, see PHOTO_SIZE): in a larger photo the same blur would be gone at the network's input.
 */
export const VARIANT_SHORT_SIDE = 640;

/**
 * Every fault changes the photo by this or more at the network's input: the root of the mean square, in levels of 255,
 * over 256 × 256. Weaker ones are made stronger.
 */
export const LEAST_DIFFERENCE = 6;

/** What a strength grows by until the fault is one. */
const STRONGER = 0.2;

const MOST_FAULTS = 3;
const SHARES = { low: 0.9, high: 1 };
const QUALITIES = { low: 82, high: 96 };

/** Plans a variant; a spoilt one has one to three different faults, each number as often, of any strength. */
export function planVariant(random: Random, spoilt: boolean): VariantPlan {
  const crop = { share: between(random, SHARES.low, SHARES.high), left: random(), top: random() };
  const quality = Math.round(between(random, QUALITIES.low, QUALITIES.high));
  const count = spoilt ? 1 + Math.floor(random() * MOST_FAULTS) : 0;
  const names = shuffled(random, Object.keys(FAULTS) as FaultName[]).slice(0, count);
  const faults = names.map((name) => ({ name, strength: random() }));
  return { crop, faults, quality, seed: Math.floor(random() * 2 ** 32) };
}

/** A photo file as a picture to make variants of, its short side {@link VARIANT_SHORT_SIDE}; `undefined` where that of the file is below `least`. */
export async function openForVariants(bytes: EncodedPhoto, least: number): Promise<Picture | undefined> {
  const options = { limitInputPixels: PHOTO_LIMITS.maxPixels, failOn: 'warning' } as const;
  const { autoOrient } = await sharp(bytes, options).metadata();
  if (Math.min(autoOrient.width, autoOrient.height) < least) return undefined;
  const { data, info } = await sharp(bytes, options)
    .autoOrient()
    .flatten({ background: 'white' })
    .resize(VARIANT_SHORT_SIDE, VARIANT_SHORT_SIDE, { fit: 'outside' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: data };
}

/** Makes a variant as a JPEG's bytes, and says how strong each of its faults became. */
export async function makeVariant(
  photo: Picture,
  { crop, faults, quality, seed }: VariantPlan,
): Promise<{ bytes: EncodedPhoto; faults: readonly PlannedFault[] }> {
  const random = seededRandom(seed);
  let picture = await cropped(photo, crop);
  const made: PlannedFault[] = [];
  for (const { name, strength } of faults) {
    const before = picture;
    let reached = strength;
    picture = await FAULTS[name](before, reached, random);
    while (reached < 1 && (await differenceOf(before, picture)) < LEAST_DIFFERENCE) {
      reached = Math.min(1, reached + STRONGER);
      picture = await FAULTS[name](before, reached, random);
    }
    made.push({ name, strength: reached });
  }
  const { width, height, pixels } = picture;
  const bytes = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
  return { bytes: encodedPhoto(bytes), faults: made };
}

async function cropped({ width, height, pixels }: Picture, crop: VariantPlan['crop']): Promise<Picture> {
  const size = { width: Math.round(width * crop.share), height: Math.round(height * crop.share) };
  const left = Math.floor((width - size.width) * crop.left);
  const top = Math.floor((height - size.height) * crop.top);
  const { data } = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .extract({ left, top, ...size })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { ...size, pixels: data };
}
