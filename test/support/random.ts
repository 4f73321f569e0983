import type { Random } from '@swipenet/shared/random.ts';

export { seededRandom } from '@swipenet/shared/random.ts';

/** Returns `count` numbers, uniformly distributed from −`bound` to `bound`. */
export function uniform(random: Random, count: number, bound: number): Float32Array {
  return Float32Array.from({ length: count }, () => (random() * 2 - 1) * bound);
}
