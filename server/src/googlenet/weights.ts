import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { CommandError } from '../command-error.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { elementCount, type Shape, sizesOf } from '../onnx/shape-inference.ts';
import { Layers } from './layers.ts';
import { googLeNetClassifier, googLeNetFeatures } from './network.ts';

/** One parameter tensor. Convolution weights are `[out, in, height, width]`. */
export interface WeightTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** All parameters of a GoogLeNet by their Caffe names (`inception_3a/1x1.weight`). */
export type Weights = ReadonlyMap<string, WeightTensor>;

/**
 * Lists the names and shapes of a GoogLeNet's parameters by building the network. One gray channel and two classes make
 * 5,969,330 numbers.
 */
export function parameterShapes(channels = 1, classes = 2): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  const graph = new GraphBuilder('parameters');
  const layers = new Layers(graph, (name, shape) => {
    shapes.set(name, sizesOf(shape));
    return { name, dtype: 'float32', shape };
  });
  const photos = graph.input('photos', 'float32', ['N', channels, CROP_SIZE, CROP_SIZE]);
  googLeNetClassifier(layers, googLeNetFeatures(layers, photos), classes);
  return shapes;
}

/**
 * The largest plausible weight or bias. BVLC GoogLeNet has 15.8, and a folded mean makes it 57 in our own models. A first
 * layer for levels from 0 to 1 would have up to 255 times as much.
 */
export const LARGEST_WEIGHT = 10_000;

/**
 * Checks that tensors have the names and shapes of GoogLeNet, and finite numbers up to {@link LARGEST_WEIGHT}.
 *
 * @throws CommandError `weights_invalid`, naming the first tensor that is missing, wrong or unknown.
 */
export function checkWeights(weights: Weights, channels = 1, classes = 2): void {
  const expected = parameterShapes(channels, classes);
  for (const [name, shape] of expected) {
    const found = weights.get(name);
    if (!found) throw new CommandError('weights_invalid', `the tensor ${name} is missing`);
    if (!sameShape(found.shape, shape)) {
      throw new CommandError('weights_invalid', `the tensor ${name} has shape [${found.shape}], expected [${shape}]`);
    }
    if (found.data.length !== elementCount(shape) || !allWithin(found.data, LARGEST_WEIGHT)) {
      const what = allWithin(found.data) ? `numbers beyond ±${LARGEST_WEIGHT}` : 'values that aren’t finite numbers';
      throw new CommandError('weights_invalid', `the tensor ${name} has ${what}`);
    }
  }
  for (const name of weights.keys()) {
    if (!expected.has(name)) throw new CommandError('weights_invalid', `the tensor ${name} is not part of GoogLeNet`);
  }
}

/**
 * Whether every number is finite and at most `limit` from zero. A plain loop: for six million numbers, `every` takes
 * thirty times as long.
 */
export function allWithin(numbers: Float32Array, limit = Number.MAX_VALUE): boolean {
  for (let index = 0; index < numbers.length; index += 1) if (!(Math.abs(numbers[index]!) <= limit)) return false;
  return true;
}

const sameShape = (a: Shape, b: Shape) => a.length === b.length && a.every((size, axis) => size === b[axis]);
