import { LABELS } from '@swipenet/shared/confidence.ts';
import { CommandError } from '../../command-error.ts';
import { type FittedTemperature, fitTemperature, type MarginPhoto } from '../evaluation/temperature.ts';
import { cropRows } from './crop-rows.ts';
import { FEATURE_COUNT } from './feature-model.ts';
import { type SpareFilters, spareFilters } from './fold-head.ts';
import { type FoldedPhoto, type Folds, foldsOf } from './folds.ts';
import { fitLogistic, type LinearHead, marginsOfRows } from './logistic.ts';
import { scaled, scaleOf, unscaled } from './scale-features.ts';
import { fromSpan, spanOf } from './span.ts';

/**
 * The regularization strengths to try, the strongest first, half a decade apart: from 1 to 0.03. Stronger ones were
 * worse both for 20 and for 240 photos, and weaker ones were never better (docs/experiments.md, "Few photos").
 */
const STRENGTHS = Array.from({ length: 4 }, (_, index) => 10 ** (-index / 2));

/** The minimum number of training photos per label. With fewer, cross-validation would be meaningless. */
const FEWEST_PHOTOS = 4;

/** A trained head, and how it was found. */
export interface LearnedHead {
  /** The head on the network's raw features, weights `[1856]`. */
  readonly head: LinearHead;
  /** The filters that the head doesn't use. Folding needs them. */
  readonly spare: SpareFilters;
  readonly strength: number;
  readonly folds: number;
  /** Each photo's margin from the head that was trained without its fold, on serving's center crop. */
  readonly outOfFold: readonly MarginPhoto[];
  /** Fitted on the out-of-fold margins. */
  readonly temperature: FittedTemperature;
}

/**
 * Trains a head on frozen features by logistic regression. Both labels have the same total weight, however many photos
 * each has. Cross-validation chooses the regularization strength, and the temperature is fitted on the margins of
 * held-out photos. A photo is trained on as the mean of its crops, and validated by its first crop. The result depends
 * only on the arguments.
 *
 * @param photos the training photos.
 * @param features `[photos · crops, 1856]`. The crops of a photo are consecutive, starting with serving's crop.
 * @param given the spare filters, if the network says which. Otherwise, those whose features vary least.
 * @throws CommandError `dataset_too_small` if a label has too few photos or profiles.
 */
export function learnHead(
  photos: readonly FoldedPhoto[],
  features: Float32Array,
  seed: number,
  given?: SpareFilters,
): LearnedHead {
  const { folds, foldOf } = checkHeadPhotos(photos, seed);
  const { firstCrops, meanCrops } = cropRows(features, photos.length);
  const spare = given ?? spareFilters(meanCrops);
  const scale = scaleOf(meanCrops, spare);
  const span = spanOf(scaled(scale, meanCrops), FEATURE_COUNT);
  const held = scaled(scale, firstCrops);
  const targets = photos.map(({ label }) => (label === 'LIKE' ? 1 : 0));
  const fitWithout = (fold: number | undefined, strength: number, start?: LinearHead) => {
    const weights = balanced(
      photos,
      photos.map((_, index) => foldOf[index] !== fold),
    );
    return fitLogistic({ rows: span.coordinates, dimensions: span.rank, targets, weights, strength }, start);
  };
  /** Per strength, each photo's margin from the head that was trained without its fold. */
  const margins = STRENGTHS.map(() => photos.map(({ label }) => ({ label, margin: 0 })));
  for (let fold = 0; fold < folds; fold += 1) {
    let found: LinearHead | undefined;
    for (const [index, strength] of STRENGTHS.entries()) {
      found = fitWithout(fold, strength, found);
      const all = marginsOfRows(held, { weights: fromSpan(span, found.weights), bias: found.bias });
      for (const [photo, margin] of all.entries()) {
        if (foldOf[photo] === fold) margins[index]![photo]!.margin = margin;
      }
    }
  }
  // Compares strengths at their own temperatures: only how well margins separate the labels counts, not their scale.
  const temperatures = margins.map((all) => fitTemperature(smoothed(all)));
  const losses = temperatures.map(({ lossAfter }) => lossAfter);
  const best = losses.indexOf(Math.min(...losses));
  const found = fitWithout(undefined, STRENGTHS[best]!);
  const head = unscaled(scale, { weights: fromSpan(span, found.weights), bias: found.bias });
  return {
    ...{ head, spare, folds, strength: STRENGTHS[best]!, outOfFold: margins[best]! },
    temperature: temperatures[best]!,
  };
}

/**
 * Checks that there are enough photos to train a head, before anything is computed. Returns their folds.
 *
 * @throws CommandError `dataset_too_small`.
 */
export function checkHeadPhotos(photos: readonly FoldedPhoto[], seed: number): Folds {
  for (const label of LABELS) {
    const count = photos.filter((photo) => photo.label === label).length;
    if (count < FEWEST_PHOTOS) {
      const message = `a head needs at least ${FEWEST_PHOTOS} training photos of each label, but ${label} only has ${count}`;
      throw new CommandError('dataset_too_small', message);
    }
  }
  const found = foldsOf(photos, seed);
  if (found.folds < 2) {
    const message = 'a head needs at least two training profiles of each label, so that it can hold one out';
    throw new CommandError('dataset_too_small', message);
  }
  return found;
}

/** Returns each photo's weight. Both labels have the same total, and a taken photo weighs 1 on average. */
function balanced(photos: readonly FoldedPhoto[], taken: readonly boolean[]): number[] {
  const counts = { LIKE: 0, NOPE: 0 };
  for (const [index, { label }] of photos.entries()) if (taken[index]) counts[label] += 1;
  const total = counts.LIKE + counts.NOPE;
  return photos.map(({ label }, index) => (taken[index] ? total / 2 / counts[label] : 0));
}

/**
 * Prepares photos for fitting a temperature. Both labels weigh the same. Every photo also counts a little as the other
 * label, by Platt's targets (1999): (n + 1) / (n + 2) for n photos of a label. Otherwise, twenty photos that happen to
 * be separable would make every confidence 100%.
 */
function smoothed(photos: readonly MarginPhoto[]): MarginPhoto[] {
  const counts = { LIKE: 0, NOPE: 0 };
  for (const { label } of photos) counts[label] += 1;
  return photos.flatMap(({ label, margin }) => {
    const count = counts[label];
    const other = 1 / (count + 2);
    return [
      { label, margin, weight: (1 - other) / count },
      { label: label === 'LIKE' ? ('NOPE' as const) : ('LIKE' as const), margin, weight: other / count },
    ];
  });
}
