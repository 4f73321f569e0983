import { DEFAULT_THRESHOLD, labelOf } from './confidence.ts';
import type { Decision, DecisionRule } from './decision-schemas.ts';

// Imports no package, because a page of the extension decides by it, too.

export type { Decision, DecisionRule };

/** The rule that combines all photos of a profile. */
type ProfileRule = Extract<DecisionRule, { rule: 'profile' }>;

/** The article's rule at the article's threshold, for models whose manifest has neither a rule nor a threshold. */
export const ARTICLE_RULE: DecisionRule = { rule: 'any', threshold: DEFAULT_THRESHOLD };

/** Returns the rule with another threshold, or the rule itself if there is none. */
export function withThreshold(rule: DecisionRule, threshold?: number): DecisionRule {
  return threshold === undefined ? rule : { ...rule, threshold };
}

/** A decision of this version, which always says which confidence decides. */
export type Decided = Decision & { readonly like: number | null };

/** The input of the decision rule. */
export interface ProfileConfidences {
  /** The LIKE confidence (0 to 1) of each photo in the request, in order, or `null` if the photo failed. */
  readonly likes: readonly (number | null)[];
  /** How many photos the profile has, at least `likes.length`. Videos don't count. */
  readonly photoCount: number;
  readonly rule: DecisionRule;
}

/**
 * Decides a profile by a rule, made safe for photos it doesn't know. Under `any`, one LIKE is enough to swipe right, and
 * swiping left requires that every photo of the profile was seen. Under `profile`, either swipe requires that. Anything
 * else is a hold. The rules are defined only here: the server, `score` and the trainer's evaluation all use them.
 *
 * @throws RangeError if `photoCount` is smaller than the number of photos. Callers check this first.
 */
export function decide({ likes, photoCount, rule }: ProfileConfidences): Decided {
  if (photoCount < likes.length) {
    throw new RangeError(`photoCount is ${photoCount}, but there are ${likes.length} photos`);
  }
  const known = likes.filter((like) => like !== null);
  const highest = known.length > 0 ? known.reduce((one, other) => Math.max(one, other)) : null;
  const photo = likes.indexOf(highest);
  if (rule.rule === 'any' && highest !== null && labelOf(highest, rule.threshold) === 'LIKE') {
    return { swipe: 'right', reason: 'like_found', like: highest, photo };
  }
  const undecided = rule.rule === 'any' ? highest : null;
  if (photoCount === 0) return { swipe: 'hold', reason: 'no_photo', like: undecided };
  if (known.length < likes.length) return { swipe: 'hold', reason: 'photos_failed', like: undecided };
  if (known.length < photoCount) return { swipe: 'hold', reason: 'photos_missing', like: undecided };
  if (rule.rule === 'any') return { swipe: 'left', reason: 'all_nope', like: highest };
  const like = profileProbability(known, rule);
  return like >= rule.threshold
    ? { swipe: 'right', reason: 'profile_liked', like, photo }
    : { swipe: 'left', reason: 'profile_not_liked', like, photo };
}

/**
 * The probability that a person likes a profile, from the LIKE confidences of all its photos: the sigmoid of
 * `largestShare · largest logit + (1 − largestShare) · mean logit + perLogCount · ln(number of photos)`. It doesn't
 * depend on the order of the photos. For a single photo, it is exactly that photo's confidence.
 *
 * @param likes at least one confidence, 0 to 1.
 */
function profileProbability(likes: readonly number[], { largestShare, perLogCount }: ProfileRule): number {
  if (likes.length === 1) return likes[0]!;
  // Sorted, because the rounding error of a sum depends on the order.
  const logits = likes.map(logitOf).sort((one, other) => one - other);
  const mean = logits.reduce((sum, logit) => sum + logit, 0) / logits.length;
  const logit = largestShare * logits.at(-1)! + (1 - largestShare) * mean + perLogCount * Math.log(logits.length);
  return 1 / (1 + Math.exp(-logit));
}

/** The largest magnitude of a logit. Confidences of 0 and 1 have infinite ones. */
const LARGEST_LOGIT = 20;

/** Returns the logit of a probability (0 to 1), limited to −20 to 20. */
export function logitOf(probability: number): number {
  const logit = Math.log(probability / (1 - probability));
  return Math.min(LARGEST_LOGIT, Math.max(-LARGEST_LOGIT, logit));
}
