import { type Label, labelOf } from '@swipenet/shared/confidence.ts';
import { accuracyOf, balancedAccuracyOf, type Confusion, confusionOf } from '@swipenet/shared/confusion.ts';
import { type DecisionRule, decide, logitOf } from '@swipenet/shared/decision.ts';
import { meanLoss } from './temperature.ts';

/** A labeled photo and the LIKE confidence (0 to 1) that a model gives it. */
export interface EvaluatedPhoto {
  readonly label: Label;
  readonly like: number;
}

/** A labeled profile and the LIKE confidence of each photo, `null` for a photo that couldn't be read. */
export interface EvaluatedProfile {
  readonly label: Label;
  readonly likes: readonly (number | null)[];
}

export type { Confusion } from '@swipenet/shared/confusion.ts';

/** The number of bins of the calibration error, as in Guo et al., "On Calibration of Modern Neural Networks" (2017). */
const CALIBRATION_BINS = 15;

/** One bin of confidences: how confident the model is there, and how often the photos are LIKE. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** The mean LIKE confidence, or 0 if the bin is empty. */
  readonly confidence: number;
  /** The fraction of photos that are LIKE, or 0 if the bin is empty. */
  readonly likeShare: number;
}

export interface PhotoMetrics {
  readonly count: number;
  /** The fraction of photos that get their true label at the threshold. */
  readonly accuracy: number;
  /** The same at a threshold of 0.5. */
  readonly accuracyAtHalf: number;
  readonly auc: number | null;
  /** The expected calibration error, see {@link calibrationError}. */
  readonly ece: number;
  readonly confusion: Confusion;
}

/**
 * Metrics of profiles that are decided by a rule. Those of the confidence that decides (`like` of a decision) leave out
 * profiles that don't have one.
 */
export interface ProfileMetrics {
  readonly count: number;
  /** The fraction of profiles that are swiped according to their label. A profile on hold counts as wrong. */
  readonly accuracy: number;
  /** The mean of that fraction over both labels, or `null` if one label has no profiles. */
  readonly balancedAccuracy: number | null;
  /** The AUC of the confidence that decides: under the rule `any`, that of the most confident photo. */
  readonly auc: number | null;
  /** The expected calibration error of the confidence that decides, see {@link calibrationError}. */
  readonly ece: number;
  /** Its mean negative log-likelihood, in nats per profile. Logits are limited to ±20. 0 if no profile has one. */
  readonly meanLoss: number;
  /** The number of profiles that can't be decided. */
  readonly held: number;
  /** Right counts as LIKE, left as NOPE. */
  readonly confusion: Confusion;
}

/** Computes the metrics of photos at a threshold. */
export function photoMetrics(photos: readonly EvaluatedPhoto[], threshold: number): PhotoMetrics {
  const confusion = confusionOf(photos.map(({ label, like }) => ({ label, verdict: labelOf(like, threshold) })));
  return {
    count: photos.length,
    accuracy: accuracyOf(confusion, photos.length),
    accuracyAtHalf: share(photos, ({ label, like }) => labelOf(like, 0.5) === label),
    auc: auc(photos),
    ece: calibrationError(photos),
    confusion,
  };
}

/** Computes the metrics of profiles under a rule. Each is decided as the server would decide it. */
export function profileMetrics(profiles: readonly EvaluatedProfile[], rule: DecisionRule): ProfileMetrics {
  const decided = profiles.map(({ label, likes }) => ({
    label,
    ...decide({ likes, photoCount: likes.length, rule }),
  }));
  const verdicts = decided.flatMap(({ label, swipe }) =>
    swipe === 'hold' ? [] : [{ label, verdict: swipe === 'right' ? ('LIKE' as const) : ('NOPE' as const) }],
  );
  const confusion = confusionOf(verdicts);
  const countOf = (label: Label) => profiles.filter((profile) => profile.label === label).length;
  const rated = decided.flatMap(({ label, like }) => (like === null ? [] : [{ label, like }]));
  return {
    count: profiles.length,
    accuracy: accuracyOf(confusion, profiles.length),
    balancedAccuracy: balancedAccuracyOf(confusion, { LIKE: countOf('LIKE'), NOPE: countOf('NOPE') }),
    auc: auc(rated),
    ece: calibrationError(rated),
    meanLoss: meanLoss(rated.map(({ label, like }) => ({ label, margin: logitOf(like) }))),
    held: profiles.length - verdicts.length,
    confusion,
  };
}

/**
 * The area under the ROC curve: the probability that a LIKE photo has a higher confidence than a NOPE photo, where a
 * tie counts half (Mann and Whitney's U, with mean ranks). Returns `null` if one label has no photos.
 */
export function auc(photos: readonly EvaluatedPhoto[]): number | null {
  const sorted = photos.toSorted((a, b) => a.like - b.like);
  const likes = sorted.filter(({ label }) => label === 'LIKE').length;
  const nopes = sorted.length - likes;
  if (likes === 0 || nopes === 0) return null;
  let rankSum = 0;
  for (let begin = 0; begin < sorted.length; ) {
    let end = begin;
    let likesHere = 0;
    for (; end < sorted.length && sorted[end]!.like === sorted[begin]!.like; end += 1) {
      if (sorted[end]!.label === 'LIKE') likesHere += 1;
    }
    rankSum += (likesHere * (begin + 1 + end)) / 2; // ranks begin + 1 to end share their mean
    begin = end;
  }
  return (rankSum - (likes * (likes + 1)) / 2) / (likes * nopes);
}

/** A point of the ROC curve: what a threshold finds, and what it gets wrong. */
export interface RocPoint {
  /** The smallest confidence that counts as LIKE. Null if none does. */
  readonly threshold: number | null;
  /** The fraction of the LIKEs that are called LIKE. */
  readonly likesFound: number;
  /** The fraction of the NOPEs that are called LIKE. */
  readonly nopesLiked: number;
}

/**
 * The ROC curve, from calling none LIKE to calling all LIKE. It has a point for each distinct confidence. Of many, only
 * those stay that are at least 1/`steps` away from the one before in either direction, and no point of the whole curve is
 * farther than that from one that stays. Returns an empty curve if one label has no photos.
 */
export function rocCurve(photos: readonly EvaluatedPhoto[], steps: number): RocPoint[] {
  const sorted = photos.toSorted((a, b) => b.like - a.like);
  const likes = sorted.filter(({ label }) => label === 'LIKE').length;
  const nopes = sorted.length - likes;
  if (likes === 0 || nopes === 0) return [];
  const curve: RocPoint[] = [{ threshold: null, likesFound: 0, nopesLiked: 0 }];
  const found = { LIKE: 0, NOPE: 0 };
  for (const [at, { label, like }] of sorted.entries()) {
    found[label] += 1;
    if (sorted[at + 1]?.like === like) continue; // a threshold can't separate ties
    const point = { threshold: like, likesFound: found.LIKE / likes, nopesLiked: found.NOPE / nopes };
    const before = curve.at(-1)!;
    const way = Math.max(point.likesFound - before.likesFound, point.nopesLiked - before.nopesLiked);
    if (way >= 1 / steps || at === sorted.length - 1) curve.push(point);
  }
  return curve;
}

/** Groups photos into equal bins of confidence from 0 to 1. The last bin includes 1. */
export function reliability(photos: readonly EvaluatedPhoto[], bins = CALIBRATION_BINS): ReliabilityBin[] {
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, likes: 0 }));
  for (const { label, like } of photos) {
    const bin = sums[Math.min(bins - 1, Math.floor(like * bins))]!;
    bin.count += 1;
    bin.confidence += like;
    bin.likes += label === 'LIKE' ? 1 : 0;
  }
  return sums.map(({ count, confidence, likes }, index) => ({
    from: index / bins,
    to: (index + 1) / bins,
    count,
    confidence: count === 0 ? 0 : confidence / count,
    likeShare: count === 0 ? 0 : likes / count,
  }));
}

/**
 * The expected calibration error of the LIKE confidence with 15 equal bins: how far a bin's mean confidence is from its
 * fraction of LIKE, averaged over the photos. It needs many photos. With 240, even a perfectly calibrated model has
 * 0.04, so use 2,000.
 */
export function calibrationError(photos: readonly EvaluatedPhoto[]): number {
  const misses = reliability(photos).map((bin) => bin.count * Math.abs(bin.confidence - bin.likeShare));
  return photos.length === 0 ? 0 : misses.reduce((sum, miss) => sum + miss, 0) / photos.length;
}

function share<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  return items.length === 0 ? 0 : items.filter(holds).length / items.length;
}
