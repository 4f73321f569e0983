import { reshape, split } from '../../onnx/operations.ts';
import { sizesOf } from '../../onnx/shape-inference.ts';
import type { GradientRule } from './rule.ts';

/** y = x, so the gradient is dy. */
export const identityGradient: GradientRule<'Identity'> = ({ dy }) => [dy];

/** y has x's numbers in another shape, so the gradient is dy in x's shape. */
export const reshapeGradient: GradientRule<'Reshape' | 'Flatten'> = ({ graph, step: { inputs }, dy }) => [
  reshape(graph, dy, inputs[0]!.shape),
];

/** y concatenates the inputs, so the gradients are dy, split where the inputs meet. */
export const concatGradient: GradientRule<'Concat'> = ({ graph, step: { inputs, attributes }, dy }) => {
  const axis = attributes.axis as number;
  return split(graph, dy, axis, sizesOf(inputs.map(({ shape }) => shape[axis]!)));
};

/** y sums x over some axes, so the gradient is dy, repeated along them. */
export const reduceSumGradient: GradientRule<'ReduceSum'> = ({ graph, step: { inputs }, dy }) => {
  const { shape } = inputs[0]!;
  const axes = graph.numbersOf(inputs[1]!)!; // shape inference has checked that it is a constant
  const withOnes = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return [graph.apply('Expand', [reshape(graph, dy, withOnes), graph.ints(sizesOf(shape))])];
};
