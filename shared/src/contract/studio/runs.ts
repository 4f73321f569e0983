import * as z from 'zod/mini';
import { trainingRequestSchema } from './training.ts';

/**
 * How a run is doing. `waiting` to `stopping` are those that go on. `stopped` and `killed` can be resumed, as can `failed`
 * if there is a checkpoint.
 */
export const RUN_STATES = [
  'waiting',
  'running',
  'stopping',
  'stopped',
  'finished',
  'failed',
  'killed',
  'damaged',
] as const;

export type RunState = (typeof RUN_STATES)[number];

/** How far a run has come. */
export const runProgressSchema = z.object({
  step: z.int(),
  /** The number of steps of the whole run, as far as it is known. */
  steps: z.int(),
  /** Epochs completed, as a fraction, and those of the whole run. */
  epoch: z.number(),
  epochs: z.int(),
  imagesPerSecond: z.number(),
  /** The time that the remaining steps take at this speed. */
  leftMs: z.number(),
});

export type RunProgress = z.infer<typeof runProgressSchema>;

/** A run: what trains a model, started by the studio or by a command. */
export const studioRunSchema = z.object({
  /** The name of its folder, and the ID of its model. */
  name: z.string(),
  state: z.enum(RUN_STATES),
  /** Why it failed, or what is wrong with it. */
  message: z.nullable(z.string()),
  /** The studio's last job of this run. Null if a command started it, or the job was deleted. */
  job: z.nullable(z.string()),
  /** When it was last started, or else added. Null if nobody knows. */
  at: z.nullable(z.string()),
  /** What it trains, for its description and for a clone. Null if that isn't known yet, or no longer. */
  request: z.nullable(trainingRequestSchema),
  /** The name of its dataset's folder. */
  datasetName: z.nullable(z.string()),
  /** Null before the first step, and for a head, which has no steps. */
  progress: z.nullable(runProgressSchema),
  canResume: z.boolean(),
  hasReport: z.boolean(),
  /** True if the model that it made exists. */
  hasModel: z.boolean(),
});

export type StudioRun = z.infer<typeof studioRunSchema>;

/** The response of `GET /v1/studio/runs`, newest first. */
export const studioRunsSchema = z.object({ runs: z.array(studioRunSchema) });

export type StudioRuns = z.infer<typeof studioRunsSchema>;

/** The event `runs`: how those do that go on. `version` changes with every other change of a run. */
export const runsEventSchema = z.object({
  running: z.array(z.object({ name: z.string(), progress: z.nullable(runProgressSchema) })),
  version: z.string(),
});

export type RunsEvent = z.infer<typeof runsEventSchema>;

/** The response of `GET /v1/studio/runs/:run/metrics`: what was measured since `from`. */
export const runMetricsSchema = z.object({
  /** Pass it as `from` to get what comes next. */
  next: z.string(),
  /** True if this begins anew, because the run was resumed since: what came before is no longer true. */
  isNew: z.boolean(),
  /** True if there is more already. */
  hasMore: z.boolean(),
  /** One entry per step, or the mean of several, under its last step. */
  steps: z.object({
    step: z.array(z.int()),
    loss: z.array(z.number()),
    accuracy: z.array(z.number()),
    learningRate: z.array(z.number()),
  }),
  /** One entry per epoch and part. */
  epochs: z.array(
    z.object({
      step: z.int(),
      epoch: z.number(),
      part: z.enum(['training', 'validation']),
      loss: z.number(),
      accuracy: z.number(),
    }),
  ),
});

export type RunMetrics = z.infer<typeof runMetricsSchema>;

/** The response of `POST /v1/studio/runs/:run/report`: where to open the report once, within a minute. */
export const reportLinkSchema = z.object({ path: z.string() });

export type ReportLink = z.infer<typeof reportLinkSchema>;
