import { DEFAULT_THRESHOLD, type Label } from '@swipenet/shared/confidence.ts';
import {
  type JudgedPhoto,
  type PhotoMetrics,
  type ProfileMetrics,
  photoMetrics,
  profileMetrics,
  type ReliabilityBin,
  reliability,
} from '../evaluation/metrics.ts';
import { type FittedTemperature, fitTemperature } from '../evaluation/temperature.ts';
import { judgedPhotos, judgedProfiles, type ThresholdTable, thresholdTable } from '../evaluation/threshold-table.ts';
import type { MetricLine, Prediction } from '../run/run-files.ts';

/** Points of a curve: more than a screen has pixels tell nothing. */
const MOST_POINTS = 1500;

/** Photos among the most wrong. */
const MOST_WRONG = 20;

const HISTOGRAM_BINS = 20;

type StepLine = Extract<MetricLine, { kind: 'step' }>;
type EpochLine = Extract<MetricLine, { kind: 'epoch' }>;

/** One point of the training curves: the mean of the steps since the last. */
export type StepPoint = Pick<StepLine, 'epoch' | 'loss' | 'accuracy' | 'learningRate'>;

/** One point of the curves of a part as a whole. */
export type EpochPoint = Pick<EpochLine, 'epoch' | 'loss' | 'accuracy'>;

/** The validation photos as they are judged at a temperature. */
export interface Judged {
  readonly photos: PhotoMetrics;
  readonly profiles: ProfileMetrics;
  readonly bins: readonly ReliabilityBin[];
  /** How many photos of each label have a confidence in each of twenty equal bins. */
  readonly histogram: Readonly<Record<Label, readonly number[]>>;
}

/** What the validation part says of the best model. */
export interface Judgement {
  readonly temperature: FittedTemperature;
  readonly before: Judged;
  readonly after: Judged;
  readonly thresholds: ThresholdTable;
  /** The photos whose confidence is furthest from their label, after the temperature. */
  readonly mostWrong: readonly { readonly id: string; readonly label: Label; readonly like: number }[];
}

/** All that a report shows. */
export interface ReportData {
  readonly steps: readonly StepPoint[];
  readonly training: readonly EpochPoint[];
  readonly validation: readonly EpochPoint[];
  /** The last step, if there was one. */
  readonly last: StepLine | undefined;
  /** There once the run has ended. */
  readonly judgement: Judgement | undefined;
}

/** Makes a report's data of a run's metrics and, once there are any, of its predictions. */
export function reportData(lines: readonly MetricLine[], predictions: readonly Prediction[]): ReportData {
  const steps = lines.filter((line) => line.kind === 'step');
  const epochs = lines.filter((line) => line.kind === 'epoch');
  const ofPart = (part: EpochLine['part']) => epochs.filter((line) => line.part === part);
  return {
    steps: thinned(steps),
    training: ofPart('training').map(pointOf),
    validation: ofPart('validation').map(pointOf),
    last: steps.at(-1),
    judgement: predictions.length > 0 ? judge(predictions) : undefined,
  };
}

function judge(predictions: readonly Prediction[]): Judgement {
  const temperature = fitTemperature(predictions);
  const after = judgedPhotos(predictions, temperature.temperature);
  const wrongness = ({ label, like }: JudgedPhoto) => (label === 'LIKE' ? 1 - like : like);
  const mostWrong = predictions
    .map(({ id }, index) => ({ id, ...after[index]! }))
    .toSorted((a, b) => wrongness(b) - wrongness(a))
    .slice(0, MOST_WRONG);
  return {
    temperature,
    before: judgedAt(predictions, 1),
    after: judgedAt(predictions, temperature.temperature),
    thresholds: thresholdTable(predictions, temperature.temperature),
    mostWrong,
  };
}

function judgedAt(predictions: readonly Prediction[], temperature: number): Judged {
  const photos = judgedPhotos(predictions, temperature);
  const histogramOf = (label: Label) => {
    const counts = Array.from({ length: HISTOGRAM_BINS }, () => 0);
    for (const photo of photos) {
      if (photo.label === label) counts[Math.min(HISTOGRAM_BINS - 1, Math.floor(photo.like * HISTOGRAM_BINS))]! += 1;
    }
    return counts;
  };
  return {
    photos: photoMetrics(photos, DEFAULT_THRESHOLD),
    profiles: profileMetrics(judgedProfiles(predictions, temperature), DEFAULT_THRESHOLD),
    bins: reliability(photos),
    histogram: { NOPE: histogramOf('NOPE'), LIKE: histogramOf('LIKE') },
  };
}

/** Runs of steps as their mean, so that no more points than can be seen are left; the learning rate is that of the last. */
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
