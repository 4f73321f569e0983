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
  /** Room on the disk for the outcome. */
  reserve: 'reserve',
  /** Held by the runner as long as it lives. */
  lock: 'lock',
  /** How far the program is, if it tells its runner. */
  progress: 'progress.json',
  log: 'output.log',
  /** The program's standard output: the JSON of a command. */
  answer: 'answer.json',
} as const;

/** What jobs do. Of each kind, one runs at a time. */
const workSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('training'),
    /** The name of the run. */
    run: z.string(),
    /** What was asked for, for a clone. Absent for a run that a command started. */
    request: z.optional(trainingRequestSchema),
  }),
  z.strictObject({
    kind: z.literal('evaluation'),
    /** The ID of the evaluation. */
    evaluation: z.string(),
  }),
  z.strictObject({ kind: z.literal('label-check') }),
]);

/** What a job does. */
export type Work = z.infer<typeof workSchema>;

export type JobKind = Work['kind'];

export type WorkOf<Kind extends JobKind> = Extract<Work, { kind: Kind }>;

/** A job: what to do. It never changes. */
export const jobSchema = z.strictObject({
  format: z.literal(2),
  id: z.string(),
  addedAt: z.iso.datetime(),
  work: workSchema,
  /** The parameters of the program that does it. */
  command: z.array(z.string()),
  /** The dataset that it uses, which must still be the same when the job starts. */
  data: z.strictObject({ folder: z.string(), id: z.string() }),
});

export type Job<OwnWork extends Work = Work> = Omit<z.infer<typeof jobSchema>, 'work'> & { readonly work: OwnWork };

export const startedSchema = z.strictObject({ pid: z.int(), at: z.iso.datetime() });

export type Started = z.infer<typeof startedSchema>;

/** `discard`: it ends, and leaves no job behind. */
export const askedSchema = z.strictObject({ how: z.enum(['pause', 'abort', 'discard']) });

export type Asked = z.infer<typeof askedSchema>;

/** How far a job is, as its program tells its runner. */
export const jobProgressSchema = z.strictObject({
  /** What it is doing. */
  words: z.string(),
  done: z.int(),
  total: z.int(),
});

export type JobProgress = z.infer<typeof jobProgressSchema>;

export const outcomeSchema = z.strictObject({
  at: z.iso.datetime(),
  /** How the command's process ended. */
  code: z.int().nullable(),
  signal: z.string().nullable(),
  /** Why it wasn't started at all. */
  refused: z.string().optional(),
  /** Why the log may not say why it ended: nothing could be written any more. */
  unwritable: z.string().optional(),
});

export type Outcome = z.infer<typeof outcomeSchema>;

/** The part of the command's answer that shows whether it came to its end. */
export const answerSchema = z.object({ model: z.string().nullable() });
