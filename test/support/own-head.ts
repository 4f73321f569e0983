import { join } from 'node:path';
import { buildServingModel } from '@swipenet/server/googlenet/serving-model.ts';
import { publishModel } from '@swipenet/server/registry/model-registry.ts';
import { FEATURE_COUNT } from '@swipenet/server/training/head/feature-model.ts';
import { foldHead } from '@swipenet/server/training/head/fold-head.ts';
import { featureNetwork } from '@swipenet/server/training/head/train-head.ts';
import { readPretrained } from '@swipenet/server/training/run/start/pretrained.ts';
import { seededRandom, uniform } from './random.ts';

/** Adds a version to homes as learning makes it: a head on `base`, here of random numbers, in an ordinary model. */
export async function addOwnHead(homes: readonly string[], id: string, seed: number): Promise<void> {
  const pretrained = (await readPretrained('base'))!;
  const { spareFilters, ...headOf } = pretrained.forHeads!;
  const head = { weights: Float64Array.from(uniform(seededRandom(seed), FEATURE_COUNT, 0.05)), bias: 0.1 };
  for (const filter of spareFilters.filters) head.weights[filter] = 0;
  const { weights, mean } = featureNetwork(pretrained, 0);
  const folded = foldHead(weights, head, spareFilters.filters, 0.25);
  const bytes = buildServingModel({ weights: folded, mean, temperature: 1, storage: 'float16' });
  const about = {
    ...{ id, preprocessing: { resize: 'cover' as const, mean }, threshold: 0.4, headOf, temperature: 1, metrics: {} },
    provenance: { description: 'a head of random numbers', command: 'a test' },
  };
  for (const home of homes) await publishModel(join(home, 'models'), about, { bytes, storage: 'float16' });
}
