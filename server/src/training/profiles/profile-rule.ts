import type { DecisionRule } from '@swipenet/shared/decision.ts';
import { calibrateProfiles, profileLogit, type ScoredProfile } from './calibrate-profiles.ts';
import { chooseThreshold, type PredictedProfile, type Target } from './target.ts';

/** The rule that combines all photos of a profile. */
export type ProfileRule = Extract<DecisionRule, { rule: 'profile' }>;

/** How photos that have margins become photos that have confidences, and how profiles are decided by them. */
export interface FittedRule {
  /**
   * A photo's calibrated margin is `slope · margin + bias`. It is the logit of the probability that a profile with only
   * this photo is a LIKE. The slope is above 0.
   */
  readonly slope: number;
  readonly bias: number;
  /** The rule for calibrated margins. */
  readonly rule: ProfileRule;
  /** The probability of each profile under the rule. */
  readonly predicted: readonly PredictedProfile[];
}

/**
 * Fits the rule `profile` on profiles that the margins' model wasn't trained on: calibrates it, and chooses its
 * threshold for the target.
 *
 * @param profiles at least one of each label.
 */
export function fitProfileRule(profiles: readonly ScoredProfile[], target: Target): FittedRule {
  const calibration = calibrateProfiles(profiles);
  const { largest, mean, perLogCount, bias } = calibration;
  const slope = largest + mean;
  const predicted = profiles.map(({ label, margins }) => {
    return { label, like: 1 / (1 + Math.exp(-profileLogit(calibration, margins))) };
  });
  const threshold = chooseThreshold(predicted, target);
  return { slope, bias, rule: { rule: 'profile', threshold, largestShare: largest / slope, perLogCount }, predicted };
}
