import * as z from 'zod';

/** A text that says something. */
export const textFlag = z.string().min(1, 'must not be empty');

/** A switch that is off unless it is given. */
export const switchOption = z.boolean().default(false);

/** A whole number from `least` to `most` as a flag gives it; anything else is told in words. */
export function wholeFlag(least: number, most = Number.MAX_SAFE_INTEGER) {
  const bounds = most === Number.MAX_SAFE_INTEGER ? `, ${least} or more` : ` from ${least} to ${most}`;
  const words = `must be a whole number${bounds}`;
  return z.string().regex(/^\d+$/, words).transform(Number).pipe(z.int(words).min(least, words).max(most, words));
}

/** A number as a flag gives it, which is never below zero; `words` say what it must be where it is anything else. */
export function numberFlag(words: string, fits: (value: number) => boolean = () => true) {
  const written = z.string().regex(/^\d*\.?\d+(e-?\d+)?$/, words);
  return written.transform(Number).pipe(z.number(words).refine(fits, words));
}
