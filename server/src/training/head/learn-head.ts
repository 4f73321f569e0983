import { LABELS } from '@swipenet/shared/confidence.ts';
import { CommandError } from '../../command-error.ts';
import { type FittedTemperature, fitTemperature, type MarginPhoto } from '../evaluation/temperature.ts';
import { FEATURE_COUNT } from './feature-model.ts';
import { type SpareFilters, spareFilters } from './fold-head.ts';
import { type FoldedPhoto, type Folds, foldsOf } from './folds.ts';
import { fitLogistic, type LinearHead, marginsOfRows } from './logistic.ts';
import { scaled, scaleOf, unscaled } from './scale-features.ts';
import { fromSpan, spanOf } from './span.ts';

/**
 * Strengths that are tried, the strongest first, half a decade apart: 1 to 0.03. Stronger ones were worse for 20 photos as
 * for 240, weaker ones never better (docs/experiments.md, "Few photos").
 */
const STRENGTHS = Array.from({ length: 4 }, (_, index) => 10 ** (-index / 2));

/** Fewer photos of a label than this say nothing that could be checked. */
export const FEWEST_PHOTOS = 4;

/** A head, and how it was found. */
export interface LearnedHead {
  /** On features as they come out of the network: weights `[1856]`. */
  readonly head: LinearHead;
  /** The filters that it does without, for folding. */
  readonly spare: SpareFilters;
  readonly strength: number;
  readonly folds: number;
  /** Each photo's margin by the head that was learned without its fold; as serving will see it: in the middle. */
  readonly outOfFold: readonly MarginPhoto[];
  /** Fitted on those margins. */
  readonly temperature: FittedTemperature;
}

/**
 * Learns a head on frozen features: logistic regression, both labels of equal weight however many photos each has, the
 * strength of its regularisation chosen by cross-validation, the temperature fitted on the margins of held-out photos.
 * A photo is learned from as the mean of its crops, and judged by its first one. It is a function of its arguments alone.
 *
 * @param photos the training photos.
 * @param features `[photos · crops, 1856]`, a photo's crops behind each other, the one that serving sees first.
 * @throws CommandError `dataset_too_small` where a label has too few photos or profiles to hold some out.
 */
export function learnHead(photos: readonly FoldedPhoto[], features: Float32Array, seed: number): LearnedHead {
  const { folds, foldOf } = checkHeadPhotos(photos, seed);
  const { firstCrops, meanCrops } = rowsOf(features, photos.length);
  const spare = spareFilters(meanCrops);
  const scale = scaleOf(meanCrops, spare);
  const span = spanOf(scaled(scale, meanCrops), FEATURE_COUNT);
  const held = scaled(scale, firstCrops);
  const sides = photos.map(({ label }) => (label === 'LIKE' ? 1 : -1));
  const fitWithout = (fold: number | undefined, strength: number, begin?: LinearHead) => {
    const weights = balanced(
      photos,
      photos.map((_, index) => foldOf[index] !== fold),
    );
    return fitLogistic({ rows: span.coordinates, dimensions: span.rank, sides, weights, strength }, begin);
  };
  /** Of each strength, every photo's margin by the head that was learned without its fold. */
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
  // Each strength at its own temperature: what counts is what a head tells apart, not how loudly.
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
 * Says whether photos are enough to learn a head from, before anything is computed; gives their folds.
 *
 * @throws CommandError `dataset_too_small`.
 */
export function checkHeadPhotos(photos: readonly FoldedPhoto[], seed: number): Folds {
  for (const label of LABELS) {
    const count = photos.filter((photo) => photo.label === label).length;
    if (count < FEWEST_PHOTOS) {
      const message = `a head needs ${FEWEST_PHOTOS} or more training photos of each label, there are ${count} of ${label}`;
      throw new CommandError('dataset_too_small', message);
    }
  }
  const found = foldsOf(photos, seed);
  if (found.folds < 2) {
    const message = 'a head needs two or more training profiles of each label, to hold one out';
    throw new CommandError('dataset_too_small', message);
  }
  return found;
}

/** Each photo's weight: both labels weigh half of the photos that are taken, together as much as there are. */
function balanced(photos: readonly FoldedPhoto[], taken: readonly boolean[]): number[] {
  const counts = { LIKE: 0, NOPE: 0 };
  for (const [index, { label }] of photos.entries()) if (taken[index]) counts[label] += 1;
  const total = counts.LIKE + counts.NOPE;
  return photos.map(({ label }, index) => (taken[index] ? total / 2 / counts[label] : 0));
}

/**
 * Photos for fitting a temperature: both labels weigh the same, and every photo is a little of the other label too, by
 * Platt's targets (1999; (n + 1) / (n + 2) for n photos of a label). Without that, twenty photos that happen to be told
 * apart would make any confidence 100 %.
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

/** Each photo's first crop, and the mean of all its crops: `[photos, 1856]` both. */
function rowsOf(features: Float32Array, photoCount: number): { firstCrops: Float64Array; meanCrops: Float64Array } {
  const crops = features.length / FEATURE_COUNT / photoCount;
  const firstCrops = new Float64Array(photoCount * FEATURE_COUNT);
  const meanCrops = new Float64Array(photoCount * FEATURE_COUNT);
  for (let at = 0; at < features.length; at += 1) {
    const crop = Math.floor(at / FEATURE_COUNT);
    const place = Math.floor(crop / crops) * FEATURE_COUNT + (at % FEATURE_COUNT);
    if (crop % crops === 0) firstCrops[place] = features[at]!;
    meanCrops[place]! += features[at]! / crops;
  }
  return { firstCrops, meanCrops };
}
