import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import { CommandError } from '../../command-error.ts';
import { cropRows } from '../head/crop-rows.ts';
import { FEATURE_COUNT } from '../head/feature-model.ts';
import { type SpareFilters, spareFilters } from '../head/fold-head.ts';
import { type FoldedPhoto, foldsInOrder, foldsOf } from '../head/folds.ts';
import { type LinearHead, marginsOfRows } from '../head/logistic.ts';
import { scaled, scaleOf, unscaled } from '../head/scale-features.ts';
import { fromSpan, spanOf } from '../head/span.ts';
import { crossFittedLoss } from './calibrate-profiles.ts';
import { learnNoisyOr, type PhotoGroup } from './noisy-or.ts';
import { fitProfileRule, type ProfileRule } from './profile-rule.ts';
import type { PredictedProfile, Target } from './target.ts';

/** The minimum number of profiles per label. With fewer, cross-validation can't tell methods apart. */
const FEWEST_PROFILES = 20;

/** From this number of profiles on, learning from photos is tried too. With fewer, it overfits. */
const PROFILES_FOR_PHOTOS = 80;

/**
 * The regularization strengths to try, the strongest first, half a decade apart: from 10 to 0.3. Profiles weigh 1 each,
 * and features have a mean square of 1 per module.
 */
const STRENGTHS = [1, 0.5, 0, -0.5].map((exponent) => 10 ** exponent);

/** The numbers of EM rounds to try, see {@link learnNoisyOr}. */
const ROUNDS = [0, 2, 5];

/** Precise enough to compare heads, and several times as fast as convergence to the last digit. */
const TOLERANCE = 1e-5;

/** With at most this many rows, solving in their span is faster than in all 1,856 dimensions. */
const MOST_SPANNED = 700;

/** How a head was learned from profiles. `means` averages a profile's features, `photos` finds the photos that count. */
export interface ProfileMethod {
  readonly kind: 'means' | 'photos';
  readonly strength: number;
  /** EM rounds; 0 for `means`. */
  readonly rounds: number;
}

/** A head that was learned from labels of whole profiles, and the rule that decides with it. */
export interface LearnedProfiles {
  /**
   * The head on the network's raw features, weights `[1856]`. It is calibrated: a photo's confidence is the probability
   * that a profile with only this photo is a LIKE.
   */
  readonly head: LinearHead;
  readonly spare: SpareFilters;
  readonly rule: ProfileRule;
  readonly method: ProfileMethod;
  readonly folds: number;
  /** The log loss of profiles of each method, in nats per profile, calibrated on other folds. The best one first. */
  readonly compared: readonly (ProfileMethod & { readonly loss: number })[];
  /** Each profile's probability from a head that wasn't trained on it. */
  readonly outOfFold: readonly PredictedProfile[];
}

/** What to learn from, and what for. */
export interface ProfileLearning {
  /** Draws the folds. Without it, they follow the order of the profiles, so that a longer stream keeps them. */
  readonly seed?: number;
  readonly target: Target;
  /** The spare filters, if the network says which. Otherwise, those whose features vary least. */
  readonly spare?: SpareFilters | undefined;
}

/**
 * Learns a person's choices from profiles: a head on frozen features, a calibration per profile, and a threshold.
 * Grouped cross-validation chooses among mean features with logistic regression and, from 80 profiles on, a noisy or
 * over photos, each at several regularization strengths. The result depends only on the arguments.
 *
 * @param photos the training photos.
 * @param features `[photos · crops, 1856]`. The crops of a photo are consecutive, starting with serving's crop. A photo
 *   is trained on as the mean of its crops, and validated by its first crop.
 * @throws CommandError `dataset_too_small` if a label has too few profiles.
 */
export function learnProfiles(
  photos: readonly FoldedPhoto[],
  features: Float32Array,
  { seed, target, spare: place }: ProfileLearning,
): LearnedProfiles {
  checkProfiles(photos);
  const profiles = profilesOf(photos);
  const { folds, foldOf } = seed === undefined ? foldsInOrder(photos) : foldsOf(photos, seed);
  const profileFolds = profiles.map(({ photos: [first] }) => foldOf[first!]!);
  const { firstCrops, meanCrops } = cropRows(features, photos.length);
  const spare = place ?? spareFilters(meanCrops);
  const scale = scaleOf(meanCrops, spare);
  const [training, held] = [scaled(scale, meanCrops), scaled(scale, firstCrops)];
  const learners = [meanLearner(profiles, training)];
  if (profiles.length >= PROFILES_FOR_PHOTOS) learners.push(photoLearner(profiles, training));

  const candidates = learners.flatMap((learner) =>
    STRENGTHS.flatMap((strength) => {
      const margins = learner.rounds.map(() => profiles.map(() => [] as number[]));
      for (let fold = 0; fold < folds; fold += 1) {
        const heads = learner.learn(strength, (profile) => profileFolds[profile] !== fold);
        for (const [at, head] of heads.entries()) {
          const all = marginsOfRows(held, head);
          for (const [profile, { photos: own }] of profiles.entries()) {
            if (profileFolds[profile] === fold) margins[at]![profile] = own.map((photo) => all[photo]!);
          }
        }
      }
      return learner.rounds.map((rounds, at) => {
        const scored = profiles.map(({ label }, profile) => ({ label, margins: margins[at]![profile]! }));
        const method: ProfileMethod = { kind: learner.kind, strength, rounds };
        return { learner, at, method, scored, loss: crossFittedLoss(scored, profileFolds) };
      });
    }),
  );
  const [best] = candidates.toSorted((one, other) => one.loss - other.loss) as [(typeof candidates)[number]];
  const found = best.learner.learn(best.method.strength, () => true)[best.at]!;
  const { slope, bias, rule, predicted } = fitProfileRule(best.scored, target);
  const calibrated = { weights: found.weights.map((weight) => slope * weight), bias: slope * found.bias + bias };
  return {
    ...{ head: unscaled(scale, calibrated), spare, rule, method: best.method, folds, outOfFold: predicted },
    compared: candidates
      .map(({ method, loss }) => ({ ...method, loss }))
      .toSorted((one, other) => one.loss - other.loss),
  };
}

/** A profile as the numbers of its photos. */
interface Profile {
  readonly label: Label;
  readonly photos: readonly number[];
}

/** Groups photos by profile, in the order of each profile's first photo. */
function profilesOf(photos: readonly FoldedPhoto[]): Profile[] {
  const numbers = Map.groupBy(photos.keys(), (photo) => photos[photo]!.profile);
  return [...numbers.values()].map((own) => ({ label: photos[own[0]!]!.label, photos: own }));
}

/** Groups photos by profile for {@link learnNoisyOr}. */
export const groupsOf = (photos: readonly FoldedPhoto[]): PhotoGroup[] => profilesOf(photos).map(groupOf);

const groupOf = ({ label, photos }: Profile): PhotoGroup => ({ photos, isLike: label === 'LIKE' });

/** True if each label has at least 20 profiles. */
export const areEnoughProfiles = (counts: readonly number[]): boolean => Math.min(...counts) >= FEWEST_PROFILES;

/**
 * Checks that there are enough profiles to learn from, before anything is computed.
 *
 * @throws CommandError `dataset_too_small`, with the counts.
 */
export function checkProfiles(photos: readonly FoldedPhoto[]): void {
  const counts = countsOf(photos);
  if (areEnoughProfiles(counts)) return;
  const found = counts.map((count, index) => `${count} ${LABELS[index]}`);
  const message = `learning from profiles needs at least ${FEWEST_PROFILES} training profiles of each label, but there are only ${found.join(' and ')}`;
  throw new CommandError('dataset_too_small', message);
}

/** Returns the number of profiles of each label, in the order of `LABELS`. */
export const countsOf = (photos: readonly FoldedPhoto[]) =>
  LABELS.map((label) => new Set(photos.filter((photo) => photo.label === label).map(({ profile }) => profile)).size);

/** A way to learn heads on scaled features. */
interface Learner {
  readonly kind: ProfileMethod['kind'];
  /** The rounds after which {@link learn} returns a head. */
  readonly rounds: readonly number[];
  /** Learns from the profiles that `isTaken` accepts. Returns a head per entry of `rounds`. */
  readonly learn: (strength: number, isTaken: (profile: number) => boolean) => LinearHead[];
}

/** Logistic regression on the mean features of each profile. Both labels have the same total weight. */
function meanLearner(profiles: readonly Profile[], rows: Float64Array): Learner {
  const means = new Float64Array(profiles.length * FEATURE_COUNT);
  for (const [profile, { photos }] of profiles.entries()) {
    for (const photo of photos) {
      for (let at = 0; at < FEATURE_COUNT; at += 1) {
        means[profile * FEATURE_COUNT + at]! += rows[photo * FEATURE_COUNT + at]! / photos.length;
      }
    }
  }
  const groups = profiles.map(({ label }, profile) => ({ photos: [profile], isLike: label === 'LIKE' }));
  const learn = learnerOn(means, groups);
  return { kind: 'means', rounds: [0], learn: (strength, isTaken) => learn(strength, isTaken, 0) };
}

/** A noisy or over the photos of each profile. */
function photoLearner(profiles: readonly Profile[], rows: Float64Array): Learner {
  const groups = profiles.map(groupOf);
  const learn = learnerOn(rows, groups);
  return {
    kind: 'photos',
    rounds: ROUNDS,
    learn: (strength, isTaken) => {
      const heads = learn(strength, isTaken, Math.max(...ROUNDS));
      return ROUNDS.map((rounds) => heads[rounds]!);
    },
  };
}

/** Learns in the span of the rows if they are few. */
function learnerOn(rows: Float64Array, groups: readonly PhotoGroup[]) {
  const span = rows.length / FEATURE_COUNT <= MOST_SPANNED ? spanOf(rows, FEATURE_COUNT) : undefined;
  const space = span ? { rows: span.coordinates, dimensions: span.rank } : { rows, dimensions: FEATURE_COUNT };
  return (strength: number, isTaken: (group: number) => boolean, rounds: number): LinearHead[] => {
    const taken = groups.filter((_, group) => isTaken(group));
    const heads = learnNoisyOr({ ...space, groups: taken, strength, rounds, tolerance: TOLERANCE });
    if (!span) return heads;
    return heads.map(({ weights, bias }) => ({ weights: fromSpan(span, weights), bias }));
  };
}
