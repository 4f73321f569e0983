import { distance, type PhotoHash } from './dhash.ts';

/** Hashes that differ by no more bits than this are of photos that look alike. At most {@link MAX_RADIUS}. */
export const NEAR_BITS = 6;

/** The largest distance that can be searched: one more, and a near hash could differ by two bits in every band. */
const MAX_RADIUS = 7;

const BANDS = 4;
const BAND_BITS = 16;

/** A hash that was found, by the number it was added as. */
export interface NearHash {
  readonly number: number;
  readonly bits: number;
}

/**
 * Finds hashes near a given one among hundreds of thousands (multi-index hashing: Norouzi, Punjani, Fleet 2012). A hash
 * is four bands of 16 bits. Two hashes at most 7 bits apart differ by at most one bit in one of the bands (pigeonhole), so
 * 4 × 17 lookups reach every near hash; each hash that they reach is then compared whole.
 */
export class NearIndex {
  readonly #hashes: PhotoHash[] = [];
  readonly #numbers: number[] = [];
  /** By band: a band's value → the last place that has it, plus one; 0 where none has. */
  readonly #heads = Array.from({ length: BANDS }, () => new Int32Array(1 << BAND_BITS));
  /** By band: a place → the place before it with the same value, plus one. */
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

  /** Every hash at most `radius` (0 to 7) bits from the given one, the first added first. */
  near(hash: PhotoHash, radius: number): NearHash[] {
    if (radius > MAX_RADIUS) throw new RangeError(`the radius is ${radius}, at most ${MAX_RADIUS} can be searched`);
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

/** The 16 bits of a band. */
function bandOf({ high, low }: PhotoHash, band: number): number {
  const half = band < 2 ? high : low;
  return (band & 1) === 0 ? half >>> BAND_BITS : half & 0xffff;
}
