/**
 * Numbers for tests: the same for the same seed, on every machine (mulberry32, public domain).
 *
 * @returns a function that gives the next number, from 0 up to but not including 1.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` numbers spread evenly from −`bound` to `bound`. */
export function uniform(random: () => number, count: number, bound: number): Float32Array {
  return Float32Array.from({ length: count }, () => (random() * 2 - 1) * bound);
}
