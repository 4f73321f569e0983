import * as z from 'zod/mini';
import { labelOf } from './confidence.ts';

/**
 * What to do with a profile, and why. Each reason belongs to exactly one swipe.
 * - `right`, `like_found`: at least one photo's LIKE confidence is at or above the threshold. `photo` is the index of
 *   the photo with the highest confidence.
 * - `left`, `all_nope`: every photo of the profile was seen, and each is a NOPE.
 * - `hold`: the decision is left to the user. With `no_photo`, the profile has no photos. With `photos_failed`, a photo
 *   couldn't be read; with `photos_missing`, not all photos were sent; in both cases no other photo is a LIKE.
 */
export const decisionSchema = z.union([
  z.object({ swipe: z.literal('right'), reason: z.literal('like_found'), photo: z.int().check(z.gte(0)) }),
  z.object({ swipe: z.literal('left'), reason: z.literal('all_nope') }),
  z.object({ swipe: z.literal('hold'), reason: z.literal('no_photo') }),
  z.object({ swipe: z.literal('hold'), reason: z.literal('photos_failed') }),
  z.object({ swipe: z.literal('hold'), reason: z.literal('photos_missing') }),
]);

export type Decision = z.infer<typeof decisionSchema>;

/** The input of the decision rule. */
export interface ProfileConfidences {
  /** The LIKE confidence (0 to 1) of each photo in the request, in order, or `null` if the photo failed. */
  readonly likes: readonly (number | null)[];
  /** How many photos the profile has, at least `likes.length`. */
  readonly photoCount: number;
  /** The minimum confidence for a LIKE, from 0 to 1. */
  readonly threshold: number;
}

/**
 * Applies the article's rule, made safe for photos it doesn't know. One LIKE is enough to swipe right. Swiping left
 * requires that every photo of the profile was seen and is a NOPE. Anything else is a hold. The rule is defined only
 * here: the server, `score`, the trainer's evaluation and the extension all use it.
 *
 * @throws RangeError if `photoCount` is smaller than the number of photos. Callers check this first.
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
