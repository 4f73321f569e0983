import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { ARTICLE_RULE } from '@swipenet/shared/decision.ts';
import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { buildServingModel } from '../../googlenet/serving-model.ts';
import { parameterShapes, type Weights } from '../../googlenet/weights.ts';
import { type Device, openSession } from '../../runtime/session.ts';
import { type Crop, centerOf } from '../dataset/batches/augment.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { Part } from '../dataset/dataset-format.ts';
import { photoMetrics, profileMetrics } from '../evaluation/metrics.ts';
import { evaluatedPhotos, evaluatedProfiles } from '../evaluation/threshold-table.ts';
import { manifestMetrics } from '../report/run-reporter.ts';
import { levelOfMean } from '../run/export-model.ts';
import { adaptParameters, type Pretrained } from '../run/initialize.ts';
import type { Prediction } from '../run/run-files.ts';
import { buildFeatureModel } from './feature-model.ts';
import { featuresOf } from './features.ts';
import { foldHead } from './fold-head.ts';
import { checkHeadPhotos, type LearnedHead, learnHead } from './learn-head.ts';
import { marginsOfRows } from './logistic.ts';

const CENTER = centerOf(CROP_SIZE);

/** The crops to train a head on: serving's crop and its mirror image (docs/experiments.md, "Few photos"). */
export const HEAD_CROPS: readonly Crop[] = [CENTER, { ...CENTER, mirrored: true }];

/** How to train a head. */
export interface HeadOptions {
  readonly dataset: Dataset;
  readonly pretrained: Pretrained;
  readonly device: Device;
  readonly threads: number;
  readonly seed: number;
  readonly onProgress?: (part: Part, done: number, total: number) => void;
}

/** A trained head as a model. */
export interface HeadModel {
  readonly learned: LearnedHead;
  /** The gray level that the model subtracts. */
  readonly mean: number;
  /** The ONNX file that serves the model. */
  readonly bytes: Uint8Array;
  /** Its predictions on the validation set, before the temperature. */
  readonly predictions: readonly Prediction[];
  /** Metrics for its manifest. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Returns the network that computes features, and the gray level to subtract from its photos. */
export function featureNetwork(pretrained: Pretrained, meanLevel: number): { weights: Weights; mean: number } {
  const { means } = pretrained;
  // Prefers the network's own mean level if it is known, so that zero padding looks as it did in its training.
  const own = typeof means === 'object' ? means.reduce((sum, level) => sum + level, 0) / means.length : means;
  const mean = own ?? meanLevel;
  return { weights: adaptParameters(pretrained, parameterShapes(), mean, 0).parameters, mean };
}

/**
 * Trains a head on the training set and evaluates it on the validation set, which it hasn't seen.
 *
 * @throws CommandError `dataset_too_small`, `weights_invalid`.
 */
export async function trainHead(options: HeadOptions): Promise<HeadModel> {
  const { dataset, pretrained, device, threads, seed, onProgress } = options;
  const { weights, mean } = featureNetwork(pretrained, levelOfMean(dataset.mean));
  const [training, validation] = [dataset.numbersOf('training'), dataset.numbersOf('validation')];
  const photos = training.map((number) => dataset.photos[number]!);
  checkHeadPhotos(photos, seed);
  const session = await openSession({ model: buildFeatureModel(weights), device, threads });
  const featuresOfPart = (part: Part, numbers: readonly number[], crops: readonly Crop[]) =>
    featuresOf(numbers.length, (index, into) => dataset.readPhoto(numbers[index]!, into), {
      ...{ session, mean, crops },
      onProgress: (done, total) => onProgress?.(part, done, total),
    });
  try {
    const learned = learnHead(photos, await featuresOfPart('training', training, HEAD_CROPS), seed);
    const margins = marginsOfRows(
      Float64Array.from(await featuresOfPart('validation', validation, [CENTER])),
      learned.head,
    );
    const predictions = validation.map((number, index) => {
      const { id, profile, label } = dataset.photos[number]!;
      return { id, profile, label, margin: margins[index]! };
    });
    const { temperature } = learned.temperature;
    const folded = foldHead(weights, learned.head, learned.spare);
    const bytes = buildServingModel({ weights: folded, mean, temperature, storage: 'float32' });
    return { learned, mean, bytes, predictions, metrics: metricsOf(learned, predictions) };
  } finally {
    await session.close();
  }
}

function metricsOf({ outOfFold, temperature: { temperature } }: LearnedHead, predictions: readonly Prediction[]) {
  const held = photoMetrics(evaluatedPhotos(outOfFold, temperature), DEFAULT_THRESHOLD);
  const crossValidated = {
    crossValidatedPhotos: held.count,
    crossValidatedAccuracy: held.accuracy,
    ...(held.auc !== null && { crossValidatedAuc: held.auc }),
    crossValidatedEce: held.ece,
  };
  if (predictions.length === 0) return crossValidated;
  const photos = photoMetrics(evaluatedPhotos(predictions, temperature), DEFAULT_THRESHOLD);
  const profiles = profileMetrics(evaluatedProfiles(predictions, temperature), ARTICLE_RULE);
  return { ...manifestMetrics({ photos, profiles }), ...crossValidated };
}
