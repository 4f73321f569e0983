import { confidenceOf } from '@swipenet/server/training/evaluation/temperature.ts';
import { cropRows } from '@swipenet/server/training/head/crop-rows.ts';
import { FEATURE_COUNT } from '@swipenet/server/training/head/feature-model.ts';
import { type SpareFilters, spareFilters } from '@swipenet/server/training/head/fold-head.ts';
import { foldsOf } from '@swipenet/server/training/head/folds.ts';
import { learnHead } from '@swipenet/server/training/head/learn-head.ts';
import { fitLogistic, type LinearHead, marginsOfRows } from '@swipenet/server/training/head/logistic.ts';
import { type FeatureScale, scaled, scaleOf, unscaled } from '@swipenet/server/training/head/scale-features.ts';
import { learnProfiles } from '@swipenet/server/training/profiles/learn-profiles.ts';
import { chooseThreshold } from '@swipenet/server/training/profiles/target.ts';
import type { Label } from '@swipenet/shared/confidence.ts';
import { ARTICLE_RULE, type DecisionRule } from '@swipenet/shared/decision.ts';

/** Photos with the labels of their profiles, and their features. */
export interface TrainingSet {
  readonly photos: readonly { readonly label: Label; readonly profile: number }[];
  /** `[photos · crops, 1856]`. The crops of a photo are consecutive, starting with serving's crop. */
  readonly features: Float32Array;
  readonly seed: number;
  /** The network's own spare filters, if it has them. */
  readonly spare?: SpareFilters | undefined;
}

/** What a method learned. */
export interface LearnedTaste {
  /** On raw features. */
  readonly head: LinearHead;
  /** Converts the margins of a profile's photos to confidences for the rule: one per photo, or one for the profile. */
  readonly likes: (margins: readonly number[]) => number[];
  readonly rule: DecisionRule;
}

/** A way to learn from profiles. Throws CommandError `dataset_too_small` if it refuses. */
type Method = (set: TrainingSet) => LearnedTaste;

/** Swipenet's default. */
const ours: Method = ({ photos, features, seed, spare }) => {
  const { head, rule } = learnProfiles(photos, features, { seed, spare, target: { kind: 'balanced-accuracy' } });
  return { head, rule, likes: (margins) => margins.map((margin) => confidenceOf(margin)) };
};

/** Swipenet before it learned from profiles: every photo has its profile's label, and any photo at 40% decides. */
const photoHead: Method = ({ photos, features, seed, spare }) => {
  const { head, temperature } = learnHead(photos, features, seed, spare);
  const likes = (margins: readonly number[]) => margins.map((margin) => confidenceOf(margin, temperature.temperature));
  return { head, likes, rule: ARTICLE_RULE };
};

/** Plain logistic regression on the mean features of a profile, C = 1, decided at 0.5. */
const means: Method = (set) => {
  const { scale, training } = baselineRows(set);
  const profiles = profilesOf(set.photos);
  const rows = new Float64Array(profiles.length * FEATURE_COUNT);
  for (const [profile, { photos }] of profiles.entries()) {
    for (const photo of photos) {
      for (let at = 0; at < FEATURE_COUNT; at += 1) {
        rows[profile * FEATURE_COUNT + at]! += training[photo * FEATURE_COUNT + at]! / photos.length;
      }
    }
  }
  const found = regress(
    rows,
    profiles.map(({ label }) => (label === 'LIKE' ? 1 : 0)),
    profiles.map(() => 1),
  );
  // A head is linear, so its margin of the mean features is the mean of its margins.
  const likes = (margins: readonly number[]) => [confidenceOf(meanOf(margins))];
  return { head: unscaled(scale, found), likes, rule: { rule: 'any', threshold: 0.5 } };
};

/**
 * Logistic regression on photos with their profile's label, C = 1, where each of a profile's n photos weighs 1/n. The
 * profile's probability is a sigmoid of the largest margin. As for Swipenet, held-out profiles of five folds determine
 * the sigmoid (Platt scaling) and the threshold (the best balanced accuracy).
 */
const photosByProfile: Method = (set) => {
  const { photos } = set;
  const { scale, training, held } = baselineRows(set);
  const profiles = profilesOf(photos);
  const targets = photos.map(({ label }) => (label === 'LIKE' ? 1 : 0));
  const weights = new Float64Array(photos.length);
  for (const { photos: own } of profiles) for (const photo of own) weights[photo] = 1 / own.length;
  const { folds, foldOf } = foldsOf(photos, set.seed);
  const largest = new Array<number>(profiles.length);
  for (let fold = 0; fold < folds; fold += 1) {
    const head = regress(
      training,
      targets,
      weights.map((weight, photo) => (foldOf[photo] === fold ? 0 : weight)),
    );
    const margins = marginsOfRows(held, head);
    for (const [profile, { photos: own }] of profiles.entries()) {
      if (foldOf[own[0]!] === fold) largest[profile] = Math.max(...own.map((photo) => margins[photo]!));
    }
  }
  const probabilityOf = plattScaling(profiles.map(({ label }, profile) => ({ label, score: largest[profile]! })));
  const outOfFold = profiles.map(({ label }, profile) => ({ label, like: probabilityOf(largest[profile]!) }));
  const threshold = chooseThreshold(outOfFold, { kind: 'balanced-accuracy' });
  const head = unscaled(scale, regress(training, targets, weights));
  return { head, likes: (margins) => [probabilityOf(Math.max(...margins))], rule: { rule: 'any', threshold } };
};

/** All methods. The first one is compared with each of the others. */
export const METHODS = {
  ours: { title: 'Swipenet', learn: ours },
  head: { title: 'head, any photo at 40%', learn: photoHead },
  means: { title: 'mean features', learn: means },
  photos: { title: 'photos by profile, max', learn: photosByProfile },
} as const satisfies Record<string, { readonly title: string; readonly learn: Method }>;

export type MethodName = keyof typeof METHODS;

export const METHOD_NAMES = Object.keys(METHODS) as MethodName[];

/** Returns features as Swipenet scales them, so that methods differ only in how they learn. */
function baselineRows({ photos, features, spare }: TrainingSet): {
  readonly scale: FeatureScale;
  /** The mean of each photo's crops, and its first crop. */
  readonly training: Float64Array;
  readonly held: Float64Array;
} {
  const { firstCrops, meanCrops } = cropRows(features, photos.length);
  const scale = scaleOf(meanCrops, spare ?? spareFilters(meanCrops));
  return { scale, training: scaled(scale, meanCrops), held: scaled(scale, firstCrops) };
}

function profilesOf(photos: TrainingSet['photos']): { readonly label: Label; readonly photos: readonly number[] }[] {
  const numbers = Map.groupBy(photos.keys(), (photo) => photos[photo]!.profile);
  return [...numbers.values()].map((own) => ({ label: photos[own[0]!]!.label, photos: own }));
}

/** Logistic regression with C = 1. */
const regress = (rows: Float64Array, targets: ArrayLike<number>, weights: ArrayLike<number>): LinearHead =>
  fitLogistic({ rows, dimensions: FEATURE_COUNT, targets, weights, strength: 1, tolerance: 1e-6 });

const meanOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** The slope if higher scores don't mean more likes. Above 0, so that profiles keep their order. */
const LEAST_SLOPE = 0.01;

/** Fits a sigmoid to scores of profiles with Platt's targets (1999). The ridge only keeps separable scores finite. */
function plattScaling(profiles: readonly { readonly label: Label; readonly score: number }[]) {
  const likes = profiles.filter(({ label }) => label === 'LIKE').length;
  const [ofLike, ofNope] = [(likes + 1) / (likes + 2), 1 / (profiles.length - likes + 2)];
  const { weights, bias } = fitLogistic({
    rows: Float64Array.from(profiles, ({ score }) => score),
    dimensions: 1,
    targets: profiles.map(({ label }) => (label === 'LIKE' ? ofLike : ofNope)),
    weights: profiles.map(() => 1),
    strength: 1e-6,
  });
  const slope = weights[0]!;
  if (slope >= LEAST_SLOPE) return (score: number) => confidenceOf(slope * score + bias);
  const share = likes / profiles.length;
  return (score: number) => confidenceOf(LEAST_SLOPE * score + Math.log(share / (1 - share)));
}
