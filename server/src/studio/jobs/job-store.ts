import { open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { hasEnded, type JobState, type StudioJob } from '@swipenet/shared/contract/studio/jobs.ts';
import type * as z from 'zod';
import { CommandError } from '../../command-error.ts';
import { diskReason } from '../../files/disk-reason.ts';
import { ProcessLock } from '../../files/process-lock.ts';
import { makeFolder, removeFile, writeWhole } from '../../files/write-whole.ts';
import type { Home } from '../../home/home.ts';
import {
  answerSchema,
  askedSchema,
  JOB_FILES,
  type Job,
  type JobKind,
  type JobProgress,
  jobProgressSchema,
  jobSchema,
  type Outcome,
  outcomeSchema,
  type Started,
  startedSchema,
  type Work,
  type WorkOf,
} from './job-files.ts';

const ID = /^[a-z0-9-]{1,64}$/;

/** How much of the end of a log is read, in bytes. */
const LOG_TAIL = 16_384;

/** A job with what became of it. */
export interface KnownJob<OwnWork extends Work = Work> {
  readonly job: Job<OwnWork>;
  readonly state: JobState;
  readonly started: Started | undefined;
  readonly outcome: Outcome | undefined;
  readonly progress: JobProgress | undefined;
  /** Why it failed: what its outcome says, or the last line of its log. */
  readonly message: string | undefined;
}

/** The jobs on disk, including those of other servers. */
export class JobStore {
  readonly #home: Home;
  /** Jobs that have ended don't change any more. */
  readonly #ended = new Map<string, KnownJob>();

  constructor(home: Home) {
    this.#home = home;
  }

  /** Lists the jobs in the order they were added. Skips folders that aren't jobs of this version. */
  async list(): Promise<KnownJob[]> {
    const ids: string[] = await readdir(this.#home.jobs).catch(() => []); // without a folder there are none yet
    for (const id of this.#ended.keys()) if (!ids.includes(id)) this.#ended.delete(id);
    const jobs = await Promise.all(ids.filter((id) => ID.test(id)).map((id) => this.#read(id)));
    return jobs
      .filter((job) => job !== undefined)
      .toSorted((a, b) => a.job.addedAt.localeCompare(b.job.addedAt) || a.job.id.localeCompare(b.job.id));
  }

  /** Lists the jobs of a kind in the order they were added. */
  async listOf<Kind extends JobKind>(kind: Kind): Promise<KnownJob<WorkOf<Kind>>[]> {
    return (await this.list()).filter(({ job }) => job.work.kind === kind) as KnownJob<WorkOf<Kind>>[];
  }

  /** Returns a job. Throws SwipenetError `studio_unknown`. */
  async find(id: string): Promise<KnownJob> {
    const job = ID.test(id) ? await this.#read(id) : undefined;
    if (job) return job;
    throw new SwipenetError('studio_unknown', 'this job no longer exists');
  }

  /** Adds a job at the end of the queue. Throws CommandError `home_unusable`. */
  async add(job: Job): Promise<void> {
    const folder = this.#home.job(job.id);
    try {
      await makeFolder(folder).catch(unusable(this.#home));
      await this.write(job.id, 'job', job);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Writes one of a job's files. Throws CommandError `home_unusable`, so that a full disk is reported. */
  async write(id: string, file: 'job' | 'asked' | 'outcome', value: object): Promise<void> {
    const path = join(this.#home.job(id), JOB_FILES[file]);
    await writeWhole(path, `${JSON.stringify(value)}\n`).catch(unusable(this.#home));
  }

  /**
   * Removes a job that waits or has ended. What it has made stays. Throws SwipenetError `studio_unknown`,
   * CommandError `run_busy`.
   */
  async remove(id: string): Promise<void> {
    const { state } = await this.find(id);
    const folder = this.#home.job(id);
    {
      using lock = ProcessLock.take(join(folder, JOB_FILES.lock)); // so that no runner starts it meanwhile
      if (!lock || state === 'running' || state === 'stopping') {
        throw new CommandError('run_busy', 'the job is running. Stop it first');
      }
      await removeFile(join(folder, JOB_FILES.job));
    }
    await rm(folder, { recursive: true, force: true });
  }

  /** Returns the process ID of a job's runner, or undefined if it hasn't started. */
  async pidOf(id: string): Promise<number | undefined> {
    return (await readJson(join(this.#home.job(id), JOB_FILES.started), startedSchema))?.pid;
  }

  /** Returns the last lines of a job's output. Throws SwipenetError `studio_unknown`. */
  async log(id: string): Promise<string[]> {
    await this.find(id);
    return await this.#logOf(id);
  }

  async #logOf(id: string): Promise<string[]> {
    const file = await open(join(this.#home.job(id), JOB_FILES.log)).catch(() => undefined);
    if (!file) return []; // it hasn't started
    try {
      const { size } = await file.stat();
      const first = Math.max(0, size - LOG_TAIL);
      const bytes = Buffer.alloc(size - first);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, first);
      const lines = bytes.toString('utf8', 0, bytesRead).split(/\r?\n/);
      return (first > 0 ? lines.slice(1) : lines).filter((line) => line.trim() !== '');
    } finally {
      await file.close();
    }
  }

  async #read(id: string): Promise<KnownJob | undefined> {
    const known = this.#ended.get(id);
    if (known) return known;
    const folder = this.#home.job(id);
    const file = <Schema extends z.ZodType>(name: keyof typeof JOB_FILES, schema: Schema) =>
      readJson(join(folder, JOB_FILES[name]), schema);
    const job = await file('job', jobSchema);
    if (!job || job.id !== id) return undefined;
    // In this order: a runner takes its lock before it writes that it started, and frees it after it wrote how that ended.
    const started = await file('started', startedSchema);
    const held = ProcessLock.isHeld(join(folder, JOB_FILES.lock));
    const outcome = await file('outcome', outcomeSchema);
    const asked = await file('asked', askedSchema);
    if (asked?.how === 'discard') return undefined; // its runner removes it
    const progress = await file('progress', jobProgressSchema);
    const answer = await file('answer', answerSchema);
    const state = stateOf({ started, held, outcome, asked: asked?.how, hasModel: typeof answer?.model === 'string' });
    const logged = async () => (await this.#logOf(id)).at(-1);
    const message = state === 'failed' ? (outcome?.refused ?? outcome?.unwritable ?? (await logged())) : undefined;
    const read = { job, state, started, outcome, progress, message };
    if (hasEnded(state)) this.#ended.set(id, read);
    return read;
  }
}

/** What a job's folder shows of it. */
export interface JobSigns {
  readonly started: Started | undefined;
  /** Whether its runner lives. */
  readonly held: boolean;
  readonly outcome: Pick<Outcome, 'code' | 'signal' | 'refused'> | undefined;
  readonly asked: 'pause' | 'abort' | undefined;
  readonly hasModel: boolean;
}

/** Returns how a job is doing. */
export function stateOf({ started, held, outcome, asked, hasModel }: JobSigns): JobState {
  if (outcome?.refused !== undefined) return 'failed';
  if (held) return asked ? 'stopping' : 'running';
  if (!started) return 'waiting';
  if (outcome?.code === 0 && (hasModel || !asked)) return 'finished';
  if (asked === 'abort') return 'aborted';
  // A command that hasn't begun to train has no checkpoint to save, and just ends.
  if (asked === 'pause' && (!outcome || outcome.code === 0 || outcome.signal !== null)) return 'paused';
  return !outcome || outcome.signal !== null ? 'killed' : 'failed';
}

/** Converts a job that trains to what the pages get. */
export const studioJobOf = ({ job, state, started, outcome, message }: KnownJob<WorkOf<'training'>>): StudioJob => ({
  id: job.id,
  run: job.work.run,
  state,
  addedAt: job.addedAt,
  startedAt: started?.at ?? null,
  endedAt: outcome?.at ?? null,
  message: message ?? null,
});

async function readJson<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema> | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const unusable = (home: Home) => (cause: unknown) => {
  throw new CommandError('home_unusable', `can’t write to ${home.jobs} (${diskReason(cause)})`, { cause });
};
