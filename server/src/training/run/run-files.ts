import { LABELS } from '@swipenet/shared/confidence.ts';
import * as z from 'zod';

/** The files of a run's folder that its report is made of. */
export const RUN_FILES = { metrics: 'metrics.jsonl', predictions: 'predictions.jsonl', report: 'report.html' } as const;

const finite = z.number();

/** Lines of runs that began before `learningRate` had one name everywhere call it `rate`. */
function withLearningRate(line: unknown): unknown {
  if (typeof line !== 'object' || line === null || !('rate' in line)) return line;
  const { rate: learningRate, ...others } = line;
  return { ...others, learningRate };
}

/**
 * One line of a run's `metrics.jsonl`. A `step` line tells one training step (or the last of a call with several); an
 * `epoch` line tells a part as a whole, `validation` after each epoch and `training` as the mean of its steps.
 */
const currentLineSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('step'),
    /** Steps behind, this one included. */
    step: z.int().min(1),
    /** Epochs behind, with the part of the current one: 0.5 is the middle of the first. */
    epoch: finite,
    /** Of this step's batch: the weighed sum of the heads, as it is minimised. */
    loss: finite,
    /** Of this step's batch, by the main classifier, 0 to 1. */
    accuracy: finite,
    /** The learning rate of this step. */
    learningRate: finite,
    imagesPerSecond: finite,
    /** Share of the run so far, 0 to 1, that was spent waiting for data. */
    waiting: finite,
  }),
  z.strictObject({
    kind: z.literal('epoch'),
    step: z.int().min(0),
    epoch: finite,
    part: z.enum(['training', 'validation']),
    /** Cross-entropy of the main classifier, mean a photo, in nats. */
    loss: finite,
    /** 0 to 1, at equal confidences (LIKE above 0.5). */
    accuracy: finite,
  }),
]);

/** Parses a line of `metrics.jsonl`, an earlier version's too. */
export const metricLineSchema = z.preprocess(withLearningRate, currentLineSchema);

/** A step or an epoch of a run. */
export type MetricLine = z.infer<typeof currentLineSchema>;

/**
 * One line of a run's `predictions.jsonl`: what the best model says of one photo of the validation part, before any
 * temperature. The confidence is `1 / (1 + exp(−margin / temperature))`.
 */
export const predictionSchema = z.strictObject({
  /** The photo's id in the data set. */
  id: z.string(),
  /** The number of its profile in the data set. */
  profile: z.int().min(0),
  label: z.enum(LABELS),
  /** The logit of LIKE minus that of NOPE. */
  margin: finite,
});

/** See {@link predictionSchema}. */
export type Prediction = z.infer<typeof predictionSchema>;
