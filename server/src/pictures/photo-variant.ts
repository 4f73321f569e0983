import { between, type Random, seededRandom, shuffled } from '@swipenet/shared/random.ts';
import { repeated } from '../image/color-picture.ts';
import { photoTypeOf } from '../image/decoding/photo-type.ts';
import { openable, renderPhoto } from '../image/decoding/render.ts';
import type { Picture } from '../image/develop.ts';
import { type EncodedPhoto, encodedPhoto } from '../image/photo-bytes.ts';
import { differenceOf } from '../image/picture-difference.ts';
import { sharp } from '../image/sharp.ts';
import { FAULTS, type FaultName, type PlannedFault } from './faults.ts';

/** How to make a variant of a photo: crop it, perhaps degrade it, and save it again. */
export interface VariantPlan {
  /** `share` of each side stays. `left` and `top` are the shares of the rest that are cut off on the left and the top. */
  readonly crop: { readonly share: number; readonly left: number; readonly top: number };
  /** Empty for a photo that stays well made. */
  readonly faults: readonly PlannedFault[];
  /** JPEG quality of the saved file. */
  readonly quality: number;
  /** Random seed for the faults. */
  readonly seed: number;
}

/**
 * The short side of variants, in pixels. Fault strengths are defined for this size, which the demo page's photos have too
 * (see PHOTO_SIZE). In a larger photo, the same blur would be invisible at the network's input.
 */
export const VARIANT_SHORT_SIDE = 640;

/**
 * The smallest change that a fault makes at the network's input: root mean square over 256 × 256 pixels, in levels of
 * 255. Weaker faults are made stronger.
 */
export const MIN_DIFFERENCE = 6;

/** How much to raise the strength of a fault that is too weak. */
const STRENGTH_STEP = 0.2;

/** Shows through where a photo is transparent. */
const WHITE = { r: 255, g: 255, b: 255 };

const MAX_FAULTS = 3;
const SHARES = { low: 0.9, high: 1 };
const QUALITIES = { low: 82, high: 96 };

/** Plans a variant. A degraded one has one to three different faults (all numbers are equally likely) of any strength. */
export function planVariant(random: Random, degraded: boolean): VariantPlan {
  const crop = { share: between(random, SHARES.low, SHARES.high), left: random(), top: random() };
  const quality = Math.round(between(random, QUALITIES.low, QUALITIES.high));
  const count = degraded ? 1 + Math.floor(random() * MAX_FAULTS) : 0;
  const names = shuffled(random, Object.keys(FAULTS) as FaultName[]).slice(0, count);
  const faults = names.map((name) => ({ name, strength: random() }));
  return { crop, faults, quality, seed: Math.floor(random() * 2 ** 32) };
}

/**
 * Opens a photo file as a picture whose short side is {@link VARIANT_SHORT_SIDE}.
 *
 * @returns `undefined` if the file's short side is below `minShortSide`.
 */
export async function openForVariants(bytes: EncodedPhoto, minShortSide: number): Promise<Picture | undefined> {
  const type = photoTypeOf(bytes);
  if (!type) throw new TypeError('the file is not a JPEG, PNG, WebP or AVIF');
  const { width: fileWidth, height: fileHeight } = await sharp(openable(bytes, type)).metadata();
  if (Math.min(fileWidth, fileHeight) < minShortSide) return undefined;
  const resize = { width: VARIANT_SHORT_SIDE, height: VARIANT_SHORT_SIDE, fit: 'outside' } as const;
  const { width, height, pixels, channels } = await renderPhoto(bytes, type, { resize, background: WHITE });
  return { width, height, pixels: channels === 3 ? pixels : repeated(pixels) };
}

/** Makes a variant as the bytes of a JPEG file. Returns its faults with their final strengths. */
export async function makeVariant(
  photo: Picture,
  { crop, faults, quality, seed }: VariantPlan,
): Promise<{ bytes: EncodedPhoto; faults: readonly PlannedFault[] }> {
  const random = seededRandom(seed);
  let picture = await cropped(photo, crop);
  const applied: PlannedFault[] = [];
  for (const { name, strength } of faults) {
    const before = picture;
    let current = strength;
    picture = await FAULTS[name](before, current, random);
    while (current < 1 && (await differenceOf(before, picture)) < MIN_DIFFERENCE) {
      current = Math.min(1, current + STRENGTH_STEP);
      picture = await FAULTS[name](before, current, random);
    }
    applied.push({ name, strength: current });
  }
  const { width, height, pixels } = picture;
  const bytes = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
  return { bytes: encodedPhoto(bytes), faults: applied };
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
