import { logitOf } from '@swipenet/shared/decision.ts';
import { bioFeatures } from './bio-features.ts';
import { type Blend, type BlendTest, fitBlend, joinedProbability, lowersLoss, testBlend } from './blend.ts';
import {
  foldsOf,
  heldOutLogits,
  type LabeledBio,
  learnWords,
  type WordReason,
  type WordsModel,
  wordReasons,
  wordsLogit,
} from './learn-words.ts';

/** How many labeled bios it takes, and how many of likes and of passes at least. */
export const ENOUGH_BIOS = { all: 100, rarer: 20 } as const;

/** A labeled bio, and what the photos alone said before the swipe. */
export interface BioSwipe extends LabeledBio {
  /** The probability of a like by the photos, 0 to 1. */
  readonly photos: number;
}

/** What was learned from a person's swipes of profiles with a bio. */
export interface WordsTaste {
  readonly model: WordsModel;
  /** Fitted on held-out logits: the photos alone, and joined with the words. */
  readonly blends: { readonly alone: Blend; readonly joined: Blend };
  readonly test: BlendTest;
  /** True if the words lower the held-out loss. Otherwise they stay out of the decision. */
  readonly joins: boolean;
}

/** What the words make of a profile. */
export interface WordsVerdict {
  /** The joined probability of a like, 0 to 1, on the scale of the threshold. */
  readonly like: number;
  readonly reasons: readonly WordReason[];
  /** The weight of the photos' logit when nothing is joined. With it, {@link movedProbability} knows other thresholds. */
  readonly photosWeight: number;
}

/** Learns from swipes, oldest first. Returns undefined if there are too few. Takes a fraction of a second for 500. */
export function learnTaste(swipes: readonly BioSwipe[]): WordsTaste | undefined {
  const likes = swipes.filter(({ isLiked }) => isLiked).length;
  const rarer = Math.min(likes, swipes.length - likes);
  if (swipes.length < ENOUGH_BIOS.all || rarer < ENOUGH_BIOS.rarer) return undefined;
  const folds = foldsOf(swipes);
  const words = heldOutLogits(swipes, folds);
  const blended = swipes.map(({ isLiked, photos }, at) => {
    return { isLiked, photos: logitOf(photos), words: words[at]!, fold: folds[at]! };
  });
  const test = testBlend(blended);
  const blends = { alone: fitBlend(blended, false), joined: fitBlend(blended, true) };
  return { model: learnWords(swipes), blends, test, joins: blends.joined.words > 0 && lowersLoss(test) };
}

/**
 * Returns what the words of a bio make of a profile, or undefined if they stay out of it.
 *
 * @param seed the one that the labeled bios' features were made with.
 */
export function judgeBio(
  { model, blends, joins }: WordsTaste,
  {
    bio,
    seed,
    like,
    threshold,
  }: { readonly bio: string; readonly seed: number; readonly like: number; readonly threshold: number },
): WordsVerdict | undefined {
  const features = bioFeatures(bio, seed);
  if (!joins || features.length === 0) return undefined;
  const swipe = { photos: logitOf(like), words: wordsLogit(model, features) };
  return {
    like: joinedProbability(blends, swipe, threshold),
    reasons: wordReasons(model, bio, seed, blends.joined.words),
    photosWeight: blends.alone.photos,
  };
}
