import type { Value } from '../onnx/shape-inference.ts';
import type { Layers } from './layers.ts';

/**
 * The inception modules (Szegedy et al. 2014, "Going deeper with convolutions", table 1). The numbers are filters: of
 * the 1×1 branch, the 3×3 and 5×5 branches with their reductions, and the projection after pooling. `poolAfter` halves
 * the map after the module.
 */
const INCEPTIONS = [
  { name: '3a', one: 64, threeReduce: 96, three: 128, fiveReduce: 16, five: 32, pool: 32 },
  { name: '3b', one: 128, threeReduce: 128, three: 192, fiveReduce: 32, five: 96, pool: 64, poolAfter: 'pool3/3x3_s2' },
  { name: '4a', one: 192, threeReduce: 96, three: 208, fiveReduce: 16, five: 48, pool: 64 },
  { name: '4b', one: 160, threeReduce: 112, three: 224, fiveReduce: 24, five: 64, pool: 64 },
  { name: '4c', one: 128, threeReduce: 128, three: 256, fiveReduce: 24, five: 64, pool: 64 },
  { name: '4d', one: 112, threeReduce: 144, three: 288, fiveReduce: 32, five: 64, pool: 64 },
  {
    name: '4e',
    one: 256,
    threeReduce: 160,
    three: 320,
    fiveReduce: 32,
    five: 128,
    pool: 128,
    poolAfter: 'pool4/3x3_s2',
  },
  { name: '5a', one: 256, threeReduce: 160, three: 320, fiveReduce: 32, five: 128, pool: 128 },
  { name: '5b', one: 384, threeReduce: 192, three: 384, fiveReduce: 48, five: 128, pool: 128 },
] as const;

type Inception = (typeof INCEPTIONS)[number];

export type InceptionName = Inception['name'];

/** Scales the paper's number of filters to a network of this width. A width of 1 is GoogLeNet itself. */
export function filtersAt(width: number, filters: number): number {
  return Math.max(4, Math.round(filters * width));
}

/** Four branches on the same map, concatenated along the channels (figure 2b of the paper). */
function inception(layers: Layers, x: Value, row: Inception, width: number): Value {
  const name = `inception_${row.name}`;
  const filters = (count: number) => filtersAt(width, count);
  const three = layers.convRelu(x, `${name}/3x3_reduce`, filters(row.threeReduce), { kernel: 1 });
  const five = layers.convRelu(x, `${name}/5x5_reduce`, filters(row.fiveReduce), { kernel: 1 });
  const pooled = layers.maxPool(x, `${name}/pool`, { kernel: 3, pad: 1 });
  const branches = [
    layers.convRelu(x, `${name}/1x1`, filters(row.one), { kernel: 1 }),
    layers.convRelu(three, `${name}/3x3`, filters(row.three), { kernel: 3, pad: 1 }),
    layers.convRelu(five, `${name}/5x5`, filters(row.five), { kernel: 5, pad: 2 }),
    layers.convRelu(pooled, `${name}/pool_proj`, filters(row.pool), { kernel: 1 }),
  ];
  return layers.graph.apply('Concat', branches, { axis: 1 }, `${name}/output`);
}

/** What tests and training change about the network. */
export interface FeatureOptions {
  /** Share of the paper's filters, 1 by default. Tests train a narrow network. */
  readonly width?: number;
  /** Called with every inception module's output, before any pooling. The auxiliary classifiers attach there. */
  readonly onModule?: (name: InceptionName, output: Value) => void;
}

/**
 * GoogLeNet up to its last map: photos `[N, C, 224, 224]`, mean subtracted → features `[N, 1024, 7, 7]`. C is 1 for gray
 * photos and 3 for color. Layer names match BVLC GoogLeNet in the Caffe model zoo.
 */
export function googLeNetFeatures(layers: Layers, photos: Value, { width = 1, onModule }: FeatureOptions = {}): Value {
  const filters = (count: number) => filtersAt(width, count);
  let x = layers.convRelu(photos, 'conv1/7x7_s2', filters(64), { kernel: 7, stride: 2, pad: 3 });
  x = layers.maxPool(x, 'pool1/3x3_s2', { kernel: 3, stride: 2 });
  x = layers.localResponseNorm(x, 'pool1/norm1');
  x = layers.convRelu(x, 'conv2/3x3_reduce', filters(64), { kernel: 1 });
  x = layers.convRelu(x, 'conv2/3x3', filters(192), { kernel: 3, pad: 1 });
  x = layers.localResponseNorm(x, 'conv2/norm2');
  x = layers.maxPool(x, 'pool2/3x3_s2', { kernel: 3, stride: 2 });
  for (const row of INCEPTIONS) {
    x = inception(layers, x, row, width);
    onModule?.(row.name, x);
    if ('poolAfter' in row) x = layers.maxPool(x, row.poolAfter, { kernel: 3, stride: 2 });
  }
  return x;
}

/**
 * GoogLeNet's classifier: features `[N, 1024, 7, 7]` → their mean → logits `[N, classes]`. Also returns the mean,
 * `[N, 1024]`, and the classifier's weight, `[classes, 1024]`, from which the evidence map is computed.
 */
export function googLeNetClassifier(
  layers: Layers,
  features: Value,
  classes: number,
): { pooled: Value; logits: Value; weight: Value } {
  const pooled = layers.globalAveragePool(features, 'pool5');
  return { pooled, ...layers.linear(pooled, 'loss3/classifier', classes) };
}
