import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { CommandError } from '../command-error.ts';
import { grayLayer } from '../googlenet/gray-weights.ts';
import { readSafetensors } from '../googlenet/safetensors.ts';
import { checkWeights, type Weights, type WeightTensor } from '../googlenet/weights.ts';
import { TEMPERATURES } from '../registry/manifest.ts';
import { type ParentOf, readForeignGraph } from './recognize/foreign-graph.ts';
import { withoutLeadingOnes } from './recognize/new-shape.ts';
import { recognize } from './recognize/recognize.ts';

const FIRST = 'conv1/7x7_s2';
const CLASSIFIER = 'loss3/classifier';

/** The levels that the Caffe model zoo's GoogLeNet subtracts from blue, green and red. */
export const CAFFE_MEANS: readonly number[] = [104, 117, 123];

/** A GoogLeNet as stored in a file. */
export interface FileNetwork {
  /** By Caffe's names. For safetensors, every tensor of the file, unchecked. For ONNX, only the network's tensors. */
  readonly weights: Weights;
  /** 1 for gray, 3 for color. */
  readonly channels: 1 | 3;
  /** What is subtracted from photos: one level, one per channel, or an image of each channel, row-major. */
  readonly mean: ArrayLike<number> | undefined;
  /** What the file's graph divides the logits by. */
  readonly temperature: number | undefined;
  /** The file's metadata, unchecked. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * Reads a GoogLeNet from the bytes of a file. In float32 safetensors, tensors have Caffe's names, and files from Swipenet
 * add a tensor `mean`. In ONNX, the network is recognized by its graph.
 *
 * @param fileName the file's name for error messages.
 * @param parentOf finds the parent of an int8 model. Int8 models are rejected, and the error recommends the parent.
 * @throws CommandError `weights_invalid`.
 */
export function readNetwork(bytes: Uint8Array, fileName?: string, parentOf?: ParentOf): FileNetwork {
  if (bytes[8] === '{'.charCodeAt(0)) return fromSafetensors(bytes, fileName);
  const graph = readForeignGraph(bytes, fileName, parentOf);
  const { weights, mean, temperature } = recognize(graph);
  return { weights, mean, temperature, channels: channelsOf(weights), metadata: graph.metadata };
}

function fromSafetensors(bytes: Uint8Array, fileName?: string): FileNetwork {
  const { tensors, metadata } = readSafetensors(bytes, fileName);
  const weights = new Map([...tensors].map(([name, tensor]) => [name, withRank(name, tensor)]));
  weights.delete('mean');
  return {
    weights,
    mean: tensors.get('mean')?.data,
    temperature: undefined,
    channels: channelsOf(weights),
    metadata: typeof metadata === 'object' && metadata !== null ? { ...metadata } : {},
  };
}

/** Removes the leading sizes of 1 that Caffe's old format gives biases and the classifier. */
function withRank(name: string, tensor: WeightTensor): WeightTensor {
  const rank = name.endsWith('.bias') ? 1 : name.startsWith(CLASSIFIER) ? 2 : tensor.shape.length;
  return { ...tensor, shape: withoutLeadingOnes(tensor.shape, rank) };
}

/** Returns the average level that is subtracted from each channel. */
export function meansOf({ mean, channels }: Pick<FileNetwork, 'mean' | 'channels'>): readonly number[] | undefined {
  if (!mean) return undefined;
  const levels = Array.from(mean);
  if (levels.length % channels !== 0) return Array(channels).fill(average(levels));
  const size = levels.length / channels;
  return Array.from({ length: channels }, (_, channel) => average(levels.slice(channel * size, (channel + 1) * size)));
}

/** Returns how many classes a file's network has. */
export const classesOf = ({ weights }: Pick<FileNetwork, 'weights'>): number =>
  weights.get(`${CLASSIFIER}.weight`)?.shape[0] ?? 2;

/**
 * Divides the first layer's weights, so that the network takes gray levels instead of levels that were divided.
 *
 * @param divisors one per channel, in the file's order.
 */
export function dividedInput(network: FileNetwork, divisors: readonly number[]): FileNetwork {
  const weight = network.weights.get(`${FIRST}.weight`);
  if (!weight || divisors.every((divisor) => divisor === 1)) return network;
  const [, channels = 1, height = 1, width = 1] = weight.shape;
  const data = weight.data.map((number, index) => {
    return number / divisors[Math.floor(index / (height * width)) % channels]!;
  });
  return { ...network, weights: new Map([...network.weights, [`${FIRST}.weight`, { ...weight, data }]]) };
}

/**
 * Returns a network's tensors without auxiliary classifiers.
 *
 * @throws CommandError `weights_invalid`, naming the first tensor that is missing, wrong or unknown.
 */
export function checkedCore({ weights, channels }: FileNetwork): Weights {
  const core = new Map([...weights].filter(([name]) => !/^loss[12]\//.test(name)));
  checkWeights(core, channels, classesOf({ weights: core }));
  return core;
}

/** A network for gray photos, ready to be built into a model file. */
export interface GrayNetwork {
  /** The network's tensors, checked, without auxiliary classifiers. */
  readonly weights: Weights;
  readonly classes: number;
  /** One level, or the center of the mean image, 224 × 224, row-major. */
  readonly mean: number | Float32Array;
}

/**
 * Converts a file's network to gray photos. The first layer of a color network is converted to a single channel (see
 * {@link grayLayer}), with about the average of the channels' means as its mean. If these are images, the average image
 * is subtracted, and the layer absorbs how much the channels differ from it on average.
 *
 * @throws CommandError `weights_invalid`, naming the first tensor that is missing, wrong or unknown.
 */
export function grayNetwork(network: FileNetwork): GrayNetwork {
  const { channels } = network;
  const core = checkedCore(network);
  const classes = classesOf({ weights: core });
  const levels = meansOf(network);
  if (!network.mean || !levels) throw new CommandError('weights_invalid', 'the file has no mean');
  checkLevels(network.mean);
  const image = meanImage(network.mean, channels);
  if (channels === 1) return { weights: core, classes, mean: image ?? levels[0]! };
  const level = image ? average(levels) : Math.round(average(levels)); // any level works
  return { weights: new Map([...core, ...grayLayer(core, FIRST, levels, level)]), classes, mean: image ?? level };
}

/** Checks that what a network subtracts from photos are gray levels. Throws CommandError `weights_invalid`. */
function checkLevels(levels: ArrayLike<number>): void {
  const odd = Array.prototype.find.call(levels, (level: number) => !(level >= 0 && level <= 255));
  if (odd === undefined) return;
  throw new CommandError('weights_invalid', `the mean has the level ${odd}, expected levels from 0 to 255`);
}

/** Checks that a temperature is one that a fit could end at. Throws CommandError `weights_invalid`. */
export function checkTemperature(temperature: number): void {
  const { least, most } = TEMPERATURES;
  if (temperature >= least && temperature <= most) return;
  throw new CommandError('weights_invalid', `the temperature is ${temperature}, expected 0.01 to 100`);
}

/** Returns the average of the channels' mean images, or undefined if the mean is one level or one per channel. */
function meanImage(mean: ArrayLike<number>, channels: number): Float32Array | undefined {
  if (mean.length === 1 || mean.length === channels) return undefined;
  const size = CROP_SIZE ** 2;
  if (mean.length !== channels * size) {
    throw new CommandError('weights_invalid', `the mean image has ${mean.length} numbers, expected ${channels * size}`);
  }
  return Float32Array.from({ length: size }, (_, pixel) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) sum += mean[channel * size + pixel]!;
    return sum / channels;
  });
}

/**
 * Swaps the network's two classes.
 *
 * @throws CommandError `weights_invalid` if it doesn't have two.
 */
export function swapClasses(network: FileNetwork): FileNetwork {
  const swapped = [`${CLASSIFIER}.weight`, `${CLASSIFIER}.bias`].map((name): [string, WeightTensor] => {
    const { shape, data } = network.weights.get(name) ?? { shape: [0], data: new Float32Array() };
    if (shape[0] !== 2) {
      const message = `the tensor ${name} has shape [${shape}], but only two classes can be swapped`;
      throw new CommandError('weights_invalid', message);
    }
    const half = data.length / 2;
    return [name, { shape, data: Float32Array.from([...data.subarray(half), ...data.subarray(0, half)]) }];
  });
  return { ...network, weights: new Map([...network.weights, ...swapped]) };
}

/** 3 for a color network, 1 for any other. */
export const channelsOf = (weights: Weights): 1 | 3 => (weights.get(`${FIRST}.weight`)?.shape[1] === 3 ? 3 : 1);

const average = (numbers: ArrayLike<number>) =>
  Array.from(numbers).reduce((sum, number) => sum + number, 0) / numbers.length;
