import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Label } from '@swipenet/shared/confidence.ts';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import type {
  DatasetReview,
  LabelCheck,
  LabelDraft,
  PhotoDrops,
  PhotoFacts,
  PhotoFilter,
  PhotoPairs,
} from '@swipenet/shared/contract/studio/photos.ts';
import type { Clock } from '../../clock.ts';
import { CommandError } from '../../command-error.ts';
import { writeWhole } from '../../files/write-whole.ts';
import type { Home } from '../../home/home.ts';
import { readNearPairs } from '../../training/dataset/near-pairs.ts';
import { reviseDataset } from '../../training/dataset/revise-dataset.ts';
import type { DatasetShelf } from '../datasets/dataset-shelf.ts';
import { checkLabels } from './label-check.ts';
import { draftOf, isEmpty, NO_CHANGES, readDraft, redropped, relabeled, writeDraft } from './label-draft.ts';
import { pairsToShow } from './pair-order.ts';
import { factsOfPhotos, type KnownOfPhotos, matchingPhotos } from './photo-filter.ts';

/** What the desk works with. */
export interface ReviewDeskOptions {
  readonly home: Home;
  readonly datasets: DatasetShelf;
  readonly clock: Clock;
  /** Called when a draft or a check has changed. */
  readonly onChange: () => void;
}

/** A check of labels that runs, or why it failed. */
interface Check {
  readonly stop: AbortController;
  state: LabelCheck;
}

const NO_CHECK: LabelCheck = { state: 'none', words: '', done: 0, total: 0 };

/**
 * The photos of datasets, as pages look through them: which ones match, changed labels that aren't saved yet, and suspected
 * label errors. Drafts and confidences are files in the home folder, named by the dataset's ID. Changes to a draft run one
 * at a time, so the last one wins for each profile, and no tab's changes get lost.
 */
export class ReviewDesk {
  readonly #options: ReviewDeskOptions;
  readonly #checks = new Map<string, Check>();
  #previous: Promise<unknown> = Promise.resolve();

  constructor(options: ReviewDeskOptions) {
    this.#options = options;
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

  /** Returns the changed labels and the dropped photos. Throws CommandError `home_unusable`; SwipenetError `studio_unknown`. */
  async draft(id: string): Promise<LabelDraft> {
    await this.#options.datasets.folderOf(id);
    return draftOf(await readDraft(this.#draftPath(id)));
  }

  /** Gives the profiles of photos a label, and returns a photo of each profile that had the other one. */
  relabel(id: string, numbers: Iterable<number>, label: Label): Promise<number[]> {
    return this.#inTurn(async () => {
      const dataset = await this.#options.datasets.open(id);
      const draft = await readDraft(this.#draftPath(id));
      const { labels, changed } = relabeled(dataset, draft.labels, numbers, label);
      if (changed.length > 0) await writeDraft(this.#draftPath(id), { ...draft, labels });
      return changed;
    });
  }

  /** Drops photos from the next version and keeps others, and returns those whose fate changed. */
  drop(id: string, drops: PhotoDrops): Promise<PhotoDrops> {
    return this.#inTurn(async () => {
      const dataset = await this.#options.datasets.open(id);
      const draft = await readDraft(this.#draftPath(id));
      const { dropped, changed } = redropped(dataset, draft.dropped, drops);
      if (changed.drop.length + changed.keep.length > 0) await writeDraft(this.#draftPath(id), { ...draft, dropped });
      return changed;
    });
  }

  /** Forgets the changes. Throws CommandError `home_unusable`; SwipenetError `studio_unknown`. */
  discard(id: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#options.datasets.folderOf(id);
      await writeDraft(this.#draftPath(id), NO_CHANGES);
    });
  }

  /**
   * Saves the changes as a new dataset, and returns its ID. The draft is empty afterwards. Throws CommandError
   * `option_invalid` if nothing was changed, and what {@link reviseDataset} throws.
   */
  save(id: string, name: string): Promise<string> {
    return this.#inTurn(async () => {
      const { home, datasets } = this.#options;
      const dataset = await datasets.open(id);
      const draft = await readDraft(this.#draftPath(id));
      if (isEmpty(draft)) throw new CommandError('option_invalid', 'nothing was changed');
      const made = await reviseDataset(dataset, draft, home.dataset(name));
      await writeDraft(this.#draftPath(id), NO_CHANGES);
      return made;
    });
  }

  /** Begins to look for wrong labels, unless that is running. Throws SwipenetError `studio_unknown`. */
  async check(id: string): Promise<void> {
    const folder = await this.#options.datasets.folderOf(id);
    if (this.#checks.get(id)?.state.state === 'running') return;
    const check: Check = {
      stop: new AbortController(),
      state: { state: 'running', words: 'Starting', done: 0, total: 0 },
    };
    this.#checks.set(id, check);
    void this.#run(id, folder, check);
    this.#options.onChange();
  }

  /** Stops looking for wrong labels. An earlier result stays. */
  stopCheck(id: string): void {
    this.#checks.get(id)?.stop.abort();
    this.#checks.delete(id);
    this.#options.onChange();
  }

  /** Lists the datasets with a draft or a check. */
  async list(): Promise<DatasetReview[]> {
    const { home } = this.#options;
    const known = await readdir(home.reviews).catch(() => []);
    const ids = [...new Set([...known, ...this.#checks.keys()])].toSorted();
    return Promise.all(
      ids.map(async (dataset) => {
        const { labels, dropped, revision } = await readDraft(this.#draftPath(dataset));
        const check = await this.#checkOf(dataset);
        return { dataset, changed: labels.size, dropped: dropped.size, revision, check };
      }),
    );
  }

  /** Stops what is running. */
  close(): void {
    for (const { stop } of this.#checks.values()) stop.abort();
  }

  async #checkOf(id: string): Promise<LabelCheck> {
    const running = this.#checks.get(id);
    if (running) return running.state;
    return (await this.#confidences(id)) ? { ...NO_CHECK, state: 'done' } : NO_CHECK;
  }

  async #run(id: string, folder: string, check: Check): Promise<void> {
    const { clock, home, onChange } = this.#options;
    try {
      // Only its own bytes: it lies in the message from the process, which has more.
      const { buffer, byteOffset, byteLength } = await checkLabels(folder, {
        ...{ clock, signal: check.stop.signal },
        onProgress: ({ words, done, total }) => {
          check.state = { state: 'running', words, done, total };
          onChange();
        },
      });
      await mkdir(home.review(id), { recursive: true, mode: 0o700 });
      await writeWhole(this.#confidencesPath(id), new Uint8Array(buffer, byteOffset, byteLength));
      if (this.#checks.get(id) === check) this.#checks.delete(id);
    } catch (error) {
      if (check.stop.signal.aborted) return;
      const code = systemCodeOf(error);
      const words =
        code === undefined ? (error as Error).message.split('\n')[0]! : `the result can’t be stored (${code})`;
      check.state = { ...NO_CHECK, state: 'failed', words };
    }
    onChange();
  }

  async #known(id: string): Promise<KnownOfPhotos> {
    const changes = await readDraft(this.#draftPath(id));
    return { changes, confidences: await this.#confidences(id) };
  }

  async #confidences(id: string): Promise<Float32Array | undefined> {
    const bytes = await readFile(this.#confidencesPath(id)).catch(() => undefined);
    return bytes && new Float32Array(new Uint8Array(bytes).buffer);
  }

  #draftPath(id: string): string {
    return join(this.#options.home.review(id), 'labels.json');
  }

  #confidencesPath(id: string): string {
    return join(this.#options.home.review(id), 'confidences.f32');
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#previous.then(work);
    this.#previous = turn.catch(() => {});
    const result = await turn;
    this.#options.onChange();
    return result;
  }
}
