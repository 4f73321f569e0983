import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { accuracyOf, type Confusion, labelCounts, precisionOf, recallOf } from '@swipenet/shared/confusion.ts';
import { type DecisionRule, withThreshold } from '@swipenet/shared/decision.ts';
import type { Prediction } from '../run/folder/run-files.ts';
import { type EvaluatedPhoto, type EvaluatedProfile, photoMetrics, profileMetrics } from './metrics.ts';
import { confidenceOf, type MarginPhoto } from './temperature.ts';

/** The thresholds of the table, including the article's 40%. */
export const THRESHOLDS = [0.05, 0.1, 0.2, 0.3, DEFAULT_THRESHOLD, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95] as const;

/** The effect of a threshold on photos or on profiles. */
interface ThresholdFigures {
  /** The fraction called LIKE. */
  readonly liked: number;
  readonly accuracy: number;
  /** The fraction of the LIKEs that are called LIKE (recall). */
  readonly likesFound: number;
  /** The fraction of the NOPEs that are called LIKE. */
  readonly nopesLiked: number;
  /** Of those called LIKE, the fraction that are LIKE; `null` if none is called LIKE. */
  readonly precision: number | null;
}

/** One threshold, for profiles, which the model's rule decides, and for photos. */
export interface ThresholdRow {
  readonly threshold: number;
  readonly profiles: ThresholdFigures;
  readonly photos: ThresholdFigures;
}

/** Every threshold before and after a temperature, and the equivalents of the article's threshold. */
export interface ThresholdTable {
  readonly temperature: number;
  readonly before: readonly ThresholdRow[];
  readonly after: readonly ThresholdRow[];
  /**
   * The article's 40% threshold: the confidence after the temperature of a photo with 0.40 before, and the confidence
   * before of a photo with 0.40 after. A temperature keeps the ranking, so both thresholds of a pair decide alike.
   */
  readonly article: { readonly threshold: number; readonly beforeBecomes: number; readonly afterWas: number };
}

/** Computes the table of a model's predictions. Profiles are decided by the rule, at each threshold of the table. */
export function thresholdTable(
  predictions: readonly Prediction[],
  temperature: number,
  rule: DecisionRule,
): ThresholdTable {
  const logit = Math.log(DEFAULT_THRESHOLD / (1 - DEFAULT_THRESHOLD));
  return {
    temperature,
    before: rowsAt(predictions, 1, rule),
    after: rowsAt(predictions, temperature, rule),
    article: {
      threshold: DEFAULT_THRESHOLD,
      beforeBecomes: confidenceOf(logit, temperature),
      afterWas: confidenceOf(logit * temperature),
    },
  };
}

/** Converts predictions to photos with a confidence, at a temperature. */
export function evaluatedPhotos(predictions: readonly MarginPhoto[], temperature: number): EvaluatedPhoto[] {
  return predictions.map(({ label, margin }) => ({ label, like: confidenceOf(margin, temperature) }));
}

/** Groups predictions by profile, in the order of each profile's first photo. */
export function evaluatedProfiles(predictions: readonly Prediction[], temperature: number): EvaluatedProfile[] {
  const profiles = new Map<number, { label: EvaluatedProfile['label']; likes: number[] }>();
  for (const { profile, label, margin } of predictions) {
    const known = profiles.get(profile) ?? { label, likes: [] };
    known.likes.push(confidenceOf(margin, temperature));
    profiles.set(profile, known);
  }
  return [...profiles.values()];
}

function rowsAt(predictions: readonly Prediction[], temperature: number, rule: DecisionRule): ThresholdRow[] {
  const photos = evaluatedPhotos(predictions, temperature);
  const profiles = evaluatedProfiles(predictions, temperature);
  return THRESHOLDS.map((threshold) => ({
    threshold,
    profiles: figuresOf(profileMetrics(profiles, withThreshold(rule, threshold)).confusion),
    photos: figuresOf(photoMetrics(photos, threshold).confusion),
  }));
}

function figuresOf(confusion: Confusion): ThresholdFigures {
  const { LIKE, NOPE } = confusion;
  const { LIKE: likes, NOPE: nopes } = labelCounts(confusion);
  const per = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return {
    liked: per(LIKE.LIKE + NOPE.LIKE, likes + nopes),
    accuracy: accuracyOf(confusion, likes + nopes),
    likesFound: recallOf(confusion) ?? 0,
    nopesLiked: per(NOPE.LIKE, nopes),
    precision: precisionOf(confusion),
  };
}
