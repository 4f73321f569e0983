import { LABELS, type Label, labelOf } from '@swipenet/shared/confidence.ts';
import { decide } from '@swipenet/shared/decision.ts';

/** A photo whose label is known, and the LIKE confidence (0 to 1) that a model gives it. */
export interface EvaluatedPhoto {
  readonly label: Label;
  readonly like: number;
}

/** A profile whose label is known: the LIKE confidence of each photo, `null` for one that could not be read. */
export interface EvaluatedProfile {
  readonly label: Label;
  readonly likes: readonly (number | null)[];
}

/** How often what is (first) was called what (second). */
export type Confusion = Readonly<Record<Label, Readonly<Record<Label, number>>>>;

/** Bins of the calibration error: those of Guo et al., "On Calibration of Modern Neural Networks", 2017. */
export const CALIBRATION_BINS = 15;

/** One bin of the confidences from 0 to 1: how sure the model is in it, and how often it is LIKE there. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean LIKE confidence, 0 where the bin is empty. */
  readonly confidence: number;
  /** Share of photos that are LIKE, 0 where the bin is empty. */
  readonly likeShare: number;
}

/** Figures of a set of photos. */
export interface PhotoMetrics {
  readonly count: number;
  /** Share of photos that get their label at the threshold. */
  readonly accuracy: number;
  /** The same at equal confidences, LIKE from 0.5. */
  readonly accuracyAtHalf: number;
  /** See {@link auc}. */
  readonly auc: number | null;
  /** See {@link calibrationError}. */
  readonly ece: number;
  readonly confusion: Confusion;
}

/** Figures of a set of profiles, decided by the shared rule. */
export interface ProfileMetrics {
  readonly count: number;
  /** Share of profiles that go the way of their label; one that is held goes neither. */
  readonly accuracy: number;
  /** See {@link auc}, of each profile's surest photo; profiles without one sit out. */
  readonly auc: number | null;
  /** Profiles about which it cannot be known. */
  readonly held: number;
  /** What is → right as LIKE, left as NOPE. */
  readonly confusion: Confusion;
}

/** Figures of photos at a threshold. */
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

/** Figures of profiles at a threshold: each is decided as the server would decide it. */
export function profileMetrics(profiles: readonly EvaluatedProfile[], threshold: number): ProfileMetrics {
  const verdicts = profiles.flatMap(({ label, likes }) => {
    const { swipe } = decide({ likes, photoCount: likes.length, threshold });
    return swipe === 'hold' ? [] : [{ label, verdict: swipe === 'right' ? ('LIKE' as const) : ('NOPE' as const) }];
  });
  const confusion = confusionOf(verdicts);
  const surest = profiles.flatMap(({ label, likes }) => {
    const known = likes.filter((like) => like !== null);
    return known.length > 0 ? [{ label, like: Math.max(...known) }] : [];
  });
  return {
    count: profiles.length,
    accuracy: accuracyOf(confusion, profiles.length),
    auc: auc(surest),
    held: profiles.length - verdicts.length,
    confusion,
  };
}

/**
 * Area under the ROC curve: the chance that a LIKE photo has a higher confidence than a NOPE one, equal ones counting
 * half (Mann and Whitney's U by mean ranks). `null` where a label is missing.
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
    rankSum += (likesHere * (begin + 1 + end)) / 2; // the mean of ranks begin + 1 to end
    begin = end;
  }
  return (rankSum - (likes * (likes + 1)) / 2) / (likes * nopes);
}

/** The confidences in equal bins from 0 to 1; 1 itself is in the last. */
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
 * Expected calibration error of the LIKE confidence, 15 equal bins: by how much, a photo on average, the confidence of
 * its bin misses the bin's share of LIKE. It needs numbers: 240 photos show 0.04 of a perfect model, so use 2,000.
 */
export function calibrationError(photos: readonly EvaluatedPhoto[]): number {
  const misses = reliability(photos).map((bin) => bin.count * Math.abs(bin.confidence - bin.likeShare));
  return photos.length === 0 ? 0 : misses.reduce((sum, miss) => sum + miss, 0) / photos.length;
}

function confusionOf(verdicts: readonly { readonly label: Label; readonly verdict: Label }[]): Confusion {
  const counts = { NOPE: { NOPE: 0, LIKE: 0 }, LIKE: { NOPE: 0, LIKE: 0 } };
  for (const { label, verdict } of verdicts) counts[label][verdict] += 1;
  return counts;
}

function accuracyOf(confusion: Confusion, count: number): number {
  return count === 0 ? 0 : LABELS.reduce((sum, label) => sum + confusion[label][label], 0) / count;
}

function share<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  return items.length === 0 ? 0 : items.filter(holds).length / items.length;
}
