/** Part of a line of pixels, which may begin and end inside of one. */
export interface Stretch {
  readonly begin: number;
  readonly length: number;
}

/** The pixels that each output pixel reads, with their weights. All outputs read the same number of pixels. */
export interface Taps {
  readonly count: number;
  /** The first pixel of each output. */
  readonly first: Int32Array;
  /** `[outputs, count]`. The weights of an output add up to 1. */
  readonly weights: Float32Array;
}

/**
 * Plans the resampling of a stretch to `size` pixels with a triangle filter: linear interpolation when enlarging, a
 * weighted average over all covered pixels when reducing.
 *
 * @param available the number of pixels in the whole line.
 */
export function tapsOf({ begin, length }: Stretch, size: number, available: number): Taps {
  const step = length / size;
  const reach = Math.max(1, step);
  const count = Math.min(available, Math.ceil(2 * reach) + 1);
  const first = new Int32Array(size);
  const weights = new Float32Array(size * count);
  for (let output = 0; output < size; output += 1) {
    const center = begin + (output + 0.5) * step;
    const from = Math.min(Math.max(0, Math.floor(center - reach)), available - count);
    first[output] = from;
    let sum = 0;
    for (let tap = 0; tap < count; tap += 1) {
      const weight = Math.max(0, 1 - Math.abs(from + tap + 0.5 - center) / reach);
      weights[output * count + tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < count; tap += 1) weights[output * count + tap]! /= sum;
  }
  return { count, first, weights };
}

/** Reverses the outputs, which mirrors the result. */
export function mirrored({ count, first, weights }: Taps): Taps {
  const turned = new Float32Array(weights.length);
  for (let output = 0; output < first.length; output += 1) {
    const from = (first.length - 1 - output) * count;
    turned.set(weights.subarray(from, from + count), output * count);
  }
  return { count, first: first.toReversed(), weights: turned };
}

/**
 * Resamples rows of RGB pixels: columns first, then rows.
 *
 * @param pixels `[rows, width, 3]`.
 * @param firstRow the row of the whole picture that `pixels` begins with; `down` counts from the picture's top.
 * @returns `[down outputs, across outputs, 3]`.
 */
export function resample(pixels: Uint8Array, width: number, firstRow: number, across: Taps, down: Taps): Float32Array {
  const [columns, rows] = [across.first.length, pixels.length / (width * 3)];
  const narrow = new Float32Array(rows * columns * 3);
  for (let row = 0, into = 0; row < rows; row += 1) {
    const line = row * width * 3;
    for (let column = 0; column < columns; column += 1, into += 3) {
      let at = line + across.first[column]! * 3;
      let [red, green, blue] = [0, 0, 0];
      for (let tap = column * across.count, end = tap + across.count; tap < end; tap += 1, at += 3) {
        const weight = across.weights[tap]!;
        red += weight * pixels[at]!;
        green += weight * pixels[at + 1]!;
        blue += weight * pixels[at + 2]!;
      }
      narrow[into] = red;
      narrow[into + 1] = green;
      narrow[into + 2] = blue;
    }
  }
  const stride = columns * 3;
  const result = new Float32Array(down.first.length * stride);
  for (let output = 0; output < down.first.length; output += 1) {
    const target = output * stride;
    for (let tap = 0; tap < down.count; tap += 1) {
      const weight = down.weights[output * down.count + tap]!;
      if (weight === 0) continue;
      const source = (down.first[output]! - firstRow + tap) * stride;
      for (let at = 0; at < stride; at += 1) result[target + at]! += weight * narrow[source + at]!;
    }
  }
  return result;
}
