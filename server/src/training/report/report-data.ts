import type { Label } from '@swipenet/shared/confidence.ts';
import { ARTICLE_RULE, type DecisionRule } from '@swipenet/shared/decision.ts';
import {
  type EvaluatedPhoto,
  type PhotoMetrics,
  type ProfileMetrics,
  photoMetrics,
  profileMetrics,
  type ReliabilityBin,
  reliability,
} from '../evaluation/metrics.ts';
import { type FittedTemperature, fitTemperature } from '../evaluation/temperature.ts';
import {
  evaluatedPhotos,
  evaluatedProfiles,
  type ThresholdTable,
  thresholdTable,
} from '../evaluation/threshold-table.ts';
import type { MetricLine, Prediction } from '../run/folder/run-files.ts';

/** The maximum number of points in a curve. A screen can't show more. */
const MOST_POINTS = 1500;

/** The number of photos in the list of the worst predictions. */
const MOST_WRONG = 20;

const HISTOGRAM_BINS = 20;

type StepLine = Extract<MetricLine, { kind: 'step' }>;
type EpochLine = Extract<MetricLine, { kind: 'epoch' }>;

/** A point of the per-batch curves: the mean of several steps. */
type StepPoint = Pick<StepLine, 'epoch' | 'loss' | 'accuracy' | 'learningRate'>;

/** A point of the per-epoch curves. */
type EpochPoint = Pick<EpochLine, 'epoch' | 'loss' | 'accuracy'>;

/** Metrics of the validation set at a temperature. */
export interface ValidationMetrics {
  readonly profiles: ProfileMetrics;
  readonly photos: PhotoMetrics;
  readonly bins: readonly ReliabilityBin[];
  /** The number of photos of each label in each of twenty equal bins of confidence. */
  readonly histogram: Readonly<Record<Label, readonly number[]>>;
}

/** The best model's results on the validation set. */
export interface ValidationResults {
  /** How profiles are decided. Its threshold is also that of the photos. */
  readonly rule: DecisionRule;
  /** How confidences are calibrated. Under the rule `profile`, the margins are calibrated already. */
  readonly temperature: FittedTemperature | { readonly temperature: 1; readonly reason: 'calibrated' };
  readonly before: ValidationMetrics;
  readonly after: ValidationMetrics;
  readonly thresholds: ThresholdTable;
  /** The photos whose confidence is furthest from their label, after the temperature. */
  readonly mostWrong: readonly { readonly id: string; readonly label: Label; readonly like: number }[];
}

/** Everything that a report shows. */
export interface ReportData {
  readonly steps: readonly StepPoint[];
  readonly training: readonly EpochPoint[];
  readonly validation: readonly EpochPoint[];
  /** The last step; `undefined` before the first. */
  readonly last: StepLine | undefined;
  /** The results of the best model; `undefined` until the run has finished. */
  readonly results: ValidationResults | undefined;
}

/**
 * Computes a report's data from a run's metrics and, once the run has finished, its predictions.
 *
 * @param rule how the run's model decides profiles.
 */
export function reportData(
  lines: readonly MetricLine[],
  predictions: readonly Prediction[],
  rule: DecisionRule = ARTICLE_RULE,
): ReportData {
  const steps = lines.filter((line) => line.kind === 'step');
  const epochs = lines.filter((line) => line.kind === 'epoch');
  const ofPart = (part: EpochLine['part']) => epochs.filter((line) => line.part === part);
  return {
    steps: thinned(steps),
    training: ofPart('training').map(pointOf),
    validation: ofPart('validation').map(pointOf),
    last: steps.at(-1),
    results: predictions.length > 0 ? resultsOf(predictions, rule) : undefined,
  };
}

function resultsOf(predictions: readonly Prediction[], rule: DecisionRule): ValidationResults {
  const temperature =
    rule.rule === 'profile' ? ({ temperature: 1, reason: 'calibrated' } as const) : fitTemperature(predictions);
  const after = evaluatedPhotos(predictions, temperature.temperature);
  const wrongness = ({ label, like }: EvaluatedPhoto) => (label === 'LIKE' ? 1 - like : like);
  const mostWrong = predictions
    .map(({ id }, index) => ({ id, ...after[index]! }))
    .toSorted((a, b) => wrongness(b) - wrongness(a))
    .slice(0, MOST_WRONG);
  return {
    rule,
    temperature,
    before: metricsAt(predictions, 1, rule),
    after: metricsAt(predictions, temperature.temperature, rule),
    thresholds: thresholdTable(predictions, temperature.temperature, rule),
    mostWrong,
  };
}

function metricsAt(predictions: readonly Prediction[], temperature: number, rule: DecisionRule): ValidationMetrics {
  const photos = evaluatedPhotos(predictions, temperature);
  const histogramOf = (label: Label) => {
    const counts = Array.from({ length: HISTOGRAM_BINS }, () => 0);
    for (const photo of photos) {
      if (photo.label === label) counts[Math.min(HISTOGRAM_BINS - 1, Math.floor(photo.like * HISTOGRAM_BINS))]! += 1;
    }
    return counts;
  };
  return {
    profiles: profileMetrics(evaluatedProfiles(predictions, temperature), rule),
    photos: photoMetrics(photos, rule.threshold),
    bins: reliability(photos),
    histogram: { NOPE: histogramOf('NOPE'), LIKE: histogramOf('LIKE') },
  };
}

/**
 * Averages consecutive steps, so that the curve has no more points than a screen. Keeps the last learning rate of each.
 */
function thinned(steps: readonly StepLine[]): StepPoint[] {
  const each = Math.ceil(steps.length / MOST_POINTS) || 1;
  return Array.from({ length: Math.ceil(steps.length / each) }, (_, index) => {
    const some = steps.slice(index * each, (index + 1) * each);
    const mean = (of: (step: StepLine) => number) => some.reduce((sum, step) => sum + of(step), 0) / some.length;
    const { epoch, learningRate } = some.at(-1)!;
    return { epoch, learningRate, loss: mean(({ loss }) => loss), accuracy: mean(({ accuracy }) => accuracy) };
  });
}

const pointOf = ({ epoch, loss, accuracy }: EpochLine): EpochPoint => ({ epoch, loss, accuracy });
