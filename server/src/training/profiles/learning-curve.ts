import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import { seededRandom, shuffled } from '@swipenet/shared/random.ts';
import { type EvaluatedProfile, type ProfileMetrics, profileMetrics } from '../evaluation/metrics.ts';
import { FEATURE_COUNT } from '../head/feature-model.ts';
import type { FoldedPhoto } from '../head/folds.ts';
import { marginsOfRows } from '../head/logistic.ts';
import { areEnoughProfiles, type LearnedProfiles, learnProfiles, type ProfileLearning } from './learn-profiles.ts';

/** What was learned from the first swipes, and how well it predicted the next ones. */
export interface CurvePoint extends Pick<LearnedProfiles, 'method' | 'rule'> {
  /** The number of swipes that it learned from, and how many of them were likes. */
  readonly swipes: number;
  readonly likes: number;
  /** Metrics of the swipes up to the next point, each predicted before it was made. */
  readonly next: ProfileMetrics;
}

/** The swipes after which to learn: the first possible moment, and then twice as many each time. */
const FIRST_SWIPES = 40;

/**
 * Plays labeled profiles as a stream of swipes in random order. After 40 swipes, or as soon as there are 20 of each
 * label, it learns from all swipes so far, and again each time that their number has doubled. What it learned predicts
 * the swipes up to the next point, so no swipe is predicted by a head that has seen it.
 *
 * @param photos the photos of all profiles.
 * @param features `[photos · crops, 1856]`, as `learnProfiles` takes them.
 * @returns no points if there never are 20 profiles of each label, or none are left to predict.
 */
export function learningCurve(
  photos: readonly FoldedPhoto[],
  features: Float32Array,
  learning: ProfileLearning & { readonly seed: number },
): CurvePoint[] {
  const perPhoto = features.length / photos.length;
  const numbers = [...Map.groupBy(photos.keys(), (photo) => photos[photo]!.profile).values()];
  const stream = shuffled(seededRandom(learning.seed), numbers);
  const points: CurvePoint[] = [];
  const labels = stream.map(([first]) => photos[first!]!.label);
  for (let swipes = firstMoment(labels); swipes < stream.length; swipes *= 2) {
    const past = stream.slice(0, swipes).flat();
    const seen = past.map((photo) => photos[photo]!);
    const own = new Float32Array(past.length * perPhoto);
    for (const [at, photo] of past.entries()) {
      own.set(features.subarray(photo * perPhoto, (photo + 1) * perPhoto), at * perPhoto);
    }
    const learned = learnProfiles(seen, own, learning);
    const next = stream.slice(swipes, 2 * swipes).map((profile) => scored(learned, profile, photos, features));
    const likes = labels.slice(0, swipes).filter((label) => label === 'LIKE').length;
    const { method, rule } = learned;
    points.push({ swipes, likes, method, rule, next: profileMetrics(next, rule) });
  }
  return points;
}

/** Returns the number of swipes after which to learn first, or Infinity if there never are enough of each label. */
function firstMoment(labels: readonly Label[]): number {
  const counts = { NOPE: 0, LIKE: 0 };
  for (const [before, label] of labels.entries()) {
    counts[label] += 1;
    if (before + 1 >= FIRST_SWIPES && areEnoughProfiles(LABELS.map((one) => counts[one]))) return before + 1;
  }
  return Number.POSITIVE_INFINITY;
}

/** Scores a profile by the first crop of each photo, as serving does. */
function scored(
  { head }: LearnedProfiles,
  profile: readonly number[],
  photos: readonly FoldedPhoto[],
  features: Float32Array,
): EvaluatedProfile {
  const perPhoto = features.length / photos.length;
  const likes = profile.map((photo) => {
    const row = Float64Array.from(features.subarray(photo * perPhoto, photo * perPhoto + FEATURE_COUNT));
    return 1 / (1 + Math.exp(-marginsOfRows(row, head)[0]!));
  });
  return { label: photos[profile[0]!]!.label, likes };
}
