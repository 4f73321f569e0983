import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { hasEnded, type JobsEvent, type StudioJob } from '@swipenet/shared/contract/studio/jobs.ts';
import type { RunsEvent } from '@swipenet/shared/contract/studio/runs.ts';
import type { StudioTraining, TrainingRequest } from '@swipenet/shared/contract/studio/training.ts';
import { CommandError } from '../../command-error.ts';
import { sha256 } from '../../files/sha256.ts';
import { removeDrafts } from '../../files/write-whole.ts';
import { modelIdSchema } from '../../registry/manifest.ts';
import { modelFolders } from '../../registry/model-folders.ts';
import { refuseTakenId } from '../../registry/model-registry.ts';
import { isHeld, removeRun } from '../../training/run/folder/held-run.ts';
import { RUN_FILES } from '../../training/run/folder/run-files.ts';
import { readRun } from '../../training/run/folder/run-folder.ts';
import type { DatasetShelf } from '../datasets/dataset-shelf.ts';
import type { Asked } from '../jobs/job-files.ts';
import { JobQueue, type JobQueueOptions } from '../jobs/job-queue.ts';
import { studioJobOf } from '../jobs/job-store.ts';
import { ReportLinks } from '../runs/report-links.ts';
import { RunShelf } from '../runs/run-shelf.ts';
import { type CommandSurroundings, resumeCommand, trainingCommand } from './training-command.ts';
import { trainingForm } from './training-form.ts';

const COMMAND_LINE = new URL('../../main.ts', import.meta.url);

export interface TrainingDeskOptions extends JobQueueOptions, CommandSurroundings {
  readonly datasets: Pick<DatasetShelf, 'folderOf'>;
}

/** What people do to train: jobs that start, stop and resume runs. */
export class TrainingDesk {
  readonly runs: RunShelf;
  readonly reports: ReportLinks;
  readonly #options: TrainingDeskOptions;
  readonly #queue: JobQueue<'training'>;

  constructor(options: TrainingDeskOptions) {
    this.#options = options;
    this.#queue = new JobQueue({ ...options, kind: 'training', program: COMMAND_LINE });
    this.runs = new RunShelf(options.home, this.#queue);
    this.reports = new ReportLinks(options.clock);
  }

  form(): Promise<StudioTraining> {
    return trainingForm(this.#options.home);
  }

  /** Lists the jobs in the order they were added. */
  async jobs(): Promise<StudioJob[]> {
    return (await this.#queue.list()).map(studioJobOf);
  }

  /**
   * Adds a job that trains a new model. Throws SwipenetError `studio_unknown`; CommandError `option_invalid`,
   * `model_exists`, `run_exists`, `home_unusable`.
   */
  async start(request: TrainingRequest): Promise<void> {
    const { home, datasets } = this.#options;
    const { name } = request;
    const id = modelIdSchema.safeParse(name);
    if (!id.success) throw new CommandError('option_invalid', `--name: ${id.error.issues[0]?.message}`);
    await refuseTakenId(modelFolders(home), name, '--name');
    if ((await this.runs.list()).some((run) => run.name === name && run.state !== 'failed')) throw taken(name);
    if ((await namesIn(home.run(name))).includes('run.json')) throw taken(name);
    const folder = await datasets.folderOf(request.dataset);
    const command = await trainingCommand(request, folder, this.#options);
    const data = { folder, id: request.dataset };
    await this.#queue.add({ work: { kind: 'training', run: name, request }, command, data });
  }

  /**
   * Adds a job that resumes a run from its last checkpoint. One that never had a checkpoint starts anew. Throws
   * SwipenetError `studio_unknown`; CommandError `run_busy`, `run_missing`, `home_unusable`.
   */
  async resume(name: string): Promise<void> {
    const folder = this.runs.folderOf(name);
    const run = (await this.runs.list()).find((one) => one.name === name);
    if (!run) throw new SwipenetError('studio_unknown', 'this run no longer exists');
    if (!run.canResume) throw new CommandError('run_busy', `${name} can’t be resumed: it is ${run.state}`);
    if ((await namesIn(folder)).includes('last.safetensors')) {
      const command = resumeCommand(folder, this.#options);
      const { data } = await readRun(folder);
      await this.#queue.add({ work: { kind: 'training', run: name }, command, data });
      return;
    }
    const { job } = await this.#queue.find(run.job ?? '');
    if (!job.work.request) throw new CommandError('run_missing', `${name} has no checkpoint to resume from`);
    await clearUntrained(folder);
    await this.#queue.add(job);
  }

  /** Stops a job that runs. Throws SwipenetError `studio_unknown`, CommandError `home_unusable`. */
  stop(job: string, how: Asked['how']): Promise<void> {
    return this.#queue.stop(job, how);
  }

  /** Removes a job that waits or has ended. Throws SwipenetError `studio_unknown`, CommandError `run_busy`. */
  remove(job: string): Promise<void> {
    return this.#queue.remove(job);
  }

  /**
   * Deletes a run's folder, if it has one, and its jobs. Throws SwipenetError `studio_unknown`; CommandError `run_busy`,
   * `run_unwritable`, `home_unusable`.
   */
  async removeRun(name: string): Promise<void> {
    const folder = this.runs.folderOf(name);
    if (await lstat(folder).catch(() => undefined)) await removeRun(folder);
    for (const { job } of await this.#queue.list()) if (job.work.run === name) await this.#queue.discard(job.id);
    this.#options.onChange();
  }

  /** Returns the last lines of a job's output. Throws SwipenetError `studio_unknown`. */
  log(job: string): Promise<string[]> {
    return this.#queue.log(job);
  }

  /** Reads the data of the event `jobs`. */
  async jobsEvent(): Promise<JobsEvent> {
    const jobs = await this.jobs();
    return { jobs: jobs.filter(({ state }) => !hasEnded(state)), version: versionOf(jobs) };
  }

  /** Reads the data of the event `runs`. */
  async runsEvent(): Promise<RunsEvent> {
    const runs = await this.runs.list();
    const running = runs.filter(({ state }) => state === 'running' || state === 'stopping');
    return {
      running: running.map(({ name, progress }) => ({ name, progress })),
      version: versionOf(runs.map(({ progress: _, ...others }) => others)),
    };
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}

/** Removes what a run writes before its first checkpoint, so that it can start there again. */
async function clearUntrained(folder: string): Promise<void> {
  if (isHeld(folder)) return;
  for (const name of ['run.json', RUN_FILES.targets]) await rm(join(folder, name), { force: true });
  await removeDrafts(folder).catch(() => {}); // there may be no folder yet
}

/** Lists what is in a folder, which may not exist yet. */
const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

const versionOf = (value: unknown) => sha256(JSON.stringify(value)).slice(0, 16);

const taken = (name: string) =>
  new CommandError('run_exists', `a run named ${name} exists already. Choose another name, or resume that run`);
