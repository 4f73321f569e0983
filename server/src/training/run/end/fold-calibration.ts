import { LABELS, signInMargin } from '@swipenet/shared/confidence.ts';
import { fromRows, type Rows, type StateLayout } from '../../step/state-layout.ts';

/**
 * Folds a calibration into a network's main classifier: every photo's margin m becomes `slope · m + bias`. Each logit
 * gets half of the bias. The given rows stay as they are.
 */
export function foldCalibration(
  layout: StateLayout,
  parameters: Rows,
  { slope, bias }: { readonly slope: number; readonly bias: number },
): Rows {
  const folded: Rows = { weights: parameters.weights.slice(), biases: parameters.biases.slice() };
  const tensors = fromRows(layout, folded); // views into the rows
  const [weights, biases] = ['weight', 'bias'].map((kind) => tensors.get(`loss3/classifier.${kind}`)!.data);
  for (const [at, weight] of weights!.entries()) weights![at] = slope * weight;
  for (const [at, label] of LABELS.entries()) biases![at] = slope * biases![at]! + (signInMargin(label) * bias) / 2;
  return folded;
}
