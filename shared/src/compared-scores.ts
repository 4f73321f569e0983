import { type Label, labelOf } from './confidence.ts';
import { labelAt, type RankedScores } from './ranked-scores.ts';

/** Scores and the threshold that decides by them. */
export interface Judge {
  readonly scores: RankedScores;
  readonly threshold: number;
}

/** A photo or profile that two models label differently. */
export interface Flip {
  readonly number: number;
  readonly label: Label;
  /** What the second model makes of it. The first makes the other label of it. */
  readonly becomes: Label;
  /** The LIKE confidences of the first and of the second model. */
  readonly likes: readonly [first: number, second: number];
}

/** What two models make of the same photos or profiles. */
export interface Comparison {
  readonly count: number;
  /** What they label differently, those with the largest difference first. */
  readonly flips: readonly Flip[];
  /** The numbers of flips on which only the first, or only the second, agrees with the label. */
  readonly firstRight: number;
  readonly secondRight: number;
}

/** Compares two models, each at its own threshold. Returns undefined if they didn't score the same items. */
export function compareScores(first: Judge, second: Judge): Comparison | undefined {
  const { numbers, likes } = first.scores;
  const count = numbers.length;
  if (second.scores.numbers.length !== count || second.scores.likeCount !== first.scores.likeCount) return undefined;
  const rowOf = new Map<number, number>();
  for (const [row, number] of second.scores.numbers.entries()) rowOf.set(number, row);
  const flips: Flip[] = [];
  for (const [row, number] of numbers.entries()) {
    const other = rowOf.get(number);
    const label = labelAt(first.scores, row);
    if (other === undefined || labelAt(second.scores, other) !== label) return undefined;
    const both = [likes[row]!, second.scores.likes[other]!] as const;
    const becomes = labelOf(both[1], second.threshold);
    if (labelOf(both[0], first.threshold) !== becomes) flips.push({ number, label, becomes, likes: both });
  }
  const change = ({ likes: [a, b] }: Flip) => Math.abs(a - b);
  const secondRight = flips.filter(({ label, becomes }) => label === becomes).length;
  return {
    count,
    flips: flips.toSorted((a, b) => change(b) - change(a)),
    firstRight: flips.length - secondRight,
    secondRight,
  };
}
