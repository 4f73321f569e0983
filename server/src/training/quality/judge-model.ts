import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { decodePhoto } from '../../image/decode.ts';
import { grayLevels } from '../../image/photo-bytes.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { type JudgedPhoto, photoMetrics } from '../evaluation/metrics.ts';
import { scoreLevels } from '../evaluation/score-levels.ts';
import { VARIANTS_FILE, type VariantLine } from './build-quality-set.ts';
import { type GeneratedPhoto, generatedSet } from './generated-set.ts';
import { type JudgedVariant, type QualityFigures, qualityFigures } from './quality-figures.ts';

/** Figures of a model's file on a quality set's test part, none of which chose its checkpoint or its temperature. */
export async function judgeTestPart(
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
  const judged: JudgedVariant[] = [];
  for await (const like of scoreLevels(model, levels(), threads)) {
    const number = numbers[judged.length]!;
    const { group, faults }: VariantLine = JSON.parse(lines[number]!);
    judged.push({ label: dataset.photos[number]!.label, like, group, faults });
    onProgress(judged.length, numbers.length);
  }
  return qualityFigures(judged, DEFAULT_THRESHOLD);
}

/** Figures of a model's file on the generated set, for its manifest; the tests repeat them. */
export async function generatedFigures(model: Uint8Array, threads: number): Promise<Record<string, number>> {
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
