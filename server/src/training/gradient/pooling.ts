import { reshape, scale } from '../../onnx/operations.ts';
import { elementCount, type Shape, sizesOf } from '../../onnx/shape-inference.ts';
import type { GradientRule } from './rule.ts';

/**
 * Max pooling: dy goes to where each maximum came from. `MaxPool` tells where (its second output, indices into the
 * flattened input), and a scatter adds up what overlapping windows send to the same place. Comparing x with y instead
 * would count a maximum twice that stands twice in its window.
 */
export const maxPoolGradient: GradientRule<'MaxPool'> = ({ graph, step, dy }) => {
  const { shape } = step.inputs[0]!;
  const indices = reshape(graph, graph.secondOutput(step), [elementCount(dy.shape)]);
  const zeros = graph.apply('ConstantOfShape', [graph.ints([elementCount(shape)])]);
  const updates = reshape(graph, dy, [elementCount(dy.shape)]);
  const flat = graph.apply('ScatterElements', [zeros, indices, updates], { axis: 0, reduction: 'add' });
  return [reshape(graph, flat, shape)];
};

/**
 * Average pooling without pads: dy / window size, spread over each window. That is a transposed convolution of every
 * channel by itself, `[N·C, 1, h, w]` → `[N·C, 1, H, W]`, with a constant kernel.
 */
export const averagePoolGradient: GradientRule<'AveragePool'> = ({ graph, step, dy }) => {
  const { shape } = step.inputs[0]!;
  const { kernel_shape, strides, pads } = step.attributes as Record<string, readonly number[]>;
  const [height, width] = [kernel_shape![0]!, kernel_shape![1]!];
  const share = new Float32Array(height * width).fill(1 / (height * width));
  const kernel = graph.constant(`${step.name}/share`, 'float32', [1, 1, height, width], share);
  const channelByChannel = ([n, c, ...sizes]: Shape) => [Number(n) * Number(c), 1, ...sizes];
  const left = sizesOf(shape.slice(2)).map((size, axis) => (size - kernel_shape![axis]!) % strides![axis]!);
  const window = { kernel_shape: kernel_shape!, strides: strides!, pads: pads!, output_padding: left };
  const spread = graph.apply('ConvTranspose', [reshape(graph, dy, channelByChannel(dy.shape)), kernel], window);
  return [reshape(graph, spread, shape)];
};

/** The mean over a whole map: dy / (H·W) everywhere. */
export const globalAveragePoolGradient: GradientRule<'GlobalAveragePool'> = ({ graph, step, dy }) => {
  const { shape } = step.inputs[0]!;
  const share = scale(graph, dy, 1 / elementCount(shape.slice(2)));
  return [graph.apply('Expand', [share, graph.ints(sizesOf(shape))])];
};
