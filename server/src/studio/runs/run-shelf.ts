import { access, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { hasEnded } from '@swipenet/shared/contract/studio/jobs.ts';
import type { RunMetrics, RunProgress, RunState, StudioRun } from '@swipenet/shared/contract/studio/runs.ts';
import { CommandError } from '../../command-error.ts';
import type { Home } from '../../home/home.ts';
import { modelIdSchema } from '../../registry/manifest.ts';
import { type RunState as OwnState, readRunState } from '../../training/run/folder/held-run.ts';
import { RUN_FILES } from '../../training/run/folder/run-files.ts';
import { checkpointPath } from '../../training/run/folder/run-folder.ts';
import type { WorkOf } from '../jobs/job-files.ts';
import type { JobQueue } from '../jobs/job-queue.ts';
import type { KnownJob } from '../jobs/job-store.ts';
import { readMetrics, readProgress } from './run-metrics.ts';
import { type RunRecord, readRunRecord } from './run-record.ts';

/** The runs in the home folder, also those that a command started, and those that jobs will make. */
export class RunShelf {
  readonly #home: Home;
  readonly #jobs: Pick<JobQueue<'training'>, 'list'>;
  /** What was seen of runs that no process trains, and when their folders had changed last. */
  readonly #known = new Map<string, { readonly changedMs: number; readonly signs: RunSigns }>();

  constructor(home: Home, jobs: Pick<JobQueue<'training'>, 'list'>) {
    this.#home = home;
    this.#jobs = jobs;
  }

  /** Lists the runs, newest first. One that is damaged is listed with what is wrong. */
  async list(): Promise<StudioRun[]> {
    const jobs = new Map((await this.#jobs.list()).map((job) => [job.job.work.run, job])); // the last job of each run
    const folders = await namesIn(this.#home.runs);
    const models = new Set(await namesIn(this.#home.models));
    const names = [...new Set([...folders, ...jobs.keys()])].filter((name) => modelIdSchema.safeParse(name).success);
    const runs = await Promise.all(names.map((name) => this.#describe(name, jobs.get(name), models.has(name))));
    return runs
      .filter((run) => run !== undefined)
      .toSorted((a, b) => (b.at ?? '').localeCompare(a.at ?? '') || a.name.localeCompare(b.name));
  }

  /** Returns a run's metrics (`readMetrics`). Throws SwipenetError `studio_unknown`, CommandError `run_invalid`. */
  async metrics(name: string, from: string): Promise<RunMetrics> {
    const folder = this.folderOf(name);
    const configuration = (await readRunRecord(folder))?.configuration;
    const progress = configuration && (await readProgress(folder, configuration));
    return await readMetrics(folder, from, progress?.steps);
  }

  /** Returns the folder of a run, which may not exist. Throws SwipenetError `studio_unknown` if nothing can have this name. */
  folderOf(name: string): string {
    if (modelIdSchema.safeParse(name).success) return this.#home.run(name);
    throw new SwipenetError('studio_unknown', 'this run no longer exists');
  }

  async #describe(
    name: string,
    job: KnownJob<WorkOf<'training'>> | undefined,
    hasModel: boolean,
  ): Promise<StudioRun | undefined> {
    const { own, record, hasCheckpoint, hasReport, isConcluded, progress, madeAt } = await this.#look(name);
    const about = { name, job: job?.job.id ?? null, hasModel, hasReport, progress };
    if (record instanceof CommandError) {
      const unknown = { at: madeAt, request: null, datasetName: null };
      return { ...about, ...unknown, state: 'damaged', message: record.message, canResume: false };
    }
    if (!record && !own && !job) return undefined; // not a run
    const state = runStateOf(own, job, isConcluded);
    const request = record?.request ?? job?.job.work.request ?? null;
    return {
      ...about,
      state,
      message: state === 'failed' ? (own?.error ?? job?.message ?? null) : null,
      at: job?.started?.at ?? job?.job.addedAt ?? own?.since ?? madeAt,
      request,
      datasetName: record?.datasetName ?? datasetNameOf(job),
      canResume: ['stopped', 'killed', 'failed'].includes(state) && (hasCheckpoint || request !== null) && !hasModel,
    };
  }

  /**
   * Looks into a run's folder. What no process trains changes only if files are replaced, which changes the folder's
   * time, so it isn't read every second.
   */
  async #look(name: string): Promise<RunSigns> {
    const folder = this.#home.run(name);
    const changed = await stat(folder).catch(() => undefined);
    const known = this.#known.get(name);
    if (known && known.changedMs === changed?.mtimeMs) return known.signs;
    this.#known.delete(name);
    const signs = await readSigns(folder, changed?.mtime);
    const isStill = signs.isConcluded || (signs.own !== undefined && signs.own.state !== 'running');
    if (changed && isStill) this.#known.set(name, { changedMs: changed.mtimeMs, signs });
    return signs;
  }
}

/** What a run's folder shows of it. */
interface RunSigns {
  readonly own: OwnState | undefined;
  readonly record: RunRecord | CommandError | undefined;
  readonly hasCheckpoint: boolean;
  readonly hasReport: boolean;
  /** True if an earlier version trained it to its end. */
  readonly isConcluded: boolean;
  readonly progress: RunProgress | null;
  /** When a file was last added. */
  readonly madeAt: string | null;
}

async function readSigns(folder: string, changed: Date | undefined): Promise<RunSigns> {
  const own = await readRunState(folder);
  const record = await readRunRecord(folder).catch((error: unknown) => {
    if (error instanceof CommandError) return error;
    throw error;
  });
  const configuration = record instanceof CommandError ? undefined : record?.configuration;
  return {
    ...{ own, record, madeAt: changed?.toISOString() ?? null },
    hasCheckpoint: await exists(checkpointPath(folder, 'last')),
    hasReport: await exists(join(folder, RUN_FILES.report)),
    isConcluded: own === undefined && (await exists(join(folder, RUN_FILES.predictions))),
    progress: configuration ? await readProgress(folder, configuration) : null,
  };
}

/**
 * Returns how a run is doing, by its folder and by its last job.
 *
 * @param wasConcluded whether a run of an earlier version, whose folder doesn't say, came to its end.
 */
export function runStateOf(
  own: Pick<OwnState, 'state' | 'since'> | undefined,
  job: Pick<KnownJob, 'state' | 'job'> | undefined,
  wasConcluded: boolean,
): RunState {
  if (job && !hasEnded(job.state)) return job.state as 'waiting' | 'running' | 'stopping';
  if (own?.state === 'running') return 'running'; // a command trains it
  // A command may have resumed the run after its last job.
  if (job && (!own || own.since <= endOf(job))) return ofJob(job.state);
  return own?.state ?? (wasConcluded ? 'finished' : 'stopped');
}

const endOf = (job: Pick<KnownJob, 'job'> & Partial<KnownJob>) => job.outcome?.at ?? job.started?.at ?? job.job.addedAt;

const ofJob = (state: KnownJob['state']): RunState =>
  state === 'paused' || state === 'aborted' ? 'stopped' : (state as 'finished' | 'failed' | 'killed');

const datasetNameOf = (job: KnownJob | undefined) => job?.job.data.folder.split(/[/\\]/).at(-1) ?? null;

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Lists what is in a folder, which may not exist yet. */
const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
