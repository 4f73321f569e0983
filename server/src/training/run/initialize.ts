import { seededRandom, seedOf } from '@swipenet/shared/random.ts';
import { CommandError } from '../../command-error.ts';
import { grayLayer, type Means } from '../../googlenet/gray-weights.ts';
import { allFinite, type Weights, type WeightTensor } from '../../googlenet/weights.ts';
import { elementCount } from '../../onnx/shape-inference.ts';

/** What every bias but the classifiers' begins with (Caffe's GoogLeNet, `bias_filler`). */
const FIRST_BIAS = 0.2;

type Shapes = ReadonlyMap<string, readonly number[]>;

/**
 * Parameters of a network that has learned nothing, as Caffe's GoogLeNet begins: weights by Xavier's rule in Caffe's
 * definition (`filler.hpp`: even from −a to a with a = √(3 / fan-in)), biases 0.2, the classifiers' biases 0. A tensor's
 * numbers depend on the seed and its place in the network alone.
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

/** Parameters to begin from, and what was subtracted from the photos that they learned from. */
export interface Pretrained {
  readonly weights: Weights;
  /** Level subtracted from each input channel, or from every one; `undefined` where that is unknown. */
  readonly means: Means;
}

/** Parameters a run begins with, and which of them learn from nothing. */
export interface InitialParameters {
  readonly parameters: Weights;
  readonly fresh: readonly string[];
}

/**
 * Parameters of one network made into those of another: the first convolution sees one gray channel instead of three
 * colours, and photos from which another mean is subtracted (see {@link grayLayer}); a classifier for other classes and the auxiliary heads begin
 * anew. Everything else must fit.
 *
 * @param shapes the wanted network's parameters.
 * @param meanLevel m, what is subtracted now.
 * @throws CommandError `weights_invalid`, naming what is missing or does not fit.
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
        if (!allFinite(found.data)) {
          throw new CommandError('weights_invalid', `the tensor ${name} holds something that is not a finite number`);
        }
        return [name, { shape, data: found.data }] as const;
      }
      const classifier = name.startsWith('loss3/classifier');
      if (found && !classifier && !name.startsWith('loss')) {
        throw new CommandError('weights_invalid', `the tensor ${name} is [${found.shape}], expected [${shape}]`);
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
