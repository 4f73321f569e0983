import * as z from 'zod/mini';
import { labelOf } from './confidence.ts';

/**
 * What to do with a profile and why. A closed set: every reason belongs to one swipe.
 * - `right`, `like_found`: a photo's LIKE confidence is at or above the threshold; `photo` is the index of the surest.
 * - `left`, `all_nope`: every photo of the profile was seen and each is NOPE.
 * - `hold`: it cannot be known. `no_photo`: the profile has none; `photos_failed`: a photo could not be read;
 *   `photos_missing`: the profile has more photos than were sent; in both cases none of the others is LIKE.
 */
export const decisionSchema = z.union([
  z.object({ swipe: z.literal('right'), reason: z.literal('like_found'), photo: z.int().check(z.gte(0)) }),
  z.object({ swipe: z.literal('left'), reason: z.literal('all_nope') }),
  z.object({ swipe: z.literal('hold'), reason: z.literal('no_photo') }),
  z.object({ swipe: z.literal('hold'), reason: z.literal('photos_failed') }),
  z.object({ swipe: z.literal('hold'), reason: z.literal('photos_missing') }),
]);

/** See {@link decisionSchema}. */
export type Decision = z.infer<typeof decisionSchema>;

/** What the decision rule looks at. */
export interface ProfileConfidences {
  /** The LIKE confidence (0 to 1) of each photo that was sent, in order; `null` for a photo that failed. */
  readonly likes: readonly (number | null)[];
  /** How many photos the profile has; at least `likes.length`. */
  readonly photoCount: number;
  /** LIKE means a confidence at or above this (0 to 1). */
  readonly threshold: number;
}

/**
 * The article's rule, made safe for what it does not know: one LIKE photo is enough for right; left needs every photo
 * of the profile seen and each of them NOPE; anything else is a hold. This is its only definition: the server decides
 * by it, `score` prints it, the trainer evaluates by it, the extension obeys it.
 *
 * @throws RangeError when `photoCount` is smaller than the number of photos: the caller's mistake, refused at the edge.
 */
export function decide({ likes, photoCount, threshold }: ProfileConfidences): Decision {
  if (photoCount < likes.length) {
    throw new RangeError(`photoCount is ${photoCount}, but there are ${likes.length} photos`);
  }
  let surest = -1;
  for (const [index, like] of likes.entries()) {
    if (like === null || labelOf(like, threshold) === 'NOPE') continue;
    if (surest === -1 || like > (likes[surest] ?? 0)) surest = index;
  }
  if (surest !== -1) return { swipe: 'right', reason: 'like_found', photo: surest };
  if (photoCount === 0) return { swipe: 'hold', reason: 'no_photo' };
  if (likes.includes(null)) return { swipe: 'hold', reason: 'photos_failed' };
  if (likes.length < photoCount) return { swipe: 'hold', reason: 'photos_missing' };
  return { swipe: 'left', reason: 'all_nope' };
}
