import { trainingRequestSchema } from '@swipenet/shared/contract/studio/training.ts';
import * as z from 'zod';

/** What a job's folder has. */
export const JOB_FILES = {
  job: 'job.json',
  /** Written by the runner, once, before the command starts. */
  started: 'started.json',
  /** Written by the server before it asks the runner to stop. */
  asked: 'asked.json',
  outcome: 'outcome.json',
  /** Held by the runner as long as it lives. */
  lock: 'lock',
  log: 'output.log',
  /** The command's standard output, which is JSON. */
  answer: 'answer.json',
} as const;

/** A job: what to do. It never changes. */
export const jobSchema = z.strictObject({
  format: z.literal(1),
  id: z.string(),
  /** The name of the run that it trains. */
  run: z.string(),
  addedAt: z.iso.datetime(),
  /** The parameters of `swipenet`. */
  command: z.array(z.string()),
  /** The dataset to train on, which must still be the same when the job starts. Absent for a run that is resumed. */
  data: z.strictObject({ folder: z.string(), id: z.string() }).optional(),
  /** What was asked for, for a clone. */
  request: z.optional(trainingRequestSchema),
});

export type Job = z.infer<typeof jobSchema>;

export const startedSchema = z.strictObject({ pid: z.int(), at: z.iso.datetime() });

export type Started = z.infer<typeof startedSchema>;

export const askedSchema = z.strictObject({ how: z.enum(['pause', 'abort']) });

export type Asked = z.infer<typeof askedSchema>;

export const outcomeSchema = z.strictObject({
  at: z.iso.datetime(),
  /** How the command's process ended. */
  code: z.int().nullable(),
  signal: z.string().nullable(),
  /** Why it wasn't started at all. */
  refused: z.string().optional(),
});

export type Outcome = z.infer<typeof outcomeSchema>;

/** The part of the command's answer that shows whether it came to its end. */
export const answerSchema = z.object({ model: z.string().nullable() });
