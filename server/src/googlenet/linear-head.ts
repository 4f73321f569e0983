import { LABELS, signInMargin } from '@swipenet/shared/confidence.ts';
import { CommandError } from '../command-error.ts';
import { decodeModelProto, type TensorProto } from '../onnx/proto.ts';
import { halfNameOf, tensorNumbers } from '../onnx/tensor-numbers.ts';

/** The number of features from each module, in the order of the feature vector: the last module, and the one before. */
export const FEATURE_COUNTS = { module5b: 1024, module5a: 832 } as const;

/** The length of a photo's feature vector. */
export const FEATURE_COUNT = FEATURE_COUNTS.module5b + FEATURE_COUNTS.module5a;

/** The 1×1 branch, the first of inception 5b's four. Its filters have the same numbers as the module's channels. */
export const HEAD_BRANCH = 'inception_5b/1x1';

/** A head as its model file has it. Its logit of LIKE is `weights · features + bias`. */
export interface ReadHead {
  /** `[1856]`, divided by the temperature. 0 for the two features of the spare filters. */
  readonly weights: Float64Array;
  readonly bias: number;
  /** The two filters that the head's weights on 5a went into. Their features are not those of the network below. */
  readonly spare: readonly [number, number];
}

/**
 * Reads a head back from a model that `foldHead` made, with the numbers that the file has, which may be rounded.
 *
 * One spare filter has the weights v on 5a, the other has −v, and the classifier subtracts one's mean from the other's.
 * Since v · x = relu(v · x) − relu(−v · x), that is v times the means of 5a. So the head needs no more of a photo than
 * the features of the network below it.
 *
 * @param bytes the model's `model.onnx`, in fp32 or with weights stored as float16.
 * @throws CommandError `weights_invalid` if no head was folded into the model.
 */
export function readHead(bytes: Uint8Array): ReadHead {
  const { module5b, module5a } = FEATURE_COUNTS;
  const tensors = new Map(decodeModelProto(bytes).graph.initializer.map((tensor) => [tensor.name, tensor]));
  const read = (name: string, count: number) =>
    numbersOf(tensors.get(name) ?? tensors.get(halfNameOf(name)), name, count);
  const biases = read(`${HEAD_BRANCH}.bias`, BRANCH_FILTERS);
  const filters = read(`${HEAD_BRANCH}.weight`, BRANCH_FILTERS * module5a);
  const temperature = read('temperature', 1)[0]!;
  const margin = (numbers: ArrayLike<number>, at: number, size: number) =>
    LABELS.reduce((sum, label, row) => sum + signInMargin(label) * numbers[row * size + at]!, 0) / temperature;
  const classifier = read('loss3/classifier.weight', LABELS.length * module5b);
  const onLast = Float64Array.from({ length: module5b }, (_, at) => margin(classifier, at, module5b));
  const rowOf = (filter: number) => filters.subarray(filter * module5a, (filter + 1) * module5a);
  const spare = mirrored(
    Array.from(biases.keys()).filter((filter) => biases[filter] === 0),
    (one, other) => {
      const row = rowOf(other);
      return onLast[one] === -onLast[other]! && rowOf(one).every((weight, at) => weight === -row[at]!);
    },
  );
  if (!spare) throw new CommandError('weights_invalid', 'no head was folded into this model');
  const [first] = spare;
  const weights = new Float64Array(FEATURE_COUNT);
  weights.set(onLast);
  for (const filter of spare) weights[filter] = 0;
  for (const [at, weight] of rowOf(first).entries()) weights[module5b + at] = onLast[first]! * weight;
  const bias = margin(read('loss3/classifier.bias', LABELS.length), 0, 1);
  return { weights, bias, spare };
}

/** Returns the confidence in LIKE that a head gives a photo, from 0 to 1. */
export function likeOf({ weights, bias }: Pick<ReadHead, 'weights' | 'bias'>, features: ArrayLike<number>): number {
  let logit = bias;
  for (let at = 0; at < FEATURE_COUNT; at += 1) logit += weights[at]! * features[at]!;
  return 1 / (1 + Math.exp(-logit));
}

/** The number of filters in {@link HEAD_BRANCH}. */
export const BRANCH_FILTERS = 384;

/** Returns the first two that mirror each other. */
function mirrored(
  filters: readonly number[],
  areMirrored: (one: number, other: number) => boolean,
): [number, number] | undefined {
  for (const [at, one] of filters.entries()) {
    const other = filters.slice(at + 1).find((candidate) => areMirrored(one, candidate));
    if (other !== undefined) return [one, other];
  }
  return undefined;
}

function numbersOf(tensor: TensorProto | undefined, name: string, count: number): Float32Array {
  const numbers = tensor && tensorNumbers(tensor);
  if (numbers?.length === count) return numbers;
  throw new CommandError('weights_invalid', `the tensor ${name} of ${count} numbers is missing`);
}
