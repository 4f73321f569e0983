import { DECODED_SIZE } from '@swipenet/shared/photo.ts';

/** A 64-bit perceptual hash, as two unsigned halves. */
export interface PhotoHash {
  readonly high: number;
  readonly low: number;
}

const ROWS = 8;
const COLUMNS = 9;

/** Returns where cell `index` of `cells` starts, in pixels. */
const edge = (index: number, cells: number) => Math.round((index * DECODED_SIZE) / cells);

/**
 * Computes the dHash (N. Krawetz, "Kind of Like That", 2013) from the means over a grid of 8 rows and 9 columns. Each
 * bit says whether a cell is brighter than its right neighbor. A photo and its blurred, dark or compressed copy differ
 * by 0–6 bits, and different photos mostly by 11 or more.
 *
 * @param photo gray levels, `[256, 256]`.
 */
export function dHash(photo: Uint8Array): PhotoHash {
  const halves = [0, 0];
  for (let row = 0; row < ROWS; row += 1) {
    const means = Array.from({ length: COLUMNS }, (_, column) => cellMean(photo, row, column));
    for (let column = 0; column < COLUMNS - 1; column += 1) {
      if (means[column]! > means[column + 1]!) halves[row >> 2]! |= 1 << (31 - ((row & 3) * 8 + column));
    }
  }
  return { high: halves[0]! >>> 0, low: halves[1]! >>> 0 };
}

function cellMean(photo: Uint8Array, row: number, column: number): number {
  const [top, bottom] = [edge(row, ROWS), edge(row + 1, ROWS)];
  const [left, right] = [edge(column, COLUMNS), edge(column + 1, COLUMNS)];
  let sum = 0;
  for (let y = top; y < bottom; y += 1) {
    for (let at = y * DECODED_SIZE + left; at < y * DECODED_SIZE + right; at += 1) sum += photo[at]!;
  }
  return sum / ((bottom - top) * (right - left));
}

/** Returns the number of bits in which two hashes differ. */
export function distance(a: PhotoHash, b: PhotoHash): number {
  return bitCount(a.high ^ b.high) + bitCount(a.low ^ b.low);
}

/** Returns true if a hash says almost nothing. A plain surface has hardly any brighter and darker neighbors. */
export function isPlain({ high, low }: PhotoHash): boolean {
  const bits = bitCount(high) + bitCount(low);
  return bits <= 2 || bits >= 62;
}

/** Counts the bits that are set (Hacker's Delight, 5-2). */
function bitCount(bits: number): number {
  let sum = bits - ((bits >>> 1) & 0x55555555);
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333);
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
