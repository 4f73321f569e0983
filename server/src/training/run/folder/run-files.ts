import { LABELS } from '@swipenet/shared/confidence.ts';
import * as z from 'zod';

/**
 * The report in a run's folder and the files that it is made from; the targets, if labels are of whole profiles; and what
 * shows whether a process trains the run.
 */
export const RUN_FILES = {
  metrics: 'metrics.jsonl',
  predictions: 'predictions.jsonl',
  report: 'report.html',
  targets: 'targets.jsonl',
  lock: 'lock',
  state: 'state.json',
} as const;

const finite = z.number();

/** Runs of earlier versions call the learning rate `rate`. */
function withLearningRate(line: unknown): unknown {
  if (typeof line !== 'object' || line === null || !('rate' in line)) return line;
  const { rate: learningRate, ...others } = line;
  return { ...others, learningRate };
}

/**
 * One line of a run's `metrics.jsonl`. A `step` line is about one training step. An `epoch` line is about a whole
 * split: `validation` is measured after each epoch, and `training` is the mean over the epoch's steps.
 */
const currentLineSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('step'),
    /** Steps completed, including this one. */
    step: z.int().min(1),
    /** Epochs completed, as a fraction: 0.5 is the middle of the first epoch. */
    epoch: finite,
    /** The loss that this step minimizes: the weighted sum over all classifiers. */
    loss: finite,
    /** The main classifier's accuracy on this batch, from 0 to 1. A photo counts by its weight. */
    accuracy: finite,
    learningRate: finite,
    imagesPerSecond: finite,
    /** The fraction of the run so far that was spent waiting for data, from 0 to 1. */
    waiting: finite,
  }),
  z.strictObject({
    kind: z.literal('epoch'),
    step: z.int().min(0),
    epoch: finite,
    part: z.enum(['training', 'validation']),
    /**
     * Mean cross-entropy of the main classifier, in nats per photo. If labels are of whole profiles, that of the
     * validation set is the log loss of profiles, in nats per profile.
     */
    loss: finite,
    /** From 0 to 1, with a threshold of 0.5: of photos or of profiles, as the loss. */
    accuracy: finite,
  }),
]);

/** Parses a line of `metrics.jsonl`, which an earlier version may have written. */
export const metricLineSchema = z.preprocess(withLearningRate, currentLineSchema);

export type MetricLine = z.infer<typeof currentLineSchema>;

/**
 * One line of a run's `predictions.jsonl`: the best model's output for one validation photo, before the temperature.
 * The confidence is `1 / (1 + exp(−margin / temperature))`. If labels are of whole profiles, margins are calibrated and
 * the temperature is 1.
 */
export const predictionSchema = z.strictObject({
  /** The photo's ID in the dataset. */
  id: z.string(),
  /** The number of the photo's profile in the dataset. */
  profile: z.int().min(0),
  label: z.enum(LABELS),
  /** LIKE's logit minus NOPE's. */
  margin: finite,
});

export type Prediction = z.infer<typeof predictionSchema>;
