import { LABELS, signInMargin } from '@swipenet/shared/confidence.ts';
import type { Weights, WeightTensor } from '../../googlenet/weights.ts';
import { FEATURE_COUNT, FEATURE_COUNTS } from './feature-model.ts';
import type { LinearHead } from './logistic.ts';

/** The 1×1 branch is the first of inception 5b's four: its filter is the module's channel of the same number. */
const BRANCH = 'inception_5b/1x1';

/** How many filters that branch has. */
const BRANCH_FILTERS = 384;

/** Two filters of 5b's 1×1 branch that a head goes without: see {@link foldHead}. */
export type SpareFilters = readonly [number, number];

/**
 * The two filters that tell photos apart least: those whose features vary least.
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
 * A head on the means of 5b and 5a as an ordinary GoogLeNet's parameters. What it makes of 5b becomes the classifier. What
 * it makes of 5a, v · x, must pass through 5b, and a ReLU: v · x = relu(v · x) − relu(−v · x), so one spare filter of the
 * 1×1 branch takes v and another −v, and the classifier subtracts the one from the other. That is exact at every position
 * of the map, hence in the mean and in the evidence map.
 *
 * @param weights of the network whose features the head was learnt on.
 * @param head weights `[1856]`, 0 for the features of `spare`; its margin is LIKE's logit minus NOPE's.
 * @throws RangeError where the head uses a spare filter.
 */
export function foldHead(weights: Weights, head: LinearHead, spare: SpareFilters): Map<string, WeightTensor> {
  if (spare.some((filter) => head.weights[filter] !== 0)) throw new RangeError(`the head uses filters ${spare}`);
  const { module5b, module5a } = FEATURE_COUNTS;
  const filters = Float32Array.from(weights.get(`${BRANCH}.weight`)!.data);
  const biases = Float32Array.from(weights.get(`${BRANCH}.bias`)!.data);
  const onLast = Float64Array.from(head.weights.subarray(0, module5b));
  for (const [sign, filter] of [[1, spare[0]] as const, [-1, spare[1]] as const]) {
    filters.set(
      head.weights.subarray(module5b).map((weight) => sign * weight),
      filter * module5a,
    );
    biases[filter] = 0;
    onLast[filter] = sign;
  }
  const replaced = { [`${BRANCH}.weight`]: filters, [`${BRANCH}.bias`]: biases };
  const folded = new Map(weights);
  for (const [name, data] of Object.entries(replaced)) folded.set(name, { shape: weights.get(name)!.shape, data });
  // Half of the margin to each side, so that neither label's logit is the larger one by habit.
  const halves = LABELS.map((label) => signInMargin(label) / 2);
  const classifier = Float32Array.from(halves.flatMap((half) => [...onLast.map((weight) => half * weight)]));
  folded.set('loss3/classifier.weight', { shape: [2, module5b], data: classifier });
  folded.set('loss3/classifier.bias', { shape: [2], data: Float32Array.from(halves, (half) => half * head.bias) });
  return folded;
}
