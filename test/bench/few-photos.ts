import { readdir } from 'node:fs/promises';
import { seededRandom, seedOf, shuffled } from '@swipenet/shared/random.ts';

/** Photos per kind. The test photos are the same for every split, and training photos are drawn from the pool. */
const COUNTS = { test: 110, pool: 200 };

/** Lists the file names of a kind, test photos first. Throws RangeError if there are too few. */
export async function namesOfKind(photos: string, kind: string): Promise<string[]> {
  const all = (await readdir(photos)).filter((name) => name.startsWith(kind)).toSorted();
  const wanted = COUNTS.test + COUNTS.pool;
  if (all.length < wanted)
    throw new RangeError(`${photos} has only ${all.length} photos named ${kind}…; ${wanted} are needed`);
  return shuffled(seededRandom(7), all).slice(0, wanted);
}

/** Returns the test photos of a kind. */
export const heldOut = <T>(photos: readonly T[]): T[] => photos.slice(0, COUNTS.test);

/** Draws half of `count` photos from the pool of a kind. The other kind provides the other half. */
export const drawn = <T>(photos: readonly T[], seed: number, count: number): T[] =>
  shuffled(seededRandom(seedOf(seed, count)), photos.slice(COUNTS.test)).slice(0, count / 2);
