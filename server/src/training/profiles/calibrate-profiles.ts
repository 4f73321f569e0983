import type { Label } from '@swipenet/shared/confidence.ts';
import { meanLoss } from '../evaluation/temperature.ts';
import { fitLogistic } from '../head/logistic.ts';

/** The margins of a profile's photos, at least one, and the profile's label. */
export interface ScoredProfile {
  readonly label: Label;
  readonly margins: readonly number[];
}

/**
 * Turns the margins of a profile's photos into the logit that the profile is a LIKE:
 * `largest · max(margins) + mean · mean(margins) + perLogCount · ln(number of photos) + bias`.
 */
export interface ProfileCalibration {
  /** 0 or more. */
  readonly largest: number;
  /** 0 or more. `largest + mean` is above 0. */
  readonly mean: number;
  readonly perLogCount: number;
  readonly bias: number;
}

/** The L2 regularization per profile of the slopes on standardized inputs. It only matters for few profiles. */
const RIDGE = 1e-3;

/** The slope on the mean if margins say nothing about labels. It must be above 0, so that photos keep their order. */
const LEAST_SLOPE = 0.01;

/** An input counts as constant if its variance is at most this fraction of its squared mean. */
const CONSTANT = 1e-20;

/**
 * Fits the calibration by logistic regression on profiles that the margins' head wasn't trained on. Every profile
 * counts once, so the probabilities follow the person's own like rate. Labels are smoothed by Platt's targets (1999):
 * (n + 1) / (n + 2) for n LIKE profiles, and 1 / (n + 2) for n NOPE profiles. A higher margin never lowers the
 * probability: a slope that would be negative is 0.
 *
 * @param profiles at least one of each label.
 */
export function calibrateProfiles(profiles: readonly ScoredProfile[]): ProfileCalibration {
  const inputs = profiles.map(({ margins }) => inputsOf(margins));
  const targets = plattTargets(profiles);
  for (const used of [
    [0, 1, 2],
    [0, 2],
    [1, 2],
  ]) {
    const [largest, mean, perLogCount, bias] = fitInputs(inputs, targets, used);
    if (largest! >= 0 && mean! >= 0 && largest! + mean! >= LEAST_SLOPE) {
      return { largest: largest!, mean: mean!, perLogCount: perLogCount!, bias: bias! };
    }
  }
  const likes = targets.reduce((sum, target) => sum + target, 0) / targets.length;
  return { largest: 0, mean: LEAST_SLOPE, perLogCount: 0, bias: Math.log(likes / (1 - likes)) };
}

/** Returns the logit of a profile's probability. */
export function profileLogit({ largest, mean, perLogCount, bias }: ProfileCalibration, margins: readonly number[]) {
  const [highest, average, logCount] = inputsOf(margins);
  return largest * highest + mean * average + perLogCount * logCount + bias;
}

/**
 * Returns the mean log loss of profiles, in nats, if each fold is calibrated on the other folds. Unlike the loss of a
 * calibration on its own profiles, it is fair to heads with different numbers of parameters.
 */
export function crossFittedLoss(profiles: readonly ScoredProfile[], foldOf: readonly number[]): number {
  const logits = crossFittedLogits(profiles, foldOf);
  return meanLoss(profiles.map(({ label }, index) => ({ label, margin: logits[index]! })));
}

/**
 * Returns the logit of each profile's probability if its fold is calibrated on the other folds.
 *
 * @param foldOf the fold of each profile. The other folds must have profiles of both labels.
 */
export function crossFittedLogits(profiles: readonly ScoredProfile[], foldOf: readonly number[]): number[] {
  const logits = new Array<number>(profiles.length);
  for (const fold of new Set(foldOf)) {
    const calibration = calibrateProfiles(profiles.filter((_, index) => foldOf[index] !== fold));
    for (const [index, { margins }] of profiles.entries()) {
      if (foldOf[index] === fold) logits[index] = profileLogit(calibration, margins);
    }
  }
  return logits;
}

function inputsOf(margins: readonly number[]): readonly [number, number, number] {
  const mean = margins.reduce((sum, margin) => sum + margin, 0) / margins.length;
  const largest = margins.reduce((one, other) => Math.max(one, other));
  return [largest, mean, Math.log(margins.length)];
}

function plattTargets(profiles: readonly ScoredProfile[]): number[] {
  const likes = profiles.filter(({ label }) => label === 'LIKE').length;
  const nopes = profiles.length - likes;
  return profiles.map(({ label }) => (label === 'LIKE' ? (likes + 1) / (likes + 2) : 1 / (nopes + 2)));
}

/** Fits slopes for some inputs, and a bias. Returns `[largest, mean, perLogCount, bias]`, 0 for unused inputs. */
function fitInputs(
  inputs: readonly (readonly number[])[],
  targets: readonly number[],
  used: readonly number[],
): number[] {
  const count = inputs.length;
  const centers = used.map((input) => inputs.reduce((sum, row) => sum + row[input]!, 0) / count);
  const scales = used.map((input, at) => {
    const variance = inputs.reduce((sum, row) => sum + (row[input]! - centers[at]!) ** 2, 0) / count;
    // If all profiles have the same number of photos, rounding alone makes its logarithm vary.
    return variance > CONSTANT * centers[at]! ** 2 ? 1 / Math.sqrt(variance) : 0;
  });
  const rows = Float64Array.from(
    inputs.flatMap((row) => used.map((input, at) => (row[input]! - centers[at]!) * scales[at]!)),
  );
  const problem = { rows, dimensions: used.length, targets, weights: inputs.map(() => 1), strength: RIDGE * count };
  const { weights, bias: center } = fitLogistic(problem);
  const slopes = used.map((_, at) => weights[at]! * scales[at]!);
  const bias = slopes.reduce((sum, slope, at) => sum - slope * centers[at]!, center);
  const all = [0, 0, 0, bias];
  for (const [at, input] of used.entries()) all[input] = slopes[at]!;
  return all;
}
