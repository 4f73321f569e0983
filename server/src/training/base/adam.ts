import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import { scale } from '../../onnx/operations.ts';
import type { Value } from '../../onnx/shape-inference.ts';

/** Adam's constants (Kingma and Ba 2015, section 2). `epsilon` is the paper's ε̂. */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** One row of parameters, with the moving averages of their gradients and squared gradients. All have the same shape. */
export interface AdamState {
  readonly parameters: Value;
  readonly first: Value;
  readonly second: Value;
}

/**
 * Adds a step of Adam in the form that the paper calls more efficient:
 *
 *     m ← β₁·m + (1 − β₁)·gradient
 *     v ← β₂·v + (1 − β₂)·gradient²
 *     w ← w − rate · m / (√v + ε̂)
 *
 * @param rate a scalar: the learning rate with the correction for the averages' start at 0, from {@link correctedRate}.
 */
export function adamStep(graph: GraphBuilder, state: AdamState, gradient: Value, rate: Value): AdamState {
  const { beta1, beta2, epsilon } = ADAM;
  const first = graph.apply('Add', [scale(graph, state.first, beta1), scale(graph, gradient, 1 - beta1)]);
  const squares = graph.apply('Mul', [gradient, gradient]);
  const second = graph.apply('Add', [scale(graph, state.second, beta2), scale(graph, squares, 1 - beta2)]);
  const deviation = graph.apply('Add', [graph.apply('Sqrt', [second]), graph.scalar(epsilon)]);
  const update = graph.apply('Mul', [graph.apply('Div', [first, deviation]), rate]);
  return { parameters: graph.apply('Sub', [state.parameters, update]), first, second };
}

/** Returns the learning rate for {@link adamStep}. `step` is the number of completed steps. */
export function correctedRate(learningRate: number, step: number): number {
  const { beta1, beta2 } = ADAM;
  return (learningRate * Math.sqrt(1 - beta2 ** (step + 1))) / (1 - beta1 ** (step + 1));
}

/** How the learning rate changes: it rises linearly for `warmup` steps, and falls as a cosine to 0 at the end. */
export interface CosineSchedule {
  readonly learningRate: number;
  readonly warmup: number;
  readonly steps: number;
}

/** Returns the learning rate of a step, without Adam's correction. `step` is the number of completed steps. */
export function cosineRateAt({ learningRate, warmup, steps }: CosineSchedule, step: number): number {
  const warm = warmup > 0 ? Math.min(1, (step + 1) / warmup) : 1;
  return learningRate * warm * 0.5 * (1 + Math.cos((Math.PI * step) / steps));
}
