import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { CommandError } from '../command-error.ts';
import { grayLayer, type Means } from '../googlenet/gray-weights.ts';
import { readSafetensors } from '../googlenet/safetensors.ts';
import { checkWeights, type Weights, type WeightTensor } from '../googlenet/weights.ts';
import { recognise } from './recognize.ts';
import { type ParentOf, readForeignGraph } from './recognize-graph.ts';

const FIRST = 'conv1/7x7_s2';
const CLASSIFIER = 'loss3/classifier';

/** What the Caffe model zoo's GoogLeNet subtracts from blue, green and red. */
export const CAFFE_MEANS: readonly number[] = [104, 117, 123];

/** A GoogLeNet as a file has it. */
export interface FileNetwork {
  /** By Caffe's names. Of a safetensors file everything in it, unchecked; of an ONNX file the network alone. */
  readonly weights: Weights;
  /** 1 for gray, 3 for colour. */
  readonly channels: 1 | 3;
  /** What the file says is subtracted from photos: one number, one a channel, or an image; in rows. */
  readonly mean: Float32Array | undefined;
  /** What the file's own graph divides its logits by. */
  readonly temperature: number | undefined;
  /** What the file says of itself beside its tensors, unchecked. */
  readonly notes: Readonly<Record<string, unknown>>;
}

/**
 * Reads a GoogLeNet out of the bytes of a file: safetensors in float32 with Caffe's names (and, where Swipenet wrote
 * it, a tensor `mean`), or ONNX, recognised by its graph.
 *
 * @param fileName what the file is called where its bytes are neither.
 * @param parentOf asked of an int8 model, which is refused: what to take instead.
 * @throws CommandError `weights_invalid`.
 */
export function readNetwork(bytes: Uint8Array, fileName?: string, parentOf?: ParentOf): FileNetwork {
  if (bytes[8] === '{'.charCodeAt(0)) return ofSafetensors(bytes, fileName);
  const graph = readForeignGraph(bytes, fileName, parentOf);
  const { weights, mean, temperature } = recognise(graph);
  return { weights, mean, temperature, channels: channelsOf(weights), notes: graph.notes };
}

function ofSafetensors(bytes: Uint8Array, fileName?: string): FileNetwork {
  const { tensors, notes } = readSafetensors(bytes, fileName);
  const weights = new Map(tensors);
  weights.delete('mean');
  return {
    weights,
    mean: tensors.get('mean')?.data,
    temperature: undefined,
    channels: channelsOf(weights),
    notes: typeof notes === 'object' && notes !== null ? { ...notes } : {},
  };
}

/** What is subtracted from each channel on the mean. */
export function meansOf({ mean, channels }: Pick<FileNetwork, 'mean' | 'channels'>): readonly number[] | undefined {
  if (!mean) return undefined;
  if (mean.length % channels !== 0) return Array(channels).fill(average(mean));
  const size = mean.length / channels;
  return Array.from({ length: channels }, (_, channel) => average(mean.subarray(channel * size, (channel + 1) * size)));
}

/** A network for gray photos: what can be built into a model file. */
export interface GrayNetwork {
  /** The network's own tensors, checked, without auxiliary heads. */
  readonly weights: Weights;
  readonly classes: number;
  /** One level, or the mean image's centre, 224 × 224 in rows. */
  readonly mean: number | Float32Array;
}

/**
 * Makes a file's network one for gray photos. One for colour sees the same gray level in all its channels from then on;
 * its first layer becomes one for one channel (see {@link grayLayer}), with about the channels' average as the mean.
 *
 * @param means where the file does not say what is subtracted: one level, or one a channel in the file's order.
 * @throws CommandError `weights_invalid`, naming the first tensor that does not fit.
 */
export function grayNetwork(network: FileNetwork, means: Means): GrayNetwork {
  const { channels } = network;
  const core = new Map([...network.weights].filter(([name]) => !/^loss[12]\//.test(name)));
  const classes = core.get(`${CLASSIFIER}.weight`)?.shape[0] ?? 2;
  checkWeights(core, channels, classes);
  const levels = meansOf(network) ?? means;
  if (levels === undefined) throw new CommandError('weights_invalid', 'the file does not say what is subtracted');
  const level = average([levels].flat());
  if (channels === 1) return { weights: core, classes, mean: grayMean(network.mean) ?? level };
  const mean = Math.round(level); // any level would do
  return { weights: new Map([...core, ...grayLayer(core, FIRST, levels, mean)]), classes, mean };
}

function grayMean(mean: Float32Array | undefined): number | Float32Array | undefined {
  if (mean?.length === 1) return mean[0];
  if (mean && mean.length !== CROP_SIZE ** 2) {
    throw new CommandError('weights_invalid', `the mean image has ${mean.length} numbers, expected ${CROP_SIZE ** 2}`);
  }
  return mean;
}

/**
 * The same network, its two classes in the other order. Throws CommandError `weights_invalid` where they are not two.
 */
export function swapClasses(network: FileNetwork): FileNetwork {
  const swapped = [`${CLASSIFIER}.weight`, `${CLASSIFIER}.bias`].map((name): [string, WeightTensor] => {
    const { shape, data } = network.weights.get(name) ?? { shape: [0], data: new Float32Array() };
    if (shape[0] !== 2) {
      throw new CommandError('weights_invalid', `the tensor ${name} is [${shape}]: there are no two classes to swap`);
    }
    const half = data.length / 2;
    return [name, { shape, data: Float32Array.from([...data.subarray(half), ...data.subarray(0, half)]) }];
  });
  return { ...network, weights: new Map([...network.weights, ...swapped]) };
}

const channelsOf = (weights: Weights) => (weights.get(`${FIRST}.weight`)?.shape[1] === 3 ? 3 : 1);

const average = (numbers: ArrayLike<number>) =>
  Array.from(numbers).reduce((sum, number) => sum + number, 0) / numbers.length;
