import { logitOf } from '@swipenet/shared/decision.ts';
import { FOLDS } from './learn-words.ts';
import { fitLogistic, logLoss, type SparseRows, sigmoid } from './logistic.ts';

/** A labeled bio's two logits of a like, neither of which knew the label. */
export interface BlendedSwipe {
  readonly isLiked: boolean;
  /** The logit of the photos' probability, as the server gave it before the swipe. */
  readonly photos: number;
  /** The logit of the words, learned from the bios of other folds. */
  readonly words: number;
  readonly fold: number;
}

/** A logistic regression over both logits: `photos · photos' logit + words · words' logit + intercept`. */
export interface Blend {
  readonly photos: number;
  /** 0 if the words don't help. */
  readonly words: number;
  readonly intercept: number;
}

/** How the words fare on bios that they weren't learned from. */
export interface BlendTest {
  /** Mean log loss per bio, in nats: of the photos' probability, recalibrated, and with the words. */
  readonly alone: number;
  readonly joined: number;
  /** The standard error of the difference. */
  readonly error: number;
}

/** Pulls the fit towards trusting the photos as they are, and the words not at all. */
const PENALTY = 1;

/** How many standard errors the words must lower the loss by: one-sided 95%. */
const REQUIRED_ERRORS = 1.645;

/**
 * Fits how photos and words are blended (stacking; Wolpert 1992, "Stacked generalization"). Neither weight is negative
 * (Breiman 1996, "Stacked regressions"): chance alone must not turn the photos or the words against themselves.
 *
 * @param usesWords false to fit the photos alone, which corrects how sure they are.
 */
export function fitBlend(swipes: readonly BlendedSwipe[], usesWords: boolean): Blend {
  const parts = [
    [true, usesWords],
    [false, usesWords],
    [true, false],
  ] as const;
  for (const [photos, words] of parts) {
    const blend = fitPart(swipes, photos, words);
    if (blend.photos >= 0 && blend.words >= 0) return blend;
  }
  return fitPart(swipes, false, false);
}

function fitPart(swipes: readonly BlendedSwipe[], usesPhotos: boolean, usesWords: boolean): Blend {
  const width = 2;
  const rows: SparseRows = {
    starts: Int32Array.from({ length: swipes.length + 1 }, (_, row) => row * width),
    columns: Int32Array.from({ length: swipes.length * width }, (_, at) => at % width),
    values: Float64Array.from(swipes.flatMap(({ photos, words }) => [usesPhotos ? photos : 0, usesWords ? words : 0])),
    width,
  };
  const offsets = swipes.map(({ photos }) => (usesPhotos ? photos : 0));
  const labels = swipes.map(({ isLiked }) => isLiked);
  const { weights, intercept } = fitLogistic({ rows, labels, offsets, penalty: PENALTY });
  return { photos: usesPhotos ? 1 + weights[0]! : 0, words: weights[1]!, intercept };
}

/** Returns the logit of a like by a blend. */
export function blendedLogit(
  { photos, words, intercept }: Blend,
  swipe: Pick<BlendedSwipe, 'photos' | 'words'>,
): number {
  return photos * swipe.photos + words * swipe.words + intercept;
}

/** Tests blends on each fold, fitted on the others. */
export function testBlend(swipes: readonly BlendedSwipe[]): BlendTest {
  const losses = Array.from({ length: FOLDS }, (_, fold) => {
    const others = swipes.filter((swipe) => swipe.fold !== fold);
    const [alone, joined] = [fitBlend(others, false), fitBlend(others, true)];
    return swipes
      .filter((swipe) => swipe.fold === fold)
      .map(
        (swipe) =>
          [
            logLoss(blendedLogit(alone, swipe), swipe.isLiked),
            logLoss(blendedLogit(joined, swipe), swipe.isLiked),
          ] as const,
      );
  }).flat();
  const mean = (of: (pair: readonly [number, number]) => number) =>
    losses.reduce((sum, pair) => sum + of(pair), 0) / losses.length;
  const gain = mean(([alone, joined]) => alone - joined);
  const variance = mean(([alone, joined]) => (alone - joined - gain) ** 2);
  return {
    alone: mean(([alone]) => alone),
    joined: mean(([, joined]) => joined),
    error: Math.sqrt(variance / losses.length),
  };
}

/** True if the words lower the held-out loss by more than chance does. */
export function lowersLoss({ alone, joined, error }: BlendTest): boolean {
  return alone - joined > REQUIRED_ERRORS * error;
}

/**
 * Returns the probability of a like with the words, to be compared with the threshold of the photos alone: how much more
 * likely the blend finds a like than the recalibrated photos would find it at the threshold, in logits, above or below the
 * threshold. So the blend moves profiles across the threshold, but not the threshold itself.
 */
export function joinedProbability(
  blends: { readonly alone: Blend; readonly joined: Blend },
  swipe: Pick<BlendedSwipe, 'photos' | 'words'>,
  threshold: number,
): number {
  const limit = logitOf(threshold);
  const margin = blendedLogit(blends.joined, swipe) - blendedLogit(blends.alone, { photos: limit, words: 0 });
  return sigmoid(limit + margin);
}

/**
 * Returns what {@link joinedProbability} would have been at another threshold, without the blends.
 *
 * @param joined the probability that it was, at the threshold `from`.
 * @param photosWeight `blends.alone.photos`.
 */
export function movedProbability(
  { joined, from, photosWeight }: { readonly joined: number; readonly from: number; readonly photosWeight: number },
  to: number,
): number {
  const [before, after] = [logitOf(from), logitOf(to)];
  const margin = logitOf(joined) - before + photosWeight * (before - after);
  return sigmoid(after + margin);
}
