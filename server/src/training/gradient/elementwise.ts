import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import { reduceSum, reshape, scale, select } from '../../onnx/operations.ts';
import { sizesOf, type Value } from '../../onnx/shape-inference.ts';
import type { GradientRule } from './rule.ts';

/** Sums a gradient along the axes over which broadcasting repeated its value. */
function unbroadcast(graph: GraphBuilder, gradient: Value, { shape }: Value): Value {
  const [sizes, wanted] = [sizesOf(gradient.shape), sizesOf(shape)];
  const missing = sizes.length - wanted.length;
  const repeated = sizes.flatMap((size, axis) => (size !== (wanted[axis - missing] ?? 0) ? [axis] : []));
  if (repeated.length === 0) return gradient;
  const added = reduceSum(graph, gradient, repeated);
  return added.shape.length === wanted.length ? added : reshape(graph, added, wanted);
}

/** y = a + b: dy to both. */
export const addGradient: GradientRule<'Add'> = ({ graph, step: { inputs }, dy, wants }) =>
  inputs.map((input, index) => (wants(index) ? unbroadcast(graph, dy, input) : undefined));

/** y = a − b: dy, −dy. */
export const subGradient: GradientRule<'Sub'> = ({ graph, step: { inputs }, dy, wants }) => [
  wants(0) ? unbroadcast(graph, dy, inputs[0]!) : undefined,
  wants(1) ? unbroadcast(graph, scale(graph, dy, -1), inputs[1]!) : undefined,
];

/** y = a · b: dy · b, dy · a. */
export const mulGradient: GradientRule<'Mul'> = ({ graph, step: { inputs }, dy, wants }) => {
  const [a, b] = [inputs[0]!, inputs[1]!];
  return [
    wants(0) ? unbroadcast(graph, graph.apply('Mul', [dy, b]), a) : undefined,
    wants(1) ? unbroadcast(graph, graph.apply('Mul', [dy, a]), b) : undefined,
  ];
};

/** y = a / b: dy / b, −y · dy / b. */
export const divGradient: GradientRule<'Div'> = ({ graph, step: { inputs, outputs }, dy, wants }) => {
  const [a, b] = [inputs[0]!, inputs[1]!];
  const da = graph.apply('Div', [dy, b]);
  return [
    wants(0) ? unbroadcast(graph, da, a) : undefined,
    wants(1) ? unbroadcast(graph, scale(graph, graph.apply('Mul', [da, outputs[0]!]), -1), b) : undefined,
  ];
};

/** y = √x: dy / 2y. */
export const sqrtGradient: GradientRule<'Sqrt'> = ({ graph, step: { outputs }, dy }) => [
  scale(graph, graph.apply('Div', [dy, outputs[0]!]), 0.5),
];

/** y = eˣ: dy · y. */
export const expGradient: GradientRule<'Exp'> = ({ graph, step: { outputs }, dy }) => [
  graph.apply('Mul', [dy, outputs[0]!]),
];

/** y = max(x, 0): dy where y > 0, and 0 elsewhere (also at 0, as in Caffe). */
export const reluGradient: GradientRule<'Relu'> = ({ graph, step: { outputs }, dy }) => [
  select(graph, graph.apply('Greater', [outputs[0]!, graph.scalar(0)]), dy),
];
