import { scale as times } from '../../onnx/operations.ts';
import type { GradientRule } from './rule.ts';

/**
 * Local response normalization, y = x / s^beta with s = k + Σ_window (alpha/n) x² (see Layers.localResponseNorm):
 *
 *     dx = dy / s^beta − 2 · beta · x · Σ_window (alpha/n) (dy · y / s)
 *
 * The window is symmetric, so summing over it is the same banded 1×1 convolution as in the forward pass. The formula is
 * from `CrossChannelBackward` in Caffe's `lrn_layer.cpp`.
 */
export const localResponseNormGradient: GradientRule<'LocalResponseNorm'> = ({ graph, step, dy }) => {
  const { inputs, outputs, beta } = step;
  const { band, scale, power } = step.saved;
  const window = { kernel_shape: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0] };
  const direct = graph.apply('Div', [dy, power]);
  const ratio = graph.apply('Div', [graph.apply('Mul', [dy, outputs[0]]), scale]);
  const neighbors = graph.apply('Conv', [ratio, band], window);
  const indirect = graph.apply('Mul', [inputs[0], times(graph, neighbors, 2 * beta)]);
  return [graph.apply('Sub', [direct, indirect])];
};
