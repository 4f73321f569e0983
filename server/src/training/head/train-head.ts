import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { ARTICLE_RULE, type DecisionRule } from '@swipenet/shared/decision.ts';
import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { buildServingModel } from '../../googlenet/serving-model.ts';
import { parameterShapes, type Weights } from '../../googlenet/weights.ts';
import { type Device, openSession } from '../../runtime/session.ts';
import { type Crop, centerOf } from '../dataset/batches/augment.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { Part } from '../dataset/dataset-format.ts';
import { photoMetrics, profileMetrics } from '../evaluation/metrics.ts';
import { evaluatedPhotos, evaluatedProfiles } from '../evaluation/threshold-table.ts';
import { checkProfiles, type LearnedProfiles, learnProfiles } from '../profiles/learn-profiles.ts';
import type { Target } from '../profiles/target.ts';
import { manifestMetrics } from '../report/run-reporter.ts';
import { levelOfMean } from '../run/end/export-model.ts';
import type { Prediction } from '../run/folder/run-files.ts';
import { adaptParameters, type Pretrained } from '../run/start/initialize.ts';
import { buildFeatureModel } from './feature-model.ts';
import { featuresOf } from './features.ts';
import { foldHead, spareFactor } from './fold-head.ts';
import type { FoldedPhoto } from './folds.ts';
import { checkHeadPhotos, type LearnedHead, learnHead } from './learn-head.ts';
import { marginsOfRows } from './logistic.ts';

const CENTER = centerOf(CROP_SIZE);

/** The crops to train a head on: serving's crop and its mirror image (docs/experiments.md, "Few photos"). */
export const HEAD_CROPS: readonly Crop[] = [CENTER, { ...CENTER, mirrored: true }];

/** What was learned: from photos with labels of their own, or from labels of whole profiles. */
export type Learned = LearnedHead | LearnedProfiles;

/** How to train a head. */
export interface HeadOptions {
  readonly dataset: Dataset;
  readonly pretrained: Pretrained;
  readonly device: Device;
  readonly threads: number;
  readonly seed: number;
  /** What to choose the threshold for, if labels are of whole profiles. */
  readonly target: Target;
  readonly onProgress?: (part: Part, done: number, total: number) => void;
}

/** A trained head as a model. */
export interface HeadModel {
  readonly learned: Learned;
  /** The divisor of the model's logits. */
  readonly temperature: number;
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

/** True if a profile has several photos. A label then belongs to the profile, not to each of its photos. */
export function areProfilesLabeled(photos: readonly FoldedPhoto[]): boolean {
  return new Set(photos.map(({ profile }) => profile)).size < photos.length;
}

/**
 * Trains a head on the training set and evaluates it on the validation set, which it hasn't seen. If profiles have
 * several photos, it learns from whole profiles, and the model decides by the rule `profile`.
 *
 * @throws CommandError `dataset_too_small`, `weights_invalid`.
 */
export async function trainHead(options: HeadOptions): Promise<HeadModel> {
  const { dataset, pretrained, device, threads, seed, target, onProgress } = options;
  const { weights, mean } = featureNetwork(pretrained, levelOfMean(dataset.mean));
  const [training, validation] = [dataset.numbersOf('training'), dataset.numbersOf('validation')];
  const photos = training.map((number) => dataset.photos[number]!);
  const byProfile = areProfilesLabeled(photos);
  if (byProfile) checkProfiles(photos);
  else checkHeadPhotos(photos, seed);
  const place = pretrained.forHeads?.spareFilters;
  const session = await openSession({ model: buildFeatureModel(weights), device, threads });
  const featuresOfPart = (part: Part, numbers: readonly number[], crops: readonly Crop[]) =>
    featuresOf(numbers.length, (index, into) => dataset.readPhoto(numbers[index]!, into), {
      ...{ session, mean, crops },
      onProgress: (done, total) => onProgress?.(part, done, total),
    });
  try {
    const features = await featuresOfPart('training', training, HEAD_CROPS);
    const learned: Learned = byProfile
      ? learnProfiles(photos, features, { seed, target, spare: place?.filters })
      : learnHead(photos, features, seed, place?.filters);
    const margins = marginsOfRows(
      Float64Array.from(await featuresOfPart('validation', validation, [CENTER])),
      learned.head,
    );
    const predictions = validation.map((number, index) => {
      const { id, profile, label } = dataset.photos[number]!;
      return { id, profile, label, margin: margins[index]! };
    });
    // A head that learned from profiles is calibrated already.
    const temperature = 'rule' in learned ? 1 : learned.temperature.temperature;
    const rule = 'rule' in learned ? learned.rule : ARTICLE_RULE;
    const factor = place && spareFactor(learned.head, features, place.largestMean);
    const folded = foldHead(weights, learned.head, learned.spare, factor);
    const bytes = buildServingModel({ weights: folded, mean, temperature, storage: 'float32' });
    const metrics = { ...validationOf(predictions, temperature, rule), ...crossValidated(learned) };
    return { learned, temperature, mean, bytes, predictions, metrics };
  } finally {
    await session.close();
  }
}

/** Returns metrics of predictions on the validation set, or nothing if it is empty. */
function validationOf(
  predictions: readonly Prediction[],
  temperature: number,
  rule: DecisionRule,
): Record<string, number> {
  if (predictions.length === 0) return {};
  const photos = photoMetrics(evaluatedPhotos(predictions, temperature), rule.threshold);
  const profiles = profileMetrics(evaluatedProfiles(predictions, temperature), rule);
  return manifestMetrics({ photos, profiles });
}

/** Returns metrics of what was held out in cross-validation. */
export function crossValidated(learned: Learned): Record<string, number> {
  if ('rule' in learned) {
    // The probability of a profile takes the place of a single photo's confidence, which is decided alike.
    const profiles = learned.outOfFold.map(({ label, like }) => ({ label, likes: [like] }));
    const { count, accuracy, balancedAccuracy, auc, ece, meanLoss } = profileMetrics(profiles, learned.rule);
    return {
      crossValidatedProfiles: count,
      crossValidatedAccuracy: accuracy,
      ...(balancedAccuracy !== null && { crossValidatedBalancedAccuracy: balancedAccuracy }),
      ...(auc !== null && { crossValidatedAuc: auc }),
      crossValidatedEce: ece,
      crossValidatedLoss: meanLoss,
    };
  }
  const { temperature } = learned.temperature;
  const { count, accuracy, auc, ece } = photoMetrics(
    evaluatedPhotos(learned.outOfFold, temperature),
    DEFAULT_THRESHOLD,
  );
  return {
    crossValidatedPhotos: count,
    crossValidatedAccuracy: accuracy,
    ...(auc !== null && { crossValidatedAuc: auc }),
    crossValidatedEce: ece,
  };
}
