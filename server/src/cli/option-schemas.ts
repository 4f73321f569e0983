import * as z from 'zod';

/** Text that isn't empty. */
export const textFlag = z.string().min(1, 'must not be empty');

/** A switch that is off by default. */
export const switchOption = z.boolean().default(false);

/** A whole number from `least` to `most`. The error message states the range. */
export function wholeFlag(least: number, most = Number.MAX_SAFE_INTEGER) {
  const bounds = most === Number.MAX_SAFE_INTEGER ? `, ${least} or more` : ` from ${least} to ${most}`;
  const words = `must be a whole number${bounds}`;
  return z.string().regex(/^\d+$/, words).transform(Number).pipe(z.int(words).min(least, words).max(most, words));
}

/** A number that isn't negative. `words` is the error message if it isn't one or if `fits` rejects it. */
export function numberFlag(words: string, fits: (value: number) => boolean = () => true) {
  const written = z.string().regex(/^\d*\.?\d+(e-?\d+)?$/, words);
  return written.transform(Number).pipe(z.number(words).refine(fits, words));
}
