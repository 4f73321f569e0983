import * as z from 'zod/mini';

/** How a job is doing. From `finished` on, it has ended. */
export const JOB_STATES = [
  'waiting',
  'running',
  'stopping',
  'finished',
  'paused',
  'aborted',
  'failed',
  'killed',
] as const;

export type JobState = (typeof JOB_STATES)[number];

/** Returns true if a job in this state changes no more. */
export const hasEnded = (state: JobState): boolean => !['waiting', 'running', 'stopping'].includes(state);

/** A job: a command that the studio runs. */
export const studioJobSchema = z.object({
  id: z.string(),
  /** The name of the run that it trains. */
  run: z.string(),
  state: z.enum(JOB_STATES),
  /** When it was added to the queue, started and ended, as far as it has. */
  addedAt: z.string(),
  startedAt: z.nullable(z.string()),
  endedAt: z.nullable(z.string()),
  /** Why it failed. */
  message: z.nullable(z.string()),
});

export type StudioJob = z.infer<typeof studioJobSchema>;

/** The response of `GET /v1/studio/jobs`, in the order they were added, and of every request that changes them. */
export const studioJobsSchema = z.object({ jobs: z.array(studioJobSchema) });

export type StudioJobs = z.infer<typeof studioJobsSchema>;

/** The body of `POST /v1/studio/jobs/:job/stop`: with a checkpoint first, or right away. */
export const jobStopSchema = z.object({ how: z.enum(['pause', 'abort']) });

export type JobStop = z.infer<typeof jobStopSchema>;

/** The response of `GET /v1/studio/jobs/:job/log`: the last lines of a job's output. */
export const jobLogSchema = z.object({ lines: z.array(z.string()) });

export type JobLog = z.infer<typeof jobLogSchema>;

/** The event `jobs`: those that haven't ended. `version` changes with every change of a job. */
export const jobsEventSchema = z.object({ jobs: z.array(studioJobSchema), version: z.string() });

export type JobsEvent = z.infer<typeof jobsEventSchema>;
