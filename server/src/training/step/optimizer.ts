import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import { scale } from '../../onnx/operations.ts';
import type { Value } from '../../onnx/shape-inference.ts';

/**
 * The kinds of parameters, and by what each multiplies the learning rate and the weight decay: biases learn twice as fast and do
 * not decay (`lr_mult` and `decay_mult` of Caffe's GoogLeNet).
 */
export const PARAMETER_GROUPS = {
  weights: { learningRate: 1, weightDecay: 1 },
  biases: { learningRate: 2, weightDecay: 0 },
} as const;

/** See {@link PARAMETER_GROUPS}. */
export type ParameterGroup = keyof typeof PARAMETER_GROUPS;

/** What does not change during a run. */
export interface SgdOptions {
  /** Share of the last update that goes into the next, 0.9. */
  readonly momentum: number;
  /** L2 regularisation: adds so much of a weight to its gradient. */
  readonly weightDecay: number;
}

/** One group's numbers, all in one row `[n]`. */
export interface GroupState {
  readonly parameters: Value;
  /** What was last subtracted from the parameters. */
  readonly momenta: Value;
}

/**
 * Stochastic gradient descent with momentum in Caffe's form (`sgd_solver.cpp`), where the learning rate is inside the momentum:
 *
 *     v ← momentum · v + learningRate · (gradient + decay · w)
 *     w ← w − v
 *
 * so after the rate falls, the old, larger updates still fade out over some steps.
 */
export function sgdStep(
  graph: GraphBuilder,
  group: ParameterGroup,
  { parameters, momenta }: GroupState,
  gradient: Value,
  learningRate: Value,
  { momentum, weightDecay }: SgdOptions,
): GroupState {
  const multipliers = PARAMETER_GROUPS[group];
  const decay = weightDecay * multipliers.weightDecay;
  const regularised = decay === 0 ? gradient : graph.apply('Add', [gradient, scale(graph, parameters, decay)]);
  const step = graph.apply('Mul', [regularised, scale(graph, learningRate, multipliers.learningRate)]);
  const update = graph.apply('Add', [scale(graph, momenta, momentum), step]);
  return { parameters: graph.apply('Sub', [parameters, update]), momenta: update };
}
