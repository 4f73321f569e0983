import { distance, type PhotoHash } from './dhash.ts';

/** The maximum number of bits in which photos that look alike may differ. At most {@link MAX_RADIUS}. */
export const NEAR_BITS = 6;

/** The largest distance that the index can search. At 8, a near hash could differ by two bits in every band. */
const MAX_RADIUS = 7;

const BANDS = 4;
const BAND_BITS = 16;

/** A search result: the number under which a hash was added, and its distance in bits. */
export interface NearHash {
  readonly number: number;
  readonly bits: number;
}

/**
 * Finds hashes close to a given one among hundreds of thousands (multi-index hashing: Norouzi, Punjani, Fleet 2012). A
 * hash consists of four 16-bit bands. If two hashes are at most 7 bits apart, some band differs by at most one bit
 * (pigeonhole principle). So 4 × 17 lookups find every close hash, and each candidate is then compared in full.
 */
export class NearIndex {
  readonly #hashes: PhotoHash[] = [];
  readonly #numbers: number[] = [];
  /** Per band, maps a band's value to the last place with that value, plus one, or to 0. */
  readonly #heads = Array.from({ length: BANDS }, () => new Int32Array(1 << BAND_BITS));
  /** Per band, maps a place to the previous place with the same value, plus one. */
  readonly #earlier: number[][] = Array.from({ length: BANDS }, () => []);

  /** Adds a hash under a number. */
  add(hash: PhotoHash, number: number): void {
    const place = this.#hashes.push(hash) - 1;
    this.#numbers.push(number);
    for (let band = 0; band < BANDS; band += 1) {
      const heads = this.#heads[band]!;
      const value = bandOf(hash, band);
      this.#earlier[band]!.push(heads[value]!);
      heads[value] = place + 1;
    }
  }

  /** Returns every hash at most `radius` (0 to 7) bits away, in the order they were added. */
  near(hash: PhotoHash, radius: number): NearHash[] {
    if (radius > MAX_RADIUS) throw new RangeError(`the radius is ${radius}, but the maximum is ${MAX_RADIUS}`);
    const places = new Map<number, number>();
    for (let band = 0; band < BANDS; band += 1) {
      const value = bandOf(hash, band);
      for (let flip = -1; flip < BAND_BITS; flip += 1) {
        let next = this.#heads[band]![flip < 0 ? value : value ^ (1 << flip)]!;
        for (; next > 0; next = this.#earlier[band]![next - 1]!) {
          const bits = distance(this.#hashes[next - 1]!, hash);
          if (bits <= radius) places.set(next - 1, bits);
        }
      }
    }
    return [...places].toSorted(([a], [b]) => a - b).map(([place, bits]) => ({ number: this.#numbers[place]!, bits }));
  }
}

/** Returns the 16 bits of a band. */
function bandOf({ high, low }: PhotoHash, band: number): number {
  const half = band < 2 ? high : low;
  return (band & 1) === 0 ? half >>> BAND_BITS : half & 0xffff;
}
