import type { LayerName } from '@swipenet/shared/contract/studio/layers.ts';
import type { InnerValue } from '../../onnx/observe-values.ts';

const inception = (name: string): InnerValue => ({ name: `inception_${name}/output`, rank: 4 });

/**
 * Where a layer's activations are in a GoogLeNet: `[N, C, H, W]`, or `[N, C]` after the last map. Those of a convolution
 * come after its ReLU.
 */
export const LAYER_VALUES: Readonly<Record<LayerName, InnerValue>> = {
  conv1: { name: 'conv1/7x7_s2/relu', rank: 4 },
  conv2: { name: 'conv2/3x3/relu', rank: 4 },
  inception_3a: inception('3a'),
  inception_3b: inception('3b'),
  inception_4a: inception('4a'),
  inception_4b: inception('4b'),
  inception_4c: inception('4c'),
  inception_4d: inception('4d'),
  inception_4e: inception('4e'),
  inception_5a: inception('5a'),
  inception_5b: inception('5b'),
  pool5: { name: 'pool5/flat', rank: 2 },
  classifier: { name: 'loss3/classifier', rank: 2 },
};
