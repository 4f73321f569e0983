import { readdir } from 'node:fs/promises';
import { seededRandom, seedOf, shuffled } from '@swipenet/shared/random.ts';

/** Photos of each kind: some are held out, the same for every split, and the others are drawn from. */
export const COUNTS = { test: 110, pool: 200 };

/** The names of a kind's photos, the held-out ones first. Throws RangeError where there are too few. */
export async function namesOfKind(photos: string, kind: string): Promise<string[]> {
  const all = (await readdir(photos)).filter((name) => name.startsWith(kind)).toSorted();
  const wanted = COUNTS.test + COUNTS.pool;
  if (all.length < wanted) throw new RangeError(`${photos} has ${all.length} photos of ${kind}…, ${wanted} are needed`);
  return shuffled(seededRandom(7), all).slice(0, wanted);
}

/** Those of a kind's photos that judge. */
export const heldOut = <T>(photos: readonly T[]): T[] => photos.slice(0, COUNTS.test);

/** Half of `count` labels: as many of a kind's other photos. */
export const drawn = <T>(photos: readonly T[], seed: number, count: number): T[] =>
  shuffled(seededRandom(seedOf(seed, count)), photos.slice(COUNTS.test)).slice(0, count / 2);
