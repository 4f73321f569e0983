import { fitLogistic, type LinearHead, marginsOfRows } from '../head/logistic.ts';

/** Photos in groups: the photos of a profile, and whether the profile is a LIKE. */
export interface PhotoGroup {
  /** Row numbers of the profile's photos, at least one. */
  readonly photos: readonly number[];
  readonly isLike: boolean;
}

/** How to learn from photos when only their profiles have labels. */
export interface NoisyOrProblem {
  /** `[photos, dimensions]`. */
  readonly rows: Float64Array;
  readonly dimensions: number;
  readonly groups: readonly PhotoGroup[];
  /** L2 regularization strength λ. Every profile weighs 1. */
  readonly strength: number;
  /** How many times to ask which photos carried a like. 0 gives every photo its profile's label. */
  readonly rounds: number;
  /** See `fitLogistic`. */
  readonly tolerance?: number;
}

/** The most that a single photo may be held responsible for a like, because some likes are mistakes. */
const MOST_RESPONSIBLE = 0.9;

/**
 * Learns which photos carry a like from labels of whole profiles (multiple-instance learning with a noisy or). A
 * profile weighs 1 and each of its n photos 1/n. Photos of passed profiles are NOPE. Photos of liked profiles start as
 * LIKE. Each round (an EM step) then makes photo i of a liked profile a LIKE by 0.9 · pᵢ / (1 − Π(1 − pⱼ)), where p are
 * the head's confidences: if one photo is enough for a like, that is how probable it is that this one was. In every
 * round, LIKE and NOPE have the same total weight.
 *
 * @param start where to start the first fit.
 * @returns the head after the first fit and after each round, `[rounds + 1]`.
 */
export function learnNoisyOr(problem: NoisyOrProblem, start?: LinearHead): LinearHead[] {
  const { rows, dimensions, groups, strength, rounds, tolerance } = problem;
  const count = rows.length / dimensions;
  const shares = new Float64Array(count);
  for (const { photos } of groups) for (const photo of photos) shares[photo] = 1 / photos.length;
  let likeness = allOfLiked(groups, count);
  const heads: LinearHead[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const before = heads.at(-1);
    if (before) likeness = sharesOfLikes(groups, marginsOfRows(rows, before));
    const { weights, targets } = balance(shares, likeness);
    const stop = tolerance === undefined ? {} : { tolerance };
    heads.push(fitLogistic({ rows, dimensions, targets, weights, strength, ...stop }, before ?? start));
  }
  return heads;
}

/** Makes every photo of a liked profile a LIKE: 1 for those, and 0 for the others, `[count]`. */
export function allOfLiked(groups: readonly PhotoGroup[], count: number): Float64Array {
  const likeness = new Float64Array(count);
  for (const { photos, isLike } of groups) if (isLike) for (const photo of photos) likeness[photo] = 1;
  return likeness;
}

/**
 * Computes how far each photo is responsible for its profile's like, from 0 to 0.9. It is 0 in passed profiles.
 *
 * @param margins `[photos]`: the logit of each photo's confidence.
 */
export function sharesOfLikes(groups: readonly PhotoGroup[], margins: ArrayLike<number>): Float64Array {
  const likeness = new Float64Array(margins.length);
  for (const { photos, isLike } of groups) {
    if (!isLike) continue;
    const confidences = photos.map((photo) => 1 / (1 + Math.exp(-margins[photo]!)));
    const any = 1 - confidences.reduce((none, confidence) => none * (1 - confidence), 1);
    for (const [index, photo] of photos.entries()) {
      // If no photo is likely, `any` is close to the sum, and the shares still add up to 0.9.
      likeness[photo] = any > 0 ? MOST_RESPONSIBLE * Math.min(1, confidences[index]! / any) : MOST_RESPONSIBLE;
    }
  }
  return likeness;
}

/** Weighs photos so that LIKE and NOPE have the same total. A photo that is partly either counts on both sides. */
function balance(shares: Float64Array, likeness: Float64Array): { weights: Float64Array; targets: Float64Array } {
  let [likes, total] = [0, 0];
  for (const [photo, share] of shares.entries()) {
    likes += share * likeness[photo]!;
    total += share;
  }
  const [ofLike, ofNope] = [total / 2 / likes, total / 2 / (total - likes)];
  const weights = shares.map((share, photo) => share * (likeness[photo]! * ofLike + (1 - likeness[photo]!) * ofNope));
  const targets = shares.map((share, photo) =>
    weights[photo] === 0 ? 0 : (share * likeness[photo]! * ofLike) / weights[photo]!,
  );
  return { weights, targets };
}
