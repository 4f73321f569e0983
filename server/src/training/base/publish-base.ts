import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { CommandError } from '../../command-error.ts';
import { sha256 } from '../../files/sha256.ts';
import { buildServingModel, servingGraph } from '../../googlenet/serving-model.ts';
import type { Weights } from '../../googlenet/weights.ts';
import { encodeModel } from '../../onnx/graph-builder.ts';
import { withObserved } from '../../onnx/with-observed.ts';
import type { Manifest } from '../../registry/manifest.ts';
import { replaceModel } from '../../registry/model-registry.ts';
import { openSession } from '../../runtime/session.ts';
import { FEATURE_COUNT } from '../head/feature-model.ts';
import { spareFilters } from '../head/fold-head.ts';
import { commitOfRecord } from '../run/start/commit-of-record.ts';
import { fromRows } from '../step/state-layout.ts';
import { readBaseCheckpoint, readBaseRun } from './base-checkpoint.ts';
import { CropStream, spread } from './crop-stream.ts';
import { planStudent } from './distillation-graph.ts';
import { PictureCache } from './picture-cache.ts';
import { type ColorNetwork, readColorNetwork } from './teacher.ts';

/** What to publish of a run. */
export interface PublishBaseOptions {
  readonly folder: string;
  /** The folder of models to publish to. */
  readonly models: string;
  /** The model's ID. It replaces a model with the same ID. */
  readonly id: string;
  /** The share of the student in the result. The rest is the gray network that it started as. */
  readonly blend: number;
  /** Takes the moving average of the student's parameters instead of the last ones. */
  readonly average: boolean;
  readonly cores: number;
  readonly onProgress: (title: string, done: number, total: number) => void;
}

/** The number of pictures that show which filters to spare, and how many at a time. */
const PICTURES = { all: 1024, batch: 8 } as const;

/** The outputs of a head's filters at single places of a photo may be this many times as large as their largest mean. */
const PEAK = 16;

/** Inception 5b's map. */
const LAST_MAP = 'inception_5b/output';

const DESCRIPTION =
  'a gray GoogLeNet whose features imitate those of a color GoogLeNet on the same photos; a starting point for heads, see docs/model-card.md';

/**
 * Publishes a run's student as a model to learn heads on: a network without classes, which says where heads go.
 *
 * @throws CommandError `run_missing`, `run_invalid`, `home_unusable`, and what reading the color network throws.
 */
export async function publishBase(options: PublishBaseOptions): Promise<Manifest> {
  const { folder, models, id, blend, average, cores, onProgress } = options;
  const { cropSize, init, photos: folders, drawn, steps, seed } = await readBaseRun(folder);
  const { layout } = planStudent({ cropSize, width: 1 });
  const checkpoint = await readBaseCheckpoint(folder, layout);
  if (!checkpoint) throw new CommandError('run_missing', `${folder} doesn’t have a checkpoint yet`);
  const network = await readColorNetwork(init);
  const student = fromRows(layout, average ? checkpoint.average : checkpoint.state.parameters);
  const weights = withoutClasses(blended(student, network.gray, blend));
  const onPicture = (done: number, total: number) => onProgress('pictures', done, total);
  const sources = { folders, drawn, workers: cores, onProgress: onPicture };
  await using cache = await PictureCache.open(join(folder, 'pictures'), sources, true);
  const spare = await measureSpare(weights, network, cache, options);
  const { mean } = network;
  const bytes = buildServingModel({ weights, mean, temperature: 1, storage: 'float16' });
  const flags = `--photos … --drawn ${drawn} --steps ${steps} --seed ${seed} --publish --blend ${blend}${average ? ' --average' : ''}`;
  const about = {
    id,
    classes: 1,
    preprocessing: { resize: 'cover' as const, mean },
    spareFilters: spare,
    temperature: 1,
    metrics: {},
    provenance: {
      description: `${DESCRIPTION} (${checkpoint.step} steps)`,
      command: `npm run train:base -- --init … ${flags}`,
      sourceSha256: sha256(await readFile(init)),
      commit: await commitOfRecord(),
    },
  };
  return replaceModel(models, about, { bytes, storage: 'float16' });
}

/** Finds the two filters that tell pictures apart least, and how large outputs are. */
async function measureSpare(
  weights: Weights,
  { mean, means }: ColorNetwork,
  cache: PictureCache,
  { cores, onProgress }: PublishBaseOptions,
): Promise<NonNullable<Manifest['spareFilters']>> {
  const graph = withObserved(servingGraph({ weights, mean, temperature: 1, storage: 'float32' }), [LAST_MAP]);
  const session = await openSession({ model: encodeModel(graph), device: 'cpu', threads: cores });
  const numbers = spread([...cache.pictures.keys()], PICTURES.all);
  const features = new Float32Array(numbers.length * FEATURE_COUNT);
  let largest = 0;
  try {
    for (let done = 0; done < numbers.length; done += PICTURES.batch) {
      const pictures = numbers.slice(done, done + PICTURES.batch);
      const stream = new CropStream({ cache, pictures, cropSize: CROP_SIZE, seed: 0, levels: { mean, means } });
      const { count, gray } = await stream.served();
      const data = Uint8Array.from(gray, (level) => Math.round(level + mean));
      const outputs = await session.run({ photos: { data, shape: [count, 1, CROP_SIZE, CROP_SIZE] } });
      features.set(outputs.features!.data, done * FEATURE_COUNT);
      largest = outputs[`${LAST_MAP}/observed`]!.data.reduce((most, value) => Math.max(most, value), largest);
      onProgress('features', done + count, numbers.length);
    }
  } finally {
    await session.close();
  }
  const [first, second] = spareFilters(features);
  return { filters: [first, second], largestMean: largest / PEAK };
}

/** Replaces the classifier by one that has a single class, and so says nothing. */
function withoutClasses(weights: Weights): Weights {
  const features = weights.get('loss3/classifier.weight')!.shape[1]!;
  return new Map([
    ...weights,
    ['loss3/classifier.weight', { shape: [1, features], data: new Float32Array(features) }],
    ['loss3/classifier.bias', { shape: [1], data: new Float32Array(1) }],
  ]);
}

/** Mixes two networks: `share` of the student, the rest of the start. What the student lacks is the start's. */
export function blended(student: Weights, start: Weights, share: number): Weights {
  return new Map(
    [...start].map(([name, tensor]) => {
      const learned = student.get(name)?.data;
      const data = learned && tensor.data.map((number, at) => share * learned[at]! + (1 - share) * number);
      return [name, data ? { shape: tensor.shape, data } : tensor] as const;
    }),
  );
}
