import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { decodePhoto } from '../../image/decode.ts';
import type { Manifest } from '../../registry/manifest.ts';
import { publishModel } from '../../registry/model-registry.ts';
import { type Dataset, openDataset } from '../dataset/dataset.ts';
import { DATASET_FILES, PHOTO_BYTES } from '../dataset/dataset-format.ts';
import { type JudgedPhoto, photoMetrics } from '../evaluation/metrics.ts';
import { scoreLevels } from '../evaluation/score-levels.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import { exportModel, levelOfMean } from '../run/export-model.ts';
import type { RunConfiguration } from '../run/run-folder.ts';
import { engineOptions } from '../run/run-training.ts';
import { planTraining } from '../step/training-graph.ts';
import { VARIANTS_FILE, type VariantLine } from './build-quality-set.ts';
import { type GeneratedPhoto, generatedSet } from './generated-set.ts';
import { type JudgedVariant, manifestFigures, type QualityFigures, qualityFigures } from './quality-figures.ts';

/** What a finished run becomes the embedded model with. */
export interface DefaultModelOptions {
  readonly set: string;
  readonly configuration: RunConfiguration;
  readonly checkpoint: Checkpoint;
  /** Fitted on the validation part, which chose the checkpoint too. */
  readonly temperature: number;
  readonly threads: number;
  readonly provenance: Manifest['provenance'];
  readonly onProgress: (done: number, total: number) => void;
}

/** A model that is ready to be published, and its figures. */
export interface DefaultModel {
  readonly bytes: Uint8Array;
  readonly about: Parameters<typeof publishModel>[1];
  readonly figures: QualityFigures;
}

/**
 * Exports a run's parameters as float16 and judges that very file: on the set's test part, none of which chose the
 * checkpoint or the temperature, and on the generated set that the tests repeat.
 */
export async function makeDefaultModel(options: DefaultModelOptions): Promise<DefaultModel> {
  const { set, configuration, checkpoint, temperature, threads, provenance, onProgress } = options;
  const dataset = await openDataset(set);
  try {
    const { layout } = planTraining(engineOptions(configuration).graph);
    const { parameters } = checkpoint;
    const { mean } = dataset;
    const meanKind = configuration.mean;
    const bytes = exportModel({ layout, parameters, mean, meanKind, temperature, storage: 'float16' });
    const figures = await judgeTestPart(dataset, set, bytes, threads, onProgress);
    const about = {
      id: configuration.name,
      preprocessing: { resize: 'cover' as const, mean: meanKind === 'image' ? ('image' as const) : levelOfMean(mean) },
      threshold: DEFAULT_THRESHOLD,
      temperature,
      metrics: { ...manifestFigures(figures), ...(await generatedFigures(bytes, threads)) },
      provenance: { ...provenance, dataIndexSha256: dataset.head.sha256[DATASET_FILES.photos]! },
    };
    return { bytes, about, figures };
  } finally {
    await dataset.close();
  }
}

async function judgeTestPart(
  dataset: Dataset,
  set: string,
  model: Uint8Array,
  threads: number,
  onProgress: (done: number, total: number) => void,
): Promise<QualityFigures> {
  const lines = (await readFile(join(set, VARIANTS_FILE), 'utf8')).trimEnd().split('\n');
  const numbers = dataset.numbersOf('test');
  async function* levels() {
    for (const number of numbers) {
      const photo = new Uint8Array(PHOTO_BYTES);
      await dataset.readPhoto(number, photo);
      yield photo;
    }
  }
  const judged: JudgedVariant[] = [];
  for await (const like of scoreLevels(model, levels(), threads)) {
    const number = numbers[judged.length]!;
    const { group, faults }: VariantLine = JSON.parse(lines[number]!);
    judged.push({ label: dataset.photos[number]!.label, like, group, faults });
    onProgress(judged.length, numbers.length);
  }
  return qualityFigures(judged, DEFAULT_THRESHOLD);
}

/** What a model makes of the generated set, for its manifest. */
async function generatedFigures(model: Uint8Array, threads: number): Promise<Record<string, number>> {
  const photos: GeneratedPhoto[] = [];
  for await (const photo of generatedSet()) photos.push(photo);
  async function* levels() {
    for (const { bytes } of photos) yield await decodePhoto(bytes, 'cover');
  }
  const judged: JudgedPhoto[] = [];
  for await (const like of scoreLevels(model, levels(), threads)) {
    judged.push({ label: photos[judged.length]!.label, like });
  }
  const { count, accuracy, auc } = photoMetrics(judged, DEFAULT_THRESHOLD);
  if (auc === null) throw new Error('the generated set lacks a label');
  return { generatedPhotos: count, generatedAccuracy: accuracy, generatedAuc: auc };
}

/**
 * Puts a model in the place of the one with its id, if there is one: what was there stays until the new one is whole.
 *
 * @throws CommandError `home_unusable` where the folder cannot be written.
 */
export async function replaceModel(folder: string, { about, bytes }: DefaultModel): Promise<Manifest> {
  const fresh = join(folder, '.fresh');
  await rm(fresh, { recursive: true, force: true });
  const manifest = await publishModel(fresh, about, { bytes, storage: 'float16' });
  const place = join(folder, about.id);
  await rm(place, { recursive: true, force: true });
  await rename(join(fresh, about.id), place);
  await rm(fresh, { recursive: true, force: true });
  return manifest;
}
