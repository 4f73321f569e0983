import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import { scale } from '../../onnx/operations.ts';
import type { Value } from '../../onnx/shape-inference.ts';

/**
 * The parameter groups, with their multipliers for learning rate and weight decay. Biases learn twice as fast and don't
 * decay (`lr_mult` and `decay_mult` in Caffe's GoogLeNet).
 */
export const PARAMETER_GROUPS = {
  weights: { learningRate: 1, weightDecay: 1 },
  biases: { learningRate: 2, weightDecay: 0 },
} as const;

export type ParameterGroup = keyof typeof PARAMETER_GROUPS;

/** The solver's constants. */
export interface SgdOptions {
  /** The fraction of the previous update that goes into the next, such as 0.9. */
  readonly momentum: number;
  /** L2 regularization: this multiple of a weight is added to its gradient. */
  readonly weightDecay: number;
}

/** The state of one group: all its parameters, and their momenta in the same shape. */
export interface GroupState {
  readonly parameters: Value;
  /** The last update, which was subtracted from the parameters. */
  readonly momenta: Value;
}

/**
 * Adds a step of stochastic gradient descent with momentum in Caffe's form (`sgd_solver.cpp`), where the momentum
 * includes the learning rate:
 *
 *     v ← momentum · v + learningRate · (gradient + decay · w)
 *     w ← w − v
 *
 * After the learning rate drops, the larger old updates therefore take some steps to fade out.
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
  const regularized = decay === 0 ? gradient : graph.apply('Add', [gradient, scale(graph, parameters, decay)]);
  const step = graph.apply('Mul', [regularized, scale(graph, learningRate, multipliers.learningRate)]);
  const update = graph.apply('Add', [scale(graph, momenta, momentum), step]);
  return { parameters: graph.apply('Sub', [parameters, update]), momenta: update };
}
