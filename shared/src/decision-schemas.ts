import * as z from 'zod/mini';
import { fractionSchema } from './fraction.ts';

/**
 * How the confidences of a profile's photos become one decision. A model's manifest has its rule.
 * - `any`, the article's: swipe right if any photo is at or above the threshold.
 * - `profile`: combine all photos into the profile's probability, see decision.ts, and swipe right if
 *   that is at or above the threshold.
 */
export const decisionRuleSchema = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('any'), threshold: fractionSchema }),
  z.strictObject({
    rule: z.literal('profile'),
    threshold: fractionSchema,
    /** The weight of the largest logit. The rest goes to the mean logit. */
    largestShare: fractionSchema,
    /** Added to the logit, times the natural logarithm of the number of photos. */
    perLogCount: z.number().check(z.gte(-100), z.lte(100)),
  }),
]);

export type DecisionRule = z.infer<typeof decisionRuleSchema>;

/** The position of a photo. */
const indexSchema = z.int().check(z.gte(0));

/** Servers older than the rule `profile` leave this out. */
const likeSchema = z.optional(z.nullable(fractionSchema));

/**
 * What to do with a profile, and why. Each reason belongs to exactly one swipe.
 * - `right`, `like_found`: at least one photo's LIKE confidence is at or above the threshold.
 * - `right`, `profile_liked`: the probability of the whole profile is at or above the threshold.
 * - `left`, `all_nope`: every photo of the profile was seen, and each is a NOPE.
 * - `left`, `profile_not_liked`: the probability of the whole profile is below the threshold.
 * - `hold`: the decision is left to the user. With `no_photo`, the profile has no photos. With `photos_failed`, a photo
 *   couldn't be read. With `photos_missing`, not all photos were sent. Under the rule `any`, the last two also mean that
 *   no other photo is a LIKE.
 *
 * `photo` is the index of the photo with the highest confidence. `like` is the confidence that decides. Under the rule
 * `profile`, it is the profile's probability, which only a complete profile has. Under `any`, it is the highest
 * confidence among the known photos. It is `null` if there is none.
 */
export const decisionSchema = z.union([
  z.object({ swipe: z.literal('right'), reason: z.literal('like_found'), like: likeSchema, photo: indexSchema }),
  z.object({ swipe: z.literal('right'), reason: z.literal('profile_liked'), like: fractionSchema, photo: indexSchema }),
  z.object({ swipe: z.literal('left'), reason: z.literal('all_nope'), like: likeSchema }),
  z.object({
    swipe: z.literal('left'),
    reason: z.literal('profile_not_liked'),
    like: fractionSchema,
    photo: indexSchema,
  }),
  z.object({ swipe: z.literal('hold'), reason: z.literal('no_photo'), like: likeSchema }),
  z.object({ swipe: z.literal('hold'), reason: z.literal('photos_failed'), like: likeSchema }),
  z.object({ swipe: z.literal('hold'), reason: z.literal('photos_missing'), like: likeSchema }),
]);

export type Decision = z.infer<typeof decisionSchema>;
