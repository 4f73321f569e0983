import { CommandError } from '@swipenet/server/command-error.ts';
import {
  type EvaluatedPhoto,
  type EvaluatedProfile,
  type ProfileMetrics,
  profileMetrics,
} from '@swipenet/server/training/evaluation/metrics.ts';
import { FEATURE_COUNT } from '@swipenet/server/training/head/feature-model.ts';
import type { SpareFilters } from '@swipenet/server/training/head/fold-head.ts';
import { marginsOfRows } from '@swipenet/server/training/head/logistic.ts';
import { decide } from '@swipenet/shared/decision.ts';
import { type LearnedTaste, METHODS, type MethodName } from './methods.ts';
import { type DrawnProfile, type PhotoKinds, personaProfiles, recorded } from './personas.ts';

/** Every photo's kind and its features. */
export interface KnownPhotos {
  readonly kinds: PhotoKinds;
  /** `[photos · crops, 1856]`. The crops of a photo are consecutive, starting with serving's crop. */
  readonly features: Float32Array;
  /** The network's own spare filters, if it has them. */
  readonly spare: SpareFilters | undefined;
}

/** What to learn from. */
export interface Setting {
  /** The kind that the persona likes. */
  readonly persona: string;
  /** The number of training profiles. */
  readonly size: number;
  /** The share of training profiles with the wrong label. */
  readonly wrongShare: number;
  readonly seed: number;
}

/** How well one method predicted the test profiles of one setting. */
export interface Outcome {
  readonly metrics: ProfileMetrics;
  /** The test profiles with the probability that decided each. */
  readonly rated: readonly EvaluatedPhoto[];
}

/** The number of test profiles. Their labels are right. */
export const TEST_PROFILES = 120;

/** Learns by one method in one setting. Returns undefined if the method refuses because there are too few profiles. */
export function trySetting(photos: KnownPhotos, method: MethodName, setting: Setting): Outcome | undefined {
  const { persona, size, wrongShare, seed } = setting;
  const drawn = personaProfiles(photos.kinds, { kind: persona, training: size, test: TEST_PROFILES, seed });
  const training = recorded(drawn.training, size, wrongShare);
  const numbers = training.flatMap((profile) => profile.photos);
  const labeled = training.flatMap(({ label, photos: own }, profile) => own.map(() => ({ label, profile })));
  const perPhoto = photos.features.length / photos.kinds.length;
  const features = new Float32Array(numbers.length * perPhoto);
  for (const [at, photo] of numbers.entries()) {
    features.set(photos.features.subarray(photo * perPhoto, (photo + 1) * perPhoto), at * perPhoto);
  }
  try {
    const learned = METHODS[method].learn({ photos: labeled, features, seed, spare: photos.spare });
    return outcomeOf(
      drawn.test.map((profile) => scored(photos, profile, learned)),
      learned,
    );
  } catch (error) {
    if (error instanceof CommandError && error.code === 'dataset_too_small') return undefined;
    throw error;
  }
}

/** Scores a profile by the first crop of each photo, as serving does. */
function scored(
  { kinds, features }: KnownPhotos,
  { label, photos }: DrawnProfile,
  { head, likes }: LearnedTaste,
): EvaluatedProfile {
  const perPhoto = features.length / kinds.length;
  const margins = photos.map((photo) => {
    const first = features.subarray(photo * perPhoto, photo * perPhoto + FEATURE_COUNT);
    return marginsOfRows(Float64Array.from(first), head)[0]!;
  });
  return { label, likes: likes(margins) };
}

function outcomeOf(profiles: readonly EvaluatedProfile[], { rule }: LearnedTaste): Outcome {
  const rated = profiles.map(({ label, likes }) => {
    return { label, like: decide({ likes, photoCount: likes.length, rule }).like! };
  });
  return { metrics: profileMetrics(profiles, rule), rated };
}
