import { labelOf } from '@swipenet/shared/confidence.ts';
import { labelAt, lossAt, type RankedScores } from '@swipenet/shared/ranked-scores.ts';

/** Which photos to show by what a model said about them. */
export interface AnswerFilter {
  /** The range of the LIKE confidence, in percent, with both ends. */
  readonly fromPercent: number;
  readonly toPercent: number;
  /** True if only photos count whose label isn't the model's. */
  readonly isDisagreeing: boolean;
}

export const ALL_ANSWERS: AnswerFilter = { fromPercent: 0, toPercent: 100, isDisagreeing: false };

/** What a model said about the photos of a part of a dataset, found by the photo's number. */
export class ModelAnswers {
  readonly #scores: RankedScores;
  readonly #threshold: number;
  /** The row of each photo in the scores, plus 1. 0 if the model didn't see it. */
  readonly #rows: Uint32Array;

  /** @param threshold the LIKE confidence from which the model calls a photo LIKE. */
  constructor(scores: RankedScores, threshold: number) {
    this.#scores = scores;
    this.#threshold = threshold;
    this.#rows = new Uint32Array(scores.numbers.reduce((most, number) => Math.max(most, number), -1) + 1);
    for (const [row, number] of scores.numbers.entries()) this.#rows[number] = row + 1;
  }

  /** Returns the LIKE confidence of a photo, from 0 to 1, or undefined if the model didn't see it. */
  likeOf(number: number): number | undefined {
    const row = this.#rows[number];
    return row ? this.#scores.likes[row - 1] : undefined;
  }

  /**
   * Returns those of the photos that match, the most confident LIKE first. If the label has to differ, those come first
   * whose label the model finds least likely.
   */
  matching(numbers: Uint32Array, { fromPercent, toPercent, isDisagreeing }: AnswerFilter): Uint32Array {
    const { likes } = this.#scores;
    const [from, to] = [Math.fround(fromPercent / 100), Math.fround(toPercent / 100)]; // as precise as confidences are
    const rows: number[] = [];
    for (const number of numbers) {
      const row = (this.#rows[number] ?? 0) - 1;
      const like = likes[row];
      if (like === undefined || like < from || like > to) continue;
      if (isDisagreeing && labelOf(like, this.#threshold) === labelAt(this.#scores, row)) continue;
      rows.push(row);
    }
    const rank = (row: number) => (isDisagreeing ? lossAt(this.#scores, row) : likes[row]!);
    rows.sort((a, b) => rank(b) - rank(a) || this.#scores.numbers[a]! - this.#scores.numbers[b]!);
    return Uint32Array.from(rows, (row) => this.#scores.numbers[row]!);
  }
}
