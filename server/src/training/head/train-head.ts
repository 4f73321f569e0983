import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { buildServingModel } from '../../googlenet/serving-model.ts';
import { parameterShapes, type Weights } from '../../googlenet/weights.ts';
import { type Device, openSession } from '../../runtime/session.ts';
import { type Crop, centreOf } from '../dataset/batches/augment.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { Part } from '../dataset/dataset-format.ts';
import { photoMetrics, profileMetrics } from '../evaluation/metrics.ts';
import { judgedPhotos, judgedProfiles } from '../evaluation/threshold-table.ts';
import { manifestMetrics } from '../report/run-reporter.ts';
import { levelOfMean } from '../run/export-model.ts';
import { adaptParameters, type Pretrained } from '../run/initialize.ts';
import type { Prediction } from '../run/run-files.ts';
import { buildFeatureModel } from './feature-model.ts';
import { featuresOf } from './features.ts';
import { foldHead } from './fold-head.ts';
import { checkHeadPhotos, type LearntHead, learnHead } from './learn-head.ts';
import { marginsOfRows } from './logistic.ts';

const CENTRE = centreOf(CROP_SIZE);

/** The crops that a head learns from: what serving sees, and its mirror image (docs/experiments.md, "Few photos"). */
export const HEAD_CROPS: readonly Crop[] = [CENTRE, { ...CENTRE, mirrored: true }];

/** What a head is learnt from. */
export interface HeadOptions {
  readonly dataset: Dataset;
  readonly pretrained: Pretrained;
  readonly device: Device;
  readonly threads: number;
  readonly seed: number;
  readonly onProgress?: (part: Part, done: number, total: number) => void;
}

/** What came of it. */
export interface HeadModel {
  readonly learnt: LearntHead;
  /** The gray level that it subtracts. */
  readonly mean: number;
  /** The file of the model that serves. */
  readonly bytes: Uint8Array;
  /** What it says of the validation part, before the temperature. */
  readonly predictions: readonly Prediction[];
  /** Figures for its manifest. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** A network that gives features, and the level that is subtracted from its photos. */
export function featureNetwork(pretrained: Pretrained, meanLevel: number): { weights: Weights; mean: number } {
  const { means } = pretrained;
  // Its own level, where it is known: then its border, padded with zeros, is what it learnt with.
  const own = typeof means === 'object' ? means.reduce((sum, level) => sum + level, 0) / means.length : means;
  const mean = own ?? meanLevel;
  return { weights: adaptParameters(pretrained, parameterShapes(), mean, 0).parameters, mean };
}

/**
 * Learns a head on the training part and judges it on the validation part, which it has not seen.
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
    const learnt = learnHead(photos, await featuresOfPart('training', training, HEAD_CROPS), seed);
    const margins = marginsOfRows(
      Float64Array.from(await featuresOfPart('validation', validation, [CENTRE])),
      learnt.head,
    );
    const predictions = validation.map((number, index) => {
      const { id, profile, label } = dataset.photos[number]!;
      return { id, profile, label, margin: margins[index]! };
    });
    const { temperature } = learnt.temperature;
    const folded = foldHead(weights, learnt.head, learnt.spare);
    const bytes = buildServingModel({ weights: folded, mean, temperature, storage: 'float32' });
    return { learnt, mean, bytes, predictions, metrics: metricsOf(learnt, predictions) };
  } finally {
    await session.close();
  }
}

function metricsOf({ outOfFold, temperature: { temperature } }: LearntHead, predictions: readonly Prediction[]) {
  const held = photoMetrics(judgedPhotos(outOfFold, temperature), DEFAULT_THRESHOLD);
  const crossValidated = {
    crossValidatedPhotos: held.count,
    crossValidatedAccuracy: held.accuracy,
    ...(held.auc !== null && { crossValidatedAuc: held.auc }),
    crossValidatedEce: held.ece,
  };
  if (predictions.length === 0) return crossValidated;
  const photos = photoMetrics(judgedPhotos(predictions, temperature), DEFAULT_THRESHOLD);
  const profiles = profileMetrics(judgedProfiles(predictions, temperature), DEFAULT_THRESHOLD);
  return { ...manifestMetrics({ photos, profiles }), ...crossValidated };
}
