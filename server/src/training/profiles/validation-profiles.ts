import { LABELS } from '@swipenet/shared/confidence.ts';
import { CommandError } from '../../command-error.ts';
import { meanLoss } from '../evaluation/temperature.ts';
import { type FoldedPhoto, foldsOf } from '../head/folds.ts';
import type { Prediction } from '../run/folder/run-files.ts';
import { crossFittedLogits, type ScoredProfile } from './calibrate-profiles.ts';
import { countsOf } from './learn-profiles.ts';

/**
 * The minimum number of validation profiles per label. The calibration has four parameters, and a threshold is chosen
 * besides.
 */
const FEWEST_VALIDATION_PROFILES = 10;

/** Figures of a network on validation profiles. */
export interface ProfileFigures {
  /** The mean log loss, in nats per profile. */
  readonly loss: number;
  /** The share of profiles on the right side of 0.5. */
  readonly accuracy: number;
}

/**
 * Checks that there are enough validation profiles to calibrate how profiles are decided.
 *
 * @throws CommandError `dataset_too_small`, with the counts and with what to do.
 */
export function checkValidationProfiles(photos: readonly FoldedPhoto[]): void {
  const counts = countsOf(photos);
  if (Math.min(...counts) >= FEWEST_VALIDATION_PROFILES) return;
  const found = counts.map((count, index) => `${count} ${LABELS[index]}`);
  const message = `training the whole network on profiles needs at least ${FEWEST_VALIDATION_PROFILES} validation profiles of each label, but there are only ${found.join(' and ')}. Use --mode head, which needs none, or build the dataset from more profiles`;
  throw new CommandError('dataset_too_small', message);
}

/** Groups the margins of photos by profile, in the order of each profile's first photo. */
export function scoredProfiles(predictions: readonly Prediction[]): ScoredProfile[] {
  const profiles = [...Map.groupBy(predictions, ({ profile }) => profile).values()];
  return profiles.map((own) => ({ label: own[0]!.label, margins: own.map(({ margin }) => margin) }));
}

/**
 * Measures how well margins tell profiles apart, whatever their scale: in each of five folds, profiles are rated by the
 * calibration of the other folds.
 *
 * @param predictions of all photos of at least two profiles per label.
 * @param seed fixes the folds.
 */
export function profileFigures(predictions: readonly Prediction[], seed: number): ProfileFigures {
  const { foldOf } = foldsOf(predictions, seed);
  const photos = Map.groupBy(predictions.keys(), (photo) => predictions[photo]!.profile);
  const profiles = scoredProfiles(predictions);
  const logits = crossFittedLogits(
    profiles,
    [...photos.values()].map(([first]) => foldOf[first!]!),
  );
  const rated = profiles.map(({ label }, index) => ({ label, margin: logits[index]! }));
  const right = rated.filter(({ label, margin }) => (label === 'LIKE') === margin >= 0);
  return { loss: meanLoss(rated), accuracy: right.length / rated.length };
}
