import { reshape, split } from '../../onnx/operations.ts';
import { sizesOf } from '../../onnx/shape-inference.ts';
import type { GradientRule } from './rule.ts';

/** y = x: dy. */
export const identityGradient: GradientRule<'Identity'> = ({ dy }) => [dy];

/** y holds x's numbers under another shape: dy under x's. */
export const reshapeGradient: GradientRule<'Reshape' | 'Flatten'> = ({ graph, step: { inputs }, dy }) => [
  reshape(graph, dy, inputs[0]!.shape),
];

/** y holds the inputs one after the other: dy cut where they meet. */
export const concatGradient: GradientRule<'Concat'> = ({ graph, step: { inputs, attributes }, dy }) => {
  const axis = attributes.axis as number;
  return split(graph, dy, axis, sizesOf(inputs.map(({ shape }) => shape[axis]!)));
};

/** y is x added up over some axes: dy repeated along them. */
export const reduceSumGradient: GradientRule<'ReduceSum'> = ({ graph, step: { inputs }, dy }) => {
  const { shape } = inputs[0]!;
  const axes = graph.numbersOf(inputs[1]!)!; // shape inference has seen that it is a constant
  const withOnes = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  return [graph.apply('Expand', [reshape(graph, dy, withOnes), graph.ints(sizesOf(shape))])];
};
