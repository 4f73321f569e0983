import { DECODED_SIZE } from '@swipenet/shared/photo.ts';
import { LUMA, PREPARED_BYTES } from '@swipenet/shared/prepared-photo.ts';
import type { Axis, Size } from './axis.ts';

/** The pixels of a decoded photo: `[height, width, 4]` in rows, opaque. */
export interface Pixels extends Size {
  readonly data: Uint8ClampedArray | Uint8Array;
}

/**
 * Turns the pixels of a photo into the square of gray levels, `[256, 256]` in rows. It is gray before it is resized: that
 * is a third of the work, and the order of weighted sums only changes how they are rounded.
 */
export function graySquare(pixels: Pixels, { x, y }: { readonly x: Axis; readonly y: Axis }): Uint8Array<ArrayBuffer> {
  const [left, right] = reachOf(x);
  const [top, bottom] = reachOf(y);
  const gray = grayOf(pixels, { left, top, width: right - left, height: bottom - top });
  return alongRows(alongColumns(gray, right - left, y, top), right - left, x, left);
}

/** The first pixel that an axis takes, and the one after the last. */
const reachOf = ({ first, taps }: Axis) => [first[0]!, first.at(-1)! + taps] as const;

/** Returns the luma of a part of the photo, from 0 to 255. */
function grayOf(
  { data, width: stride }: Pixels,
  { left, top, width, height }: Size & { readonly left: number; readonly top: number },
): Float32Array {
  const [red, green, blue] = [LUMA.red / 1000, LUMA.green / 1000, LUMA.blue / 1000];
  const gray = new Float32Array(width * height);
  for (let row = 0, into = 0; row < height; row += 1) {
    let at = 4 * ((top + row) * stride + left);
    for (const end = into + width; into < end; into += 1, at += 4) {
      gray[into] = red * data[at]! + green * data[at + 1]! + blue * data[at + 2]!;
    }
  }
  return gray;
}

/** Resizes columns: `[rows from top, width]` to `[256, width]`. It adds whole rows, which is fast. */
function alongColumns(gray: Float32Array, width: number, { first, taps, weights }: Axis, top: number): Float32Array {
  const resized = new Float32Array(DECODED_SIZE * width);
  for (let row = 0; row < DECODED_SIZE; row += 1) {
    const into = row * width;
    for (let tap = 0; tap < taps; tap += 1) {
      const weight = weights[row * taps + tap]!;
      if (weight === 0) continue;
      const from = (first[row]! - top + tap) * width;
      for (let at = 0; at < width; at += 1) resized[into + at]! += weight * gray[from + at]!;
    }
  }
  return resized;
}

/** Resizes rows: `[256, width from left]` to `[256, 256]`, rounded. */
function alongRows(
  gray: Float32Array,
  width: number,
  { first, taps, weights }: Axis,
  left: number,
): Uint8Array<ArrayBuffer> {
  const levels = new Uint8ClampedArray(PREPARED_BYTES);
  for (let row = 0; row < DECODED_SIZE; row += 1) {
    for (let column = 0; column < DECODED_SIZE; column += 1) {
      const from = row * width + first[column]! - left;
      const own = column * taps;
      let sum = 0;
      for (let tap = 0; tap < taps; tap += 1) sum += weights[own + tap]! * gray[from + tap]!;
      levels[row * DECODED_SIZE + column] = sum;
    }
  }
  return new Uint8Array(levels.buffer);
}
