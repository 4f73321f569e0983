import { DECODED_SIZE } from '@swipenet/shared/photo.ts';
import type { Random } from '@swipenet/shared/random.ts';

/** Where a crop lies in the 256 × 256 photo, and whether it is mirrored left to right. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  /** Its side in pixels. */
  readonly size: number;
  readonly mirrored: boolean;
}

/** The crop in the middle, not mirrored: what validation and serving see. */
export function centreOf(cropSize: number): Crop {
  const margin = Math.floor((DECODED_SIZE - cropSize) / 2);
  return { left: margin, top: margin, size: cropSize, mirrored: false };
}

/** A crop anywhere in the photo, and mirrored half of the time where `mirror` allows it. Always draws three numbers. */
export function randomCrop(random: Random, cropSize: number, mirror: boolean): Crop {
  const places = DECODED_SIZE - cropSize + 1;
  const left = Math.floor(random() * places);
  const top = Math.floor(random() * places);
  const turned = random() < 0.5;
  return { left, top, size: cropSize, mirrored: mirror && turned };
}

/**
 * Cuts a crop out of a photo and subtracts the mean at the crop's own position, before the mirror, as Caffe's
 * DataTransformer does (src/caffe/data_transformer.cpp).
 *
 * @param photo gray levels, `[256, 256]` in rows.
 * @param mean gray levels, `[256, 256]` in rows.
 * @param into where the `[size, size]` floats go, from `offset` on.
 */
export function cropInto(
  photo: Uint8Array,
  mean: Float32Array,
  { left, top, size, mirrored }: Crop,
  into: Float32Array,
  offset: number,
): void {
  for (let row = 0, at = offset; row < size; row += 1) {
    const begin = (top + row) * DECODED_SIZE + left;
    if (mirrored) {
      for (let column = size - 1; column >= 0; column -= 1, at += 1) {
        into[at] = photo[begin + column]! - mean[begin + column]!;
      }
    } else {
      for (let column = 0; column < size; column += 1, at += 1) {
        into[at] = photo[begin + column]! - mean[begin + column]!;
      }
    }
  }
}
