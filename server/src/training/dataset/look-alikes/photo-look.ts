import { DECODED_SIZE } from '@swipenet/shared/photo.ts';

const SIDE = 16;
const CELL = DECODED_SIZE / SIDE;

/**
 * The minimum correlation at which two looks belong to the same photo. Among 2,256 photos of flowers and people, eight
 * pairs have hashes within 6 bits. Two of them are copies and correlate at 0.98 or more. Six are different photos and
 * stay below 0.73. Blurred, dark, flat, noisy, compressed and coarse copies stay above 0.9 (docs/experiments.md).
 */
export const SAME_LOOK = 0.9;

/**
 * Returns a photo's look: its means over a 16 × 16 grid, stretched to 0–255. It confirms or rejects what the 64-bit
 * hash proposes. Among 151,081 photos, hashes alone would call tens of thousands of different photos copies.
 *
 * @param photo gray levels, `[256, 256]`.
 * @returns `[16, 16]` gray levels.
 */
export function lookOf(photo: Uint8Array): Uint8Array {
  const means = cellMeans(photo);
  const low = Math.min(...means);
  const range = Math.max(...means) - low || 1;
  return Uint8Array.from(means, (mean) => Math.round(((mean - low) / range) * 255));
}

/** Returns a photo's means over a 16 × 16 grid, in gray levels: `[16, 16]`. */
export function cellMeans(photo: Uint8Array): Float64Array {
  const means = new Float64Array(SIDE * SIDE);
  for (let y = 0, at = 0; y < DECODED_SIZE; y += 1) {
    const row = Math.floor(y / CELL) * SIDE;
    for (let x = 0; x < DECODED_SIZE; x += 1, at += 1) means[row + Math.floor(x / CELL)]! += photo[at]! / CELL ** 2;
  }
  return means;
}

/**
 * Compares two looks regardless of brightness and contrast: Pearson's correlation, from −1 to 1, or 0 for a plain one.
 */
export function likeness(a: Uint8Array, b: Uint8Array): number {
  const [meanA, meanB] = [meanLevel(a), meanLevel(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let at = 0; at < a.length; at += 1) {
    const [x, y] = [a[at]! - meanA, b[at]! - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
}

const meanLevel = (look: Uint8Array) => look.reduce((sum, level) => sum + level, 0) / look.length;
