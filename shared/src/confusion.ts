import { LABELS, type Label } from './confidence.ts';

/** A confusion matrix: first the true label, then the predicted one. */
export type Confusion = Readonly<Record<Label, Readonly<Record<Label, number>>>>;

/** Counts labels and what they were predicted as. */
export function confusionOf(verdicts: readonly { readonly label: Label; readonly verdict: Label }[]): Confusion {
  const counts = { NOPE: { NOPE: 0, LIKE: 0 }, LIKE: { NOPE: 0, LIKE: 0 } };
  for (const { label, verdict } of verdicts) counts[label][verdict] += 1;
  return counts;
}

/** The number of items of each label. */
export const labelCounts = ({ LIKE, NOPE }: Confusion): Readonly<Record<Label, number>> => ({
  LIKE: LIKE.LIKE + LIKE.NOPE,
  NOPE: NOPE.LIKE + NOPE.NOPE,
});

/**
 * The fraction of items that are predicted as their label, or 0 without items.
 *
 * @param count the number of all items. Those without a prediction aren't in the matrix, and count as wrong.
 */
export function accuracyOf(confusion: Confusion, count: number): number {
  return count === 0 ? 0 : LABELS.reduce((sum, label) => sum + confusion[label][label], 0) / count;
}

/**
 * The mean over both labels of the fraction that is predicted as this label, or `null` if one label has no items.
 *
 * @param counts the number of all items of each label, also of those without a prediction.
 */
export function balancedAccuracyOf(confusion: Confusion, counts: Readonly<Record<Label, number>>): number | null {
  if (LABELS.some((label) => counts[label] === 0)) return null;
  return LABELS.reduce((sum, label) => sum + confusion[label][label] / counts[label], 0) / LABELS.length;
}

/** Of the items that are predicted as LIKE, the fraction that are LIKE; `null` if none is predicted so. */
export function precisionOf({ LIKE, NOPE }: Confusion): number | null {
  const liked = LIKE.LIKE + NOPE.LIKE;
  return liked === 0 ? null : LIKE.LIKE / liked;
}

/** Of the items that are LIKE, the fraction that are predicted so; `null` if none is LIKE. */
export function recallOf({ LIKE }: Confusion): number | null {
  const likes = LIKE.LIKE + LIKE.NOPE;
  return likes === 0 ? null : LIKE.LIKE / likes;
}
