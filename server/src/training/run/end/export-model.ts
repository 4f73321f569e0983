import { CROP_SIZE, DECODED_SIZE } from '@swipenet/shared/photo.ts';
import { buildServingModel } from '../../../googlenet/serving-model.ts';
import { parameterShapes } from '../../../googlenet/weights.ts';
import type { Manifest } from '../../../registry/manifest.ts';
import type { MeanKind } from '../../dataset/batches/batch-stream.ts';
import { fromRows, type Rows, type StateLayout } from '../../step/state-layout.ts';
import type { Run } from '../run.ts';
import type { FinishedRun } from './run-to-end.ts';

/** A trained network, and how to turn it into a model for serving. */
export interface ExportOptions {
  readonly layout: StateLayout;
  readonly parameters: Rows;
  /** `[256, 256]`. Training subtracts the part of it that a crop covers. */
  readonly meanImage: Float32Array;
  readonly mean: MeanKind;
  readonly temperature: number;
  readonly storage: 'float32' | 'float16';
}

/**
 * Returns the ONNX file that serves a trained network, without auxiliary classifiers and dropout. The mean is part of
 * the graph: either its center 224 × 224, which is serving's crop, or a single gray level.
 */
export function exportModel({ layout, parameters, meanImage, mean, temperature, storage }: ExportOptions): Uint8Array {
  const trained = fromRows(layout, parameters);
  const weights = new Map([...parameterShapes().keys()].map((name) => [name, trained.get(name)!]));
  const subtracted = mean === 'image' ? centerOfMean(meanImage) : levelOfMean(meanImage);
  return buildServingModel({ weights, mean: subtracted, temperature, storage });
}

/** Returns the ONNX file that serves a run's model, and the preprocessing that its photos need. */
export function exportRun(
  { configuration: { mean }, dataset, plan: { layout } }: Run,
  { parameters, temperature }: Pick<FinishedRun, 'parameters' | 'temperature'>,
  storage: ExportOptions['storage'],
): { bytes: Uint8Array; preprocessing: Manifest['preprocessing'] } {
  const { mean: meanImage, head } = dataset;
  const bytes = exportModel({ layout, parameters, meanImage, mean, temperature, storage });
  return { bytes, preprocessing: { resize: head.resize, mean: mean === 'image' ? mean : levelOfMean(meanImage) } };
}

/** Returns the average gray level of a mean image. */
export function levelOfMean(mean: Float32Array): number {
  return mean.reduce((sum, level) => sum + level, 0) / mean.length;
}

function centerOfMean(mean: Float32Array): Float32Array {
  const margin = (DECODED_SIZE - CROP_SIZE) / 2;
  const center = new Float32Array(CROP_SIZE * CROP_SIZE);
  for (let row = 0; row < CROP_SIZE; row += 1) {
    const begin = (row + margin) * DECODED_SIZE + margin;
    center.set(mean.subarray(begin, begin + CROP_SIZE), row * CROP_SIZE);
  }
  return center;
}
