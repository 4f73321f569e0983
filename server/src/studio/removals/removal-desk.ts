import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { StudioDataset } from '@swipenet/shared/contract/studio/datasets.ts';
import { hasEnded } from '@swipenet/shared/contract/studio/jobs.ts';
import type { Removal, Removed } from '@swipenet/shared/contract/studio/removal.ts';
import type { StudioRun } from '@swipenet/shared/contract/studio/runs.ts';
import { CommandError } from '../../command-error.ts';
import { diskReason } from '../../files/disk-reason.ts';
import { folderSize } from '../../files/folder-size.ts';
import { removeFolderWhole } from '../../files/write-whole.ts';
import type { DatasetShelf } from '../datasets/dataset-shelf.ts';
import type { Job } from '../jobs/job-files.ts';
import type { JobStore } from '../jobs/job-store.ts';
import type { ReviewDesk } from '../reviews/review-desk.ts';
import type { TrainingDesk } from '../training/training-desk.ts';

/** What the desk needs from the rest of the studio. */
export interface RemovalDeskOptions {
  readonly datasets: Pick<DatasetShelf, 'list' | 'release'>;
  readonly reviews: Pick<ReviewDesk, 'list' | 'inTurn' | 'forget'>;
  readonly training: Pick<TrainingDesk, 'runs' | 'removeRun'>;
  readonly jobs: Pick<JobStore, 'list'>;
}

/** Deletes datasets and runs that nothing uses, and says before what that would delete. */
export class RemovalDesk {
  readonly #options: RemovalDeskOptions;

  constructor(options: RemovalDeskOptions) {
    this.#options = options;
  }

  /** Returns what deleting a dataset would delete. Throws SwipenetError `studio_unknown`. */
  async dataset(id: string): Promise<Removal> {
    const { folder, ...dataset } = await this.#dataset(id);
    const refusal = (await this.#useOfDataset({ ...dataset, folder })) ?? null;
    return { folder, refusal, runs: await this.#runsThatNeed(id), ...(await folderSize(folder)) };
  }

  /**
   * Deletes a dataset, with the check of its labels. Evaluations on it stay. Throws SwipenetError `studio_unknown`;
   * CommandError `dataset_busy`, `home_unusable`.
   */
  removeDataset(id: string): Promise<Removed> {
    const { datasets, reviews } = this.#options;
    return reviews.inTurn(async () => {
      const dataset = await this.#dataset(id);
      const { name, folder } = dataset;
      const use = await this.#useOfDataset(dataset);
      if (use !== undefined) throw new CommandError('dataset_busy', `${name} can’t be deleted: ${use}`);
      await datasets.release(folder);
      await removeFolderWhole(folder).catch((cause: unknown) => {
        throw new CommandError('home_unusable', `can’t delete ${folder} (${diskReason(cause)})`, { cause });
      });
      if (!(await datasets.list()).some((other) => other.id === id)) await reviews.forget(id);
      return { name };
    });
  }

  /** Returns what deleting a run would delete. Throws SwipenetError `studio_unknown`. */
  async run(name: string): Promise<Removal> {
    const { state } = await this.#run(name);
    const folder = this.#options.training.runs.folderOf(name);
    return { folder, refusal: useOfRun(state) ?? null, runs: [], ...(await folderSize(folder)) };
  }

  /**
   * Deletes a run with its jobs. The model that it made stays. Throws SwipenetError `studio_unknown`; CommandError
   * `run_busy`, `run_unwritable`, `home_unusable`.
   */
  async removeRun(name: string): Promise<Removed> {
    const use = useOfRun((await this.#run(name)).state);
    if (use !== undefined) throw new CommandError('run_busy', `${name} can’t be deleted: ${use}`);
    await this.#options.training.removeRun(name);
    return { name };
  }

  async #dataset(id: string): Promise<StudioDataset> {
    const found = (await this.#options.datasets.list()).find((dataset) => dataset.id === id && dataset.isOwn);
    if (found) return found;
    throw new SwipenetError('studio_unknown', 'the data folder has no such dataset (any more)');
  }

  async #run(name: string): Promise<StudioRun> {
    const found = (await this.#options.training.runs.list()).find((run) => run.name === name);
    if (found) return found;
    throw new SwipenetError('studio_unknown', 'this run no longer exists');
  }

  /** Lists the runs that can be resumed as long as there is this dataset or a copy of it. */
  async #runsThatNeed(id: string): Promise<string[]> {
    const { datasets, training } = this.#options;
    if ((await datasets.list()).filter((dataset) => dataset.id === id).length > 1) return [];
    const runs = await training.runs.list();
    return runs.filter(({ canResume, request }) => canResume && request?.dataset === id).map(({ name }) => name);
  }

  /** Returns what uses a dataset, and what to do about it. */
  async #useOfDataset({ id, folder }: Pick<StudioDataset, 'id' | 'folder'>): Promise<string | undefined> {
    const { jobs, training, reviews } = this.#options;
    const active = (await jobs.list()).filter(({ state }) => !hasEnded(state)).map(({ job }) => job);
    const job = active.find(({ data }) => data.id === id || data.folder === folder);
    if (job) return useOfJob(job);
    const run = (await training.runs.list()).find(({ state, request }) => isGoing(state) && request?.dataset === id);
    if (run) return `the run ${run.name} is being trained from it. Wait for it, or stop it`;
    const review = (await reviews.list()).find(({ dataset }) => dataset === id);
    if (!review || review.changed + review.dropped === 0) return undefined;
    return 'it has changes that aren’t saved. Save or discard them first';
  }
}

function useOfJob({ work }: Job): string {
  if (work.kind === 'training') return `the run ${work.run} needs it. Wait for it, or stop it`;
  if (work.kind === 'evaluation') return 'a model is being judged on it. Wait for that, or cancel it';
  return 'its labels are being checked. Wait for that, or stop it';
}

const isGoing = (state: StudioRun['state']) => state === 'running' || state === 'stopping';

function useOfRun(state: StudioRun['state']): string | undefined {
  if (isGoing(state)) return 'it is being trained. Wait for it, or stop it';
  return state === 'waiting' ? 'it waits to be trained. Remove it from the queue first' : undefined;
}
