import { isPlain, type PhotoHash } from './dhash.ts';
import { cellMeans } from './photo-look.ts';

// A photo of a plain surface has hardly any brighter and darker neighbors, so its hash and its look say nothing or are
// noise. Copies of it are found by their gray levels.

/** The largest range of the means of a plain surface, in gray levels. */
const PLAIN_RANGE = 8;

/**
 * The largest difference of each of the 256 means of a copy, in gray levels. Compression at quality 30 and above changes
 * a mean by at most 2 levels.
 */
const SAME_LEVEL = 2;

/**
 * Returns the means of a plain photo over a 16 × 16 grid, in gray levels. Undefined for other photos.
 *
 * @param photo gray levels, `[256, 256]`.
 */
export function plainLevels(photo: Uint8Array, hash: PhotoHash): Uint8Array | undefined {
  const means = cellMeans(photo);
  const plain = isPlain(hash) || Math.max(...means) - Math.min(...means) <= PLAIN_RANGE;
  return plain ? Uint8Array.from(means, Math.round) : undefined;
}

/** Finds copies of plain photos without comparing every pair: copies have about the same mean. */
export class PlainIndex {
  readonly #byMean = new Map<number, { readonly levels: Uint8Array; readonly number: number }[]>();

  /** Adds a photo's {@link plainLevels} under a number. */
  add(levels: Uint8Array, number: number): void {
    const mean = meanOf(levels);
    const same = this.#byMean.get(mean);
    if (same) same.push({ levels, number });
    else this.#byMean.set(mean, [{ levels, number }]);
  }

  /** Returns the numbers of the copies, in ascending order. */
  copies(levels: Uint8Array): number[] {
    const mean = meanOf(levels);
    const found: number[] = [];
    for (let near = mean - SAME_LEVEL; near <= mean + SAME_LEVEL; near += 1) {
      for (const other of this.#byMean.get(near) ?? []) if (areSame(levels, other.levels)) found.push(other.number);
    }
    return found.toSorted((a, b) => a - b);
  }
}

const meanOf = (levels: Uint8Array) => Math.floor(levels.reduce((sum, level) => sum + level, 0) / levels.length);

const areSame = (a: Uint8Array, b: Uint8Array) => a.every((level, at) => Math.abs(level - b[at]!) <= SAME_LEVEL);
