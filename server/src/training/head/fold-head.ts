import { LABELS, signInMargin } from '@swipenet/shared/confidence.ts';
import { BRANCH_FILTERS, FEATURE_COUNT, FEATURE_COUNTS, HEAD_BRANCH } from '../../googlenet/linear-head.ts';
import type { Weights, WeightTensor } from '../../googlenet/weights.ts';
import type { LinearHead } from './logistic.ts';

/** Two filters of inception 5b's 1×1 branch that the head doesn't use, see {@link foldHead}. */
export type SpareFilters = readonly [number, number];

/**
 * Returns the two filters whose features vary least, and which therefore tell photos apart least.
 *
 * @param rows features, `[n, 1856]`.
 */
export function spareFilters(rows: ArrayLike<number>): SpareFilters {
  const count = rows.length / FEATURE_COUNT;
  const variances = Array.from({ length: BRANCH_FILTERS }, (_, filter) => {
    let [sum, squares] = [0, 0];
    for (let at = filter; at < rows.length; at += FEATURE_COUNT) {
      sum += rows[at]!;
      squares += rows[at]! ** 2;
    }
    return { filter, variance: squares / count - (sum / count) ** 2 };
  });
  const [first, second] = variances.toSorted((a, b) => a.variance - b.variance || a.filter - b.filter);
  return [first!.filter, second!.filter];
}

/**
 * Returns the factor with which the largest mean output of a spare filter over a photo is `largestMean`.
 *
 * @param rows features of the training photos, `[n, 1856]`.
 */
export function spareFactor(head: LinearHead, rows: ArrayLike<number>, largestMean: number): number {
  const { module5b } = FEATURE_COUNTS;
  let largest = 0;
  for (let row = 0; row < rows.length; row += FEATURE_COUNT) {
    let output = 0;
    for (let at = module5b; at < FEATURE_COUNT; at += 1) output += head.weights[at]! * rows[row + at]!;
    largest = Math.max(largest, Math.abs(output));
  }
  return largest > 0 ? largestMean / largest : 1;
}

/**
 * Folds a head on 5b's and 5a's means into the parameters of an ordinary GoogLeNet. The head's weights on 5b become the
 * classifier. Its weights v on 5a have to pass through 5b and a ReLU. Since v · x = relu(v · x) − relu(−v · x), one
 * spare filter of the 1×1 branch gets v, another gets −v, and the classifier subtracts one from the other. This is
 * exact at every position of the map, so it is also exact in the mean and in the evidence map.
 *
 * @param weights the network whose features the head was trained on.
 * @param head weights `[1856]`, 0 for the spare filters. Its margin is LIKE's logit minus NOPE's.
 * @param factor multiplies what the spare filters output, and the classifier divides by it. See {@link spareFactor}.
 * @throws RangeError if the head uses a spare filter.
 */
export function foldHead(
  weights: Weights,
  head: LinearHead,
  spare: SpareFilters,
  factor = 1,
): Map<string, WeightTensor> {
  if (spare.some((filter) => head.weights[filter] !== 0)) throw new RangeError(`the head uses filters ${spare}`);
  const { module5b, module5a } = FEATURE_COUNTS;
  const filters = Float32Array.from(weights.get(`${HEAD_BRANCH}.weight`)!.data);
  const biases = Float32Array.from(weights.get(`${HEAD_BRANCH}.bias`)!.data);
  const onLast = Float64Array.from(head.weights.subarray(0, module5b));
  for (const [sign, filter] of [[1, spare[0]] as const, [-1, spare[1]] as const]) {
    filters.set(
      head.weights.subarray(module5b).map((weight) => sign * factor * weight),
      filter * module5a,
    );
    biases[filter] = 0;
    onLast[filter] = sign / factor;
  }
  const replaced = { [`${HEAD_BRANCH}.weight`]: filters, [`${HEAD_BRANCH}.bias`]: biases };
  const folded = new Map(weights);
  for (const [name, data] of Object.entries(replaced)) folded.set(name, { shape: weights.get(name)!.shape, data });
  // Each logit gets half of the margin, so that neither label's logits are larger on average.
  const halves = LABELS.map((label) => signInMargin(label) / 2);
  const classifier = Float32Array.from(halves.flatMap((half) => [...onLast.map((weight) => half * weight)]));
  folded.set('loss3/classifier.weight', { shape: [2, module5b], data: classifier });
  folded.set('loss3/classifier.bias', { shape: [2], data: Float32Array.from(halves, (half) => half * head.bias) });
  return folded;
}
