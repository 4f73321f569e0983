import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Label } from '@swipenet/shared/confidence.ts';
import { hasEnded } from '@swipenet/shared/contract/studio/jobs.ts';
import type {
  DatasetReview,
  LabelCheck,
  LabelDraft,
  PhotoDrops,
  PhotoFacts,
  PhotoFilter,
  PhotoPairs,
} from '@swipenet/shared/contract/studio/photos.ts';
import { CommandError } from '../../command-error.ts';
import { readNearPairs } from '../../training/dataset/near-pairs.ts';
import { reviseDataset } from '../../training/dataset/revise-dataset.ts';
import type { DatasetShelf } from '../datasets/dataset-shelf.ts';
import { JobQueue, type JobQueueOptions } from '../jobs/job-queue.ts';
import type { KnownJob } from '../jobs/job-store.ts';
import { readHeldOut } from './held-out-file.ts';
import {
  draftOf,
  hasChanges,
  keptPairsInVersion,
  NO_CHANGES,
  readDraft,
  redropped,
  relabeled,
  writeDraft,
} from './label-draft.ts';
import { pairsToShow } from './pair-order.ts';
import { factsOfPhotos, type KnownOfPhotos, matchingPhotos } from './photo-filter.ts';

const PROGRAM = new URL('./label-check-process.ts', import.meta.url);

/** What the desk works with. `onChange` is called when a draft or a check has changed. */
export interface ReviewDeskOptions extends JobQueueOptions {
  readonly datasets: DatasetShelf;
  /** The threads that a check may compute with. */
  readonly threads: number;
}

const NO_CHECK: LabelCheck = { state: 'none', words: '', done: 0, total: 0 };

/**
 * The photos of datasets, as pages look through them: which ones match, changed labels that aren't saved yet, and suspected
 * label errors. Drafts and confidences are files in the home folder, named by the dataset's ID. Changes to a draft run one
 * at a time, so the last one wins for each profile, and no tab's changes get lost. Jobs check labels.
 */
export class ReviewDesk {
  readonly #options: ReviewDeskOptions;
  readonly #checks: JobQueue<'label-check'>;
  #previous: Promise<unknown> = Promise.resolve();

  constructor(options: ReviewDeskOptions) {
    this.#options = options;
    this.#checks = new JobQueue({ ...options, kind: 'label-check', program: PROGRAM });
  }

  /** Returns the numbers of the photos that match. Throws what {@link matchingPhotos} and opening a dataset throw. */
  async numbers(id: string, filter: PhotoFilter): Promise<Uint32Array> {
    return matchingPhotos(await this.#options.datasets.open(id), filter, await this.#known(id));
  }

  /** Returns what is known about photos. Throws what {@link factsOfPhotos} and opening a dataset throw. */
  async facts(id: string, numbers: readonly number[]): Promise<PhotoFacts[]> {
    const dataset = await this.#options.datasets.open(id);
    return factsOfPhotos(dataset, numbers, { confidences: await this.#confidences(id) });
  }

  /** Returns the pairs of photos that look alike. Throws what {@link readNearPairs} and opening a dataset throw. */
  async pairs(id: string): Promise<PhotoPairs> {
    const dataset = await this.#options.datasets.open(id);
    return pairsToShow(dataset.photos, await readNearPairs(dataset));
  }

  /** Returns the draft. Throws CommandError `home_unusable`; SwipenetError `studio_unknown`. */
  async draft(id: string): Promise<LabelDraft> {
    await this.#options.datasets.folderOf(id);
    return draftOf(await readDraft(this.#draftPath(id)));
  }

  /** Gives the profiles of photos a label, and returns a photo of each profile that had the other one. */
  relabel(id: string, numbers: Iterable<number>, label: Label): Promise<number[]> {
    return this.inTurn(async () => {
      const dataset = await this.#options.datasets.open(id);
      const draft = await readDraft(this.#draftPath(id));
      const { labels, changed } = relabeled(dataset, draft.labels, numbers, label);
      if (changed.length > 0) await writeDraft(this.#draftPath(id), { ...draft, labels });
      return changed;
    });
  }

  /** Drops photos from the next version, and keeps others or both of a pair. Returns what that changed. */
  drop(id: string, drops: PhotoDrops): Promise<PhotoDrops> {
    return this.inTurn(async () => {
      const dataset = await this.#options.datasets.open(id);
      const draft = await readDraft(this.#draftPath(id));
      const { changed, ...sets } = redropped(dataset, draft, drops);
      const isChanged = Object.values(changed).some(({ length }) => length > 0);
      if (isChanged) await writeDraft(this.#draftPath(id), { ...draft, ...sets });
      return changed;
    });
  }

  /**
   * Forgets the changes. Pairs of which both photos are kept stay judged, because no new version would differ by them.
   * Throws CommandError `home_unusable`; SwipenetError `studio_unknown`.
   */
  discard(id: string): Promise<void> {
    return this.inTurn(async () => {
      await this.#options.datasets.folderOf(id);
      const { keptPairs } = await readDraft(this.#draftPath(id));
      await writeDraft(this.#draftPath(id), { ...NO_CHANGES, keptPairs });
    });
  }

  /**
   * Saves the changes as a new dataset, and returns its ID. The draft has none of them afterwards. Pairs of which both
   * photos are kept stay judged in both datasets. Throws CommandError `option_invalid` if nothing was changed, and what
   * {@link reviseDataset} throws.
   */
  save(id: string, name: string): Promise<string> {
    return this.inTurn(async () => {
      const { home, datasets } = this.#options;
      const dataset = await datasets.open(id);
      const draft = await readDraft(this.#draftPath(id));
      if (!hasChanges(draft)) throw new CommandError('option_invalid', 'nothing was changed');
      const made = await reviseDataset(dataset, draft, home.dataset(name));
      const ofMade = await readDraft(this.#draftPath(made)); // of a dataset with the same content, which has the same ID
      const keptPairs = new Set([...ofMade.keptPairs, ...keptPairsInVersion(dataset, draft)]);
      await writeDraft(this.#draftPath(made), { ...ofMade, keptPairs });
      await writeDraft(this.#draftPath(id), { ...NO_CHANGES, keptPairs: draft.keptPairs });
      return made;
    });
  }

  /**
   * Begins to look for wrong labels, unless that is running. Throws SwipenetError `studio_unknown`, CommandError
   * `home_unusable`.
   */
  async check(id: string): Promise<void> {
    const { home, datasets, threads } = this.#options;
    const folder = await datasets.folderOf(id);
    const jobs = await this.#checksOf(id);
    if (jobs.some(({ state }) => !hasEnded(state))) return;
    const command = [folder, home.review(id), String(threads)];
    await this.#checks.add({ work: { kind: 'label-check' }, command, data: { folder, id } });
    for (const { job } of jobs) await this.#checks.discard(job.id); // they have ended
  }

  /** Stops looking for wrong labels. An earlier result stays. Throws CommandError `home_unusable`. */
  async stopCheck(id: string): Promise<void> {
    for (const { job } of await this.#checksOf(id)) await this.#checks.discard(job.id);
  }

  /** Does something while no draft changes. */
  async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#previous.then(work);
    this.#previous = turn.catch(() => {});
    const result = await turn;
    this.#options.onChange();
    return result;
  }

  /** Deletes what is kept beside a dataset that is gone. Throws CommandError `home_unusable`. */
  async forget(id: string): Promise<void> {
    await this.stopCheck(id);
    await rm(this.#options.home.review(id), { recursive: true, force: true });
  }

  /** Lists the datasets with a draft or a check. */
  async list(): Promise<DatasetReview[]> {
    const { home } = this.#options;
    const known = await readdir(home.reviews).catch(() => []);
    const checks = new Map((await this.#checks.list()).map((check) => [check.job.data.id, check])); // the last of each
    const ids = [...new Set([...known, ...checks.keys()])].toSorted();
    return Promise.all(
      ids.map(async (dataset) => {
        const { labels, dropped, revision } = await readDraft(this.#draftPath(dataset));
        const check = checkOf(checks.get(dataset), (await this.#confidences(dataset)) !== undefined);
        return { dataset, changed: labels.size, dropped: dropped.size, revision, check };
      }),
    );
  }

  /** Starts no more checks. The one in progress continues. */
  close(): Promise<void> {
    return this.#checks.close();
  }

  async #checksOf(id: string): Promise<KnownJob[]> {
    return (await this.#checks.list()).filter(({ job }) => job.data.id === id);
  }

  async #known(id: string): Promise<KnownOfPhotos> {
    const changes = await readDraft(this.#draftPath(id));
    return { changes, confidences: await this.#confidences(id) };
  }

  #confidences(id: string): Promise<Float32Array | undefined> {
    return readHeldOut(this.#options.home.review(id));
  }

  #draftPath(id: string): string {
    return join(this.#options.home.review(id), 'labels.json');
  }
}

/** Returns how far the search for wrong labels is, by its last job. */
function checkOf(job: KnownJob | undefined, hasResult: boolean): LabelCheck {
  if (job?.state === 'waiting') return { ...NO_CHECK, state: 'running', words: 'Waiting for another check' };
  if (job?.state === 'running') return { ...NO_CHECK, words: 'Starting', ...job.progress, state: 'running' };
  if (job?.state === 'failed') return { ...NO_CHECK, state: 'failed', words: job.message ?? 'nobody knows why' };
  if (job?.state === 'killed') return { ...NO_CHECK, state: 'failed', words: 'its process ended before it was done' };
  return { ...NO_CHECK, state: hasResult ? 'done' : 'none' };
}
