// One random seed for all property tests of a run. As a setup file it hands the seed to fast-check before each test
// file; as the global setup it prints the seed, once. A failed fast-check assertion repeats it in its message.
import fc from 'fast-check';

/** Always the same, so that a red run is a red commit. `npm run test:soak` uses others. */
const FIXED_SEED = 1;

/** The variable that overrides it. */
export const SEED_VARIABLE = 'SWIPENET_TEST_SEED';

/** The seed for this run. Throws RangeError if the variable is set and is not a 32-bit integer. */
export function propertySeed(environment: Readonly<Record<string, string | undefined>>): number {
  const text = environment[SEED_VARIABLE];
  if (text === undefined || text === '') return FIXED_SEED;
  const seed = Number(text);
  if (seed !== (seed | 0)) throw new RangeError(`${SEED_VARIABLE} must be a 32-bit integer, not ${text}`);
  return seed;
}

const seed = propertySeed(process.env);
fc.configureGlobal({ seed });

/** Vitest's global setup. */
export function setup(): void {
  console.error(`Property tests use random seed ${seed}. Set ${SEED_VARIABLE} to use another one.`);
}
