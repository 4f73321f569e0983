import { parameterShapes, type Weights } from '@swipenet/server/googlenet/weights.ts';
import { seededRandom, uniform } from './random.ts';

/**
 * Random weights for a GoogLeNet whose activations neither vanish nor explode: every layer preserves the variance of
 * its input. The first layer takes gray levels.
 */
export function randomWeights(seed: number): Weights {
  const random = seededRandom(seed);
  const tensors = [...parameterShapes()].map(([name, shape]) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const fanIn = count / (shape[0] ?? 1);
    const gain = name.startsWith('conv1') ? 6 / 64 ** 2 : 6;
    const bound = name.endsWith('.weight') ? Math.sqrt(gain / fanIn) : 0.1;
    return [name, { shape, data: uniform(random, count, bound) }] as const;
  });
  return new Map(tensors);
}
