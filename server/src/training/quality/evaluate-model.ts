import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { decodePhoto } from '../../image/decoding/decode.ts';
import { grayLevels } from '../../image/photo-bytes.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { type EvaluatedPhoto, photoMetrics } from '../evaluation/metrics.ts';
import { scoreLevels } from '../evaluation/score-levels.ts';
import { VARIANTS_FILE, type VariantLine } from './build-quality-set.ts';
import { type GeneratedPhoto, generatedSet } from './generated-set.ts';
import { type EvaluatedVariant, type QualityFigures, qualityFigures } from './quality-figures.ts';

/** Evaluates a model on a quality set's test set, which influenced neither its checkpoint nor its temperature. */
export async function evaluateOnTestSet(
  dataset: Dataset,
  model: Uint8Array,
  threads: number,
  onProgress: (done: number, total: number) => void,
): Promise<QualityFigures> {
  const lines = (await readFile(join(dataset.folder, VARIANTS_FILE), 'utf8')).trimEnd().split('\n');
  const numbers = dataset.numbersOf('test');
  async function* levels() {
    for (const number of numbers) {
      const photo = grayLevels();
      await dataset.readPhoto(number, photo);
      yield photo;
    }
  }
  const scored: EvaluatedVariant[] = [];
  for await (const like of scoreLevels(model, levels(), threads)) {
    const number = numbers[scored.length]!;
    const { group, faults }: VariantLine = JSON.parse(lines[number]!);
    scored.push({ label: dataset.photos[number]!.label, like, group, faults });
    onProgress(scored.length, numbers.length);
  }
  return qualityFigures(scored, DEFAULT_THRESHOLD);
}

/** Evaluates a model on the generated set, for its manifest. The tests repeat this. */
export async function generatedFigures(model: Uint8Array, threads: number): Promise<Record<string, number>> {
  const photos: GeneratedPhoto[] = [];
  for await (const photo of generatedSet()) photos.push(photo);
  async function* levels() {
    for (const { bytes } of photos) yield await decodePhoto(bytes, 'cover');
  }
  const scored: EvaluatedPhoto[] = [];
  for await (const like of scoreLevels(model, levels(), threads)) {
    scored.push({ label: photos[scored.length]!.label, like });
  }
  const { count, accuracy, auc } = photoMetrics(scored, DEFAULT_THRESHOLD);
  if (auc === null) throw new Error('the generated set has no photos of one label');
  return { generatedPhotos: count, generatedAccuracy: accuracy, generatedAuc: auc };
}
