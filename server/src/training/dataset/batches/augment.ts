import { DECODED_SIZE } from '@swipenet/shared/photo.ts';
import type { Random } from '@swipenet/shared/random.ts';

/** The position of a crop in the 256 × 256 photo, and whether it is mirrored horizontally. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  /** The side length in pixels. */
  readonly size: number;
  readonly mirrored: boolean;
}

/** Returns the center crop, not mirrored, which validation and serving use. */
export function centerOf(cropSize: number): Crop {
  const margin = Math.floor((DECODED_SIZE - cropSize) / 2);
  return { left: margin, top: margin, size: cropSize, mirrored: false };
}

/** Returns a random crop. If `mirror` allows it, half of them are mirrored. Always draws three random numbers. */
export function randomCrop(random: Random, cropSize: number, mirror: boolean): Crop {
  const places = DECODED_SIZE - cropSize + 1;
  const left = Math.floor(random() * places);
  const top = Math.floor(random() * places);
  const turned = random() < 0.5;
  return { left, top, size: cropSize, mirrored: mirror && turned };
}

/**
 * Crops a photo.
 *
 * @param photo gray levels, `[256, 256]`.
 * @param into receives the `[size, size]` levels, starting at `offset`.
 */
export function cropInto(
  photo: Uint8Array,
  { left, top, size, mirrored }: Crop,
  into: Uint8Array,
  offset: number,
): void {
  for (let row = 0, at = offset; row < size; row += 1) {
    const begin = (top + row) * DECODED_SIZE + left;
    if (mirrored) {
      for (let column = size - 1; column >= 0; column -= 1, at += 1) into[at] = photo[begin + column]!;
    } else {
      into.set(photo.subarray(begin, begin + size), at);
      at += size;
    }
  }
}

/**
 * Returns where a crop's pixels are in the 256 × 256 photo: the place of its first pixel, and the step from one column to
 * the next. The training graph subtracts the mean there.
 */
export function placeOf({ left, top, size, mirrored }: Crop): { readonly origin: number; readonly direction: 1 | -1 } {
  const begin = top * DECODED_SIZE + left;
  return mirrored ? { origin: begin + size - 1, direction: -1 } : { origin: begin, direction: 1 };
}
