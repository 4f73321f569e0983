import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import { reduceSum, reshape } from '../../onnx/operations.ts';
import type { Value } from '../../onnx/shape-inference.ts';
import type { GradientRule } from './rule.ts';

/** Sums each row: `[N, classes]` → `[N, 1]`. */
const rowSums = (graph: GraphBuilder, x: Value) => reshape(graph, reduceSum(graph, x, [1]), [x.shape[0]!, 1]);

/** y = softmax(x) along axis 1 of `[N, classes]`: y · (dy − Σ dy · y). */
export const softmaxGradient: GradientRule<'Softmax'> = ({ graph, step: { outputs }, dy }) => {
  const y = outputs[0]!;
  const mean = rowSums(graph, graph.apply('Mul', [dy, y]));
  return [graph.apply('Mul', [y, graph.apply('Sub', [dy, mean])])];
};

/** y = log softmax(x) along axis 1 of `[N, classes]`: dy − eʸ · Σ dy. */
export const logSoftmaxGradient: GradientRule<'LogSoftmax'> = ({ graph, step: { outputs }, dy }) => {
  const probabilities = graph.apply('Exp', [outputs[0]!]);
  return [graph.apply('Sub', [dy, graph.apply('Mul', [probabilities, rowSums(graph, dy)])])];
};
