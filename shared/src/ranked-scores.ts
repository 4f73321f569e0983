import { LABELS, type Label, labelOf } from './confidence.ts';
import type { Confusion } from './confusion.ts';

/**
 * What decides for each of many photos or profiles, ranked, so that a threshold splits each label into two ranges.
 * The rows of LIKE items come first, then those of NOPE items, each from the highest confidence to the lowest.
 */
export interface RankedScores {
  /** The number of each photo or profile in its dataset, `[N]`. */
  readonly numbers: Uint32Array;
  /** The LIKE confidence of each, from 0 to 1, `[N]`. */
  readonly likes: Float32Array;
  /** The number of rows whose label is LIKE. */
  readonly likeCount: number;
}

/** A photo or profile to rank. */
export interface ScoredItem {
  readonly number: number;
  readonly label: Label;
  readonly like: number;
}

/** Sorts items into the order of {@link RankedScores}. Ties are in the order of their numbers. */
export function ranked<Item extends ScoredItem>(items: readonly Item[]): Item[] {
  const place = ({ label }: Item) => -LABELS.indexOf(label);
  return items.toSorted((a, b) => place(a) - place(b) || b.like - a.like || a.number - b.number);
}

/** Returns the label of a row. */
export const labelAt = ({ likeCount }: RankedScores, row: number): Label => (row < likeCount ? 'LIKE' : 'NOPE');

/** A range of rows, from the first to before the end. */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

/** Returns the rows with a label that a threshold labels so. */
export function rowsOf(scores: RankedScores, label: Label, verdict: Label, threshold: number): RowRange {
  const all =
    label === 'LIKE' ? { first: 0, end: scores.likeCount } : { first: scores.likeCount, end: scores.likes.length };
  let [low, high] = [all.first, all.end];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (labelOf(scores.likes[middle]!, threshold) === 'LIKE') low = middle + 1;
    else high = middle;
  }
  return verdict === 'LIKE' ? { first: all.first, end: low } : { first: low, end: all.end };
}

/** Counts what a threshold makes of each label. Takes microseconds, however many items there are. */
export function confusionAt(scores: RankedScores, threshold: number): Confusion {
  const count = (label: Label, verdict: Label) => {
    const { first, end } = rowsOf(scores, label, verdict, threshold);
    return end - first;
  };
  const row = (label: Label) => ({ NOPE: count(label, 'NOPE'), LIKE: count(label, 'LIKE') });
  return { NOPE: row('NOPE'), LIKE: row('LIKE') };
}

/** Counts the items of both labels that become LIKE or NOPE when one threshold replaces another. */
export function flipsBetween(scores: RankedScores, from: number, to: number): Readonly<Record<Label, number>> {
  const liked = (threshold: number) => {
    const { LIKE, NOPE } = confusionAt(scores, threshold);
    return LIKE.LIKE + NOPE.LIKE;
  };
  const more = liked(to) - liked(from);
  return { LIKE: Math.max(0, more), NOPE: Math.max(0, -more) };
}

/** The loss of a row: the negative logarithm of the confidence in its label, in nats. */
export function lossAt(scores: RankedScores, row: number): number {
  const like = scores.likes[row]!;
  return -Math.log(labelAt(scores, row) === 'LIKE' ? like : 1 - like) || 0; // never −0
}

/** Returns the rows with the largest losses, the worst first. */
export function worstRows(scores: RankedScores, most: number): number[] {
  const rows: number[] = [];
  let [like, nope] = [scores.likeCount - 1, scores.likeCount]; // the least confident LIKE, and the most confident NOPE
  while (rows.length < most && (like >= 0 || nope < scores.likes.length)) {
    const isLike = nope >= scores.likes.length || (like >= 0 && lossAt(scores, like) >= lossAt(scores, nope));
    rows.push(isLike ? like : nope);
    if (isLike) like -= 1;
    else nope += 1;
  }
  return rows;
}
