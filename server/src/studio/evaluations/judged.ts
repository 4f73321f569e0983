import type { Label } from '@swipenet/shared/confidence.ts';
import type {
  EvaluationFigures,
  EvaluationResult,
  EvaluationScores,
} from '@swipenet/shared/contract/studio/evaluations.ts';
import { type DecisionRule, decide, logitOf } from '@swipenet/shared/decision.ts';
import { type RankedScores, ranked, type ScoredItem } from '@swipenet/shared/ranked-scores.ts';
import { auc, calibrationError, reliability, rocCurve } from '../../training/evaluation/metrics.ts';
import { meanLoss } from '../../training/evaluation/temperature.ts';

/** The resolution of a ROC curve. A chart has a few hundred pixels. */
const ROC_STEPS = 100;

/** A scored photo of a dataset. */
export interface JudgedPhoto extends ScoredItem {
  /** The number of its profile. */
  readonly profile: number;
}

/** What a model makes of a part of a dataset. */
export interface Judged {
  readonly figures: Pick<EvaluationResult, 'photos' | 'profiles'>;
  readonly scores: EvaluationScores;
}

/**
 * Computes the figures of photos and of their profiles, which a rule decides. Its threshold doesn't matter here. All
 * photos of each profile must be there.
 */
export function judge(photos: readonly JudgedPhoto[], rule: DecisionRule): Judged {
  const profiles = judgedProfiles(photos, rule);
  const rankedPhotos = ranked(photos);
  return {
    figures: { photos: figuresOf(photos), profiles: figuresOf(profiles) },
    scores: {
      photos: { ...scoresOf(rankedPhotos), profiles: Uint32Array.from(rankedPhotos, ({ profile }) => profile) },
      profiles: scoresOf(ranked(profiles)),
    },
  };
}

/** Returns each profile with the confidence that decides. Confidences are float32, as a model's are. */
function judgedProfiles(photos: readonly JudgedPhoto[], rule: DecisionRule): ScoredItem[] {
  const profiles = new Map<number, { label: Label; likes: number[] }>();
  for (const { profile, label, like } of photos) {
    const known = profiles.get(profile) ?? { label, likes: [] };
    profiles.set(profile, known);
    known.likes.push(like);
  }
  return [...profiles].map(([number, { label, likes }]) => {
    const { like } = decide({ likes, photoCount: likes.length, rule });
    return { number, label, like: Math.fround(like!) };
  });
}

function figuresOf(items: readonly ScoredItem[]): EvaluationFigures {
  return {
    count: items.length,
    likes: items.filter(({ label }) => label === 'LIKE').length,
    auc: auc(items),
    ece: calibrationError(items),
    meanLoss: meanLoss(items.map(({ label, like }) => ({ label, margin: logitOf(like) }))),
    reliability: reliability(items),
    roc: rocCurve(items, ROC_STEPS),
  };
}

const scoresOf = (rows: readonly ScoredItem[]): RankedScores => ({
  numbers: Uint32Array.from(rows, ({ number }) => number),
  likes: Float32Array.from(rows, ({ like }) => like),
  likeCount: rows.filter(({ label }) => label === 'LIKE').length,
});
