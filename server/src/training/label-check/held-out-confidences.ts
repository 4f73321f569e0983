import { CROP_SIZE } from '@swipenet/shared/photo.ts';
import { seededRandom, shuffled } from '@swipenet/shared/random.ts';
import { openSession } from '../../runtime/session.ts';
import { centerOf } from '../dataset/batches/augment.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { buildFeatureModel, FEATURE_COUNT } from '../head/feature-model.ts';
import { featuresOf } from '../head/features.ts';
import type { FoldedPhoto } from '../head/folds.ts';
import { checkHeadPhotos, learnHead } from '../head/learn-head.ts';
import { marginsOfRows } from '../head/logistic.ts';
import { featureNetwork } from '../head/train-head.ts';
import { levelOfMean } from '../run/end/export-model.ts';
import type { Pretrained } from '../run/start/initialize.ts';

/** The most photos that the head learns from. More would take hours, and hardly change how photos are ranked. */
const MOST_LEARNED = 2_000;

/** How many photos' features are in memory at once. */
const AT_ONCE = 256;

/** How to rate photos. */
export interface HeldOutOptions {
  readonly dataset: Pick<Dataset, 'photos' | 'mean' | 'readPhoto'>;
  readonly pretrained: Pretrained;
  readonly threads: number;
  readonly seed: number;
  readonly onProgress?: (phase: 'features' | 'learning' | 'rating', done: number, total: number) => void;
}

/**
 * Rates every photo of a dataset with a head that didn't see its profile: the LIKE confidences, `[photos]`, at the
 * temperature that fits them. A label that such a head finds improbable may be wrong (confident learning, Northcutt et
 * al. 2021). The head learns from all splits, because it rates labels and is never used as a model. Of a large dataset it learns from
 * 2,000 photos, by whole profiles; it rates these in cross-validation, and the rest, whose profiles it didn't see, as
 * they are.
 *
 * @throws CommandError `dataset_too_small`, `weights_invalid`, `dataset_invalid`.
 */
export async function heldOutConfidences(options: HeldOutOptions): Promise<Float32Array> {
  const { dataset, pretrained, threads, seed, onProgress } = options;
  const { photos } = dataset;
  const learned = learnedFrom(photos, seed);
  const examples = learned.map((number) => photos[number]!);
  checkHeadPhotos(examples, seed);
  const { weights, mean } = featureNetwork(pretrained, levelOfMean(dataset.mean));
  const session = await openSession({ model: buildFeatureModel(weights), device: 'cpu', threads });
  const total = photos.length;
  try {
    const features = (numbers: readonly number[], report: (done: number) => void) =>
      featuresOf(numbers.length, (index, into) => dataset.readPhoto(numbers[index]!, into), {
        ...{ session, mean, crops: [centerOf(CROP_SIZE)] },
        onProgress: report,
      });
    const ofExamples = await features(learned, (done) => onProgress?.('features', done, total));
    onProgress?.('learning', learned.length, total);
    const { head, outOfFold, temperature } = learnHead(
      examples,
      ofExamples,
      seed,
      pretrained.forHeads?.spareFilters.filters,
    );
    const confidenceOf = (margin: number) => 1 / (1 + Math.exp(-margin / temperature.temperature));
    const confidences = new Float32Array(total);
    for (const [index, number] of learned.entries()) confidences[number] = confidenceOf(outOfFold[index]!.margin);
    const isLearned = new Set(learned);
    const rest = photos.flatMap((_, number) => (isLearned.has(number) ? [] : [number]));
    for (let first = 0; first < rest.length; first += AT_ONCE) {
      const some = rest.slice(first, first + AT_ONCE);
      const rows = await features(some, (done) => onProgress?.('rating', learned.length + first + done, total));
      const margins = marginsOfRows(Float64Array.from(rows.subarray(0, some.length * FEATURE_COUNT)), head);
      for (const [index, number] of some.entries()) confidences[number] = confidenceOf(margins[index]!);
    }
    return confidences;
  } finally {
    await session.close();
  }
}

/** Draws whole profiles, in turn from both labels, until there are enough photos. Returns their numbers in order. */
function learnedFrom(photos: readonly FoldedPhoto[], seed: number): number[] {
  const profiles = Map.groupBy(photos.keys(), (number) => photos[number]!.profile);
  const order = shuffled(seededRandom(seed), [...profiles.values()]);
  const ofLabel = (label: string) => order.filter(([number]) => photos[number!]!.label === label);
  const [likes, nopes] = [ofLabel('LIKE'), ofLabel('NOPE')];
  const drawn: number[] = [];
  for (let index = 0; index < Math.max(likes.length, nopes.length) && drawn.length < MOST_LEARNED; index += 1) {
    drawn.push(...(likes[index] ?? []), ...(nopes[index] ?? []));
  }
  return drawn.toSorted((a, b) => a - b);
}
