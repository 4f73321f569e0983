import { seededRandom, seedOf } from '@swipenet/shared/random.ts';
import { CommandError } from '../../../command-error.ts';
import { grayLayer, type Means } from '../../../googlenet/gray-weights.ts';
import { allWithin, type Weights, type WeightTensor } from '../../../googlenet/weights.ts';
import { elementCount } from '../../../onnx/shape-inference.ts';
import type { Manifest } from '../../../registry/manifest.ts';

/** The initial value of all biases except the classifiers' (Caffe's GoogLeNet, `bias_filler`). */
const FIRST_BIAS = 0.2;

type Shapes = ReadonlyMap<string, readonly number[]>;

/**
 * Initializes a network's parameters as Caffe's GoogLeNet does. Weights follow Caffe's Xavier filler (`filler.hpp`):
 * uniform between −a and a with a = √(3 / fan-in). Biases are 0.2, and the classifiers' biases are 0. A tensor's values
 * depend only on the random seed and the tensor's position in the network.
 */
export function initialParameters(shapes: Shapes, seed: number): Map<string, WeightTensor> {
  return new Map(
    [...shapes].map(([name, shape], index) => {
      const random = seededRandom(seedOf(seed, index));
      const bound = Math.sqrt(3 / (elementCount(shape) / shape[0]!));
      const bias = name.includes('classifier') ? 0 : FIRST_BIAS;
      const next = name.endsWith('.bias') ? () => bias : () => (2 * random() - 1) * bound;
      return [name, { shape, data: Float32Array.from({ length: elementCount(shape) }, next) }] as const;
    }),
  );
}

/** Parameters to start from, and the mean that was subtracted from the photos that trained them. */
export interface Pretrained {
  readonly weights: Weights;
  /** The level subtracted from each input channel, or from all of them; `undefined` if it is unknown. */
  readonly means: Means;
  /** The model that they come from, if it is an installed one that says where heads go. */
  readonly forHeads?: ModelForHeads | undefined;
}

/** A model to learn heads on: its identity, and where a head goes. */
export interface ModelForHeads {
  readonly id: string;
  /** SHA-256 of its `model.onnx`, in hex. */
  readonly sha256: string;
  readonly spareFilters: NonNullable<Manifest['spareFilters']>;
}

/** A run's initial parameters, and the names of those that were initialized at random. */
export interface InitialParameters {
  readonly parameters: Weights;
  readonly fresh: readonly string[];
}

/**
 * Adapts the parameters of a pretrained network to another network. The first convolution is converted from three color
 * channels to one gray channel, and to photos from which another mean is subtracted (see {@link grayLayer}). A
 * classifier for other classes and missing auxiliary classifiers are initialized at random. Everything else must fit.
 *
 * @param shapes the parameters of the new network.
 * @param meanLevel the gray level that the new network's photos have subtracted.
 * @throws CommandError `weights_invalid`, naming the tensor that is missing or doesn't fit.
 */
export function adaptParameters(
  pretrained: Pretrained,
  shapes: Shapes,
  meanLevel: number,
  seed: number,
): InitialParameters {
  const from = new Map(pretrained.weights);
  const [first] = shapes.keys();
  const firstLayer = first!.replace(/\.weight$/, '');
  const gray = grayLayer(from, firstLayer, pretrained.means, meanLevel);
  for (const [name, tensor] of gray) from.set(name, tensor);

  const initial = initialParameters(shapes, seed);
  const fresh: string[] = [];
  const parameters = new Map(
    [...shapes].map(([name, shape]) => {
      const found = from.get(name);
      if (found && found.shape.join() === shape.join()) {
        if (!allWithin(found.data)) {
          throw new CommandError('weights_invalid', `the tensor ${name} has values that aren’t finite numbers`);
        }
        return [name, { shape, data: found.data }] as const;
      }
      const classifier = name.startsWith('loss3/classifier');
      if (found && !classifier && !name.startsWith('loss')) {
        throw new CommandError('weights_invalid', `the tensor ${name} has shape [${found.shape}], expected [${shape}]`);
      }
      if (!found && !name.startsWith('loss')) {
        throw new CommandError('weights_invalid', `the tensor ${name} is missing`);
      }
      fresh.push(name);
      return [name, initial.get(name)!] as const;
    }),
  );
  return { parameters, fresh };
}
