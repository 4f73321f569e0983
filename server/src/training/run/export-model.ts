import { CROP_SIZE, DECODED_SIZE } from '@swipenet/shared/photo.ts';
import { buildServingModel } from '../../googlenet/serving-model.ts';
import { parameterShapes } from '../../googlenet/weights.ts';
import type { Manifest } from '../../registry/manifest.ts';
import type { MeanKind } from '../dataset/batches/batch-stream.ts';
import { fromRows, type Rows, type StateLayout } from '../step/state-layout.ts';
import type { Run } from './run.ts';
import type { FinishedRun } from './run-to-end.ts';

/** What a trained network becomes a served one with. */
export interface ExportOptions {
  readonly layout: StateLayout;
  readonly parameters: Rows;
  /** `[256, 256]`, as the training subtracted it at each crop's own position. */
  readonly meanImage: Float32Array;
  readonly mean: MeanKind;
  readonly temperature: number;
  readonly storage: 'float32' | 'float16';
}

/**
 * The trained network as a file for serving: without auxiliary heads and dropout, the mean inside the graph (its centre
 * 224 × 224, where serving's crop lies, or one level), parameters kept as `storage` says.
 */
export function exportModel({ layout, parameters, meanImage, mean, temperature, storage }: ExportOptions): Uint8Array {
  const trained = fromRows(layout, parameters);
  const weights = new Map([...parameterShapes().keys()].map((name) => [name, trained.get(name)!]));
  const subtracted = mean === 'image' ? centreOfMean(meanImage) : levelOfMean(meanImage);
  return buildServingModel({ weights, mean: subtracted, temperature, storage });
}

/** A run's model as a file for serving, and how photos get ready for it. */
export function exportRun(
  { configuration: { mean }, dataset, plan: { layout } }: Run,
  { checkpoint: { parameters }, temperature }: Pick<FinishedRun, 'checkpoint' | 'temperature'>,
  storage: ExportOptions['storage'],
): { bytes: Uint8Array; preprocessing: Manifest['preprocessing'] } {
  const { mean: meanImage, head } = dataset;
  const bytes = exportModel({ layout, parameters, meanImage, mean, temperature, storage });
  return { bytes, preprocessing: { resize: head.resize, mean: mean === 'image' ? mean : levelOfMean(meanImage) } };
}

/** A mean image's mean. */
export function levelOfMean(mean: Float32Array): number {
  return mean.reduce((sum, level) => sum + level, 0) / mean.length;
}

function centreOfMean(mean: Float32Array): Float32Array {
  const margin = (DECODED_SIZE - CROP_SIZE) / 2;
  const centre = new Float32Array(CROP_SIZE * CROP_SIZE);
  for (let row = 0; row < CROP_SIZE; row += 1) {
    const begin = (row + margin) * DECODED_SIZE + margin;
    centre.set(mean.subarray(begin, begin + CROP_SIZE), row * CROP_SIZE);
  }
  return centre;
}
