import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { DatasetsEvent, StudioDataset } from '@swipenet/shared/contract/studio/datasets.ts';
import pLimit from 'p-limit';
import { CommandError } from '../../command-error.ts';
import { sha256 } from '../../files/sha256.ts';
import type { Home } from '../../home/home.ts';
import { type Dataset, openDataset, readDatasetHead } from '../../training/dataset/dataset.ts';
import { readRun } from '../../training/run/folder/run-folder.ts';

/** How many datasets stay open. A page looks at one or two. */
const OPEN = 4;

/** The datasets that the studio knows: those in the home folder, and those of the runs there. */
export class DatasetShelf {
  readonly #home: Home;
  /** Open datasets by their folder, the one used last at the end. */
  readonly #open = new Map<string, Promise<Dataset>>();
  /** Datasets are opened one at a time: of two calls for the same one, the second would close what the first has opened. */
  readonly #inTurn = pLimit(1);

  constructor(home: Home) {
    this.#home = home;
  }

  /** Lists the datasets by name. One that is damaged is listed with what is wrong, and a run's that is gone isn't. */
  async list(): Promise<StudioDataset[]> {
    const own = await this.#ownFolders();
    const listed = await Promise.all((await this.#folders()).map((folder) => describe(folder, own.includes(folder))));
    const found = listed.filter((dataset) => dataset !== undefined);
    return found.toSorted((a, b) => a.name.localeCompare(b.name) || a.folder.localeCompare(b.folder));
  }

  /** Reads the data of the event `datasets`. */
  async event(): Promise<DatasetsEvent> {
    return { version: sha256(JSON.stringify(await this.list())).slice(0, 16) };
  }

  /**
   * Returns the folder of the dataset with this ID. Throws SwipenetError `studio_unknown`.
   */
  async folderOf(id: string): Promise<string> {
    for (const folder of await this.#folders()) {
      const head = await readDatasetHead(folder).catch(() => undefined);
      if (head?.id === id) return folder;
    }
    throw new SwipenetError('studio_unknown', 'this dataset no longer exists');
  }

  /**
   * Opens the dataset with this ID. The shelf closes it. Throws SwipenetError `studio_unknown`, CommandError
   * `dataset_missing`, `dataset_invalid`.
   */
  open(id: string): Promise<Dataset> {
    return this.#inTurn(() => this.#openNow(id));
  }

  async #openNow(id: string): Promise<Dataset> {
    for (const [folder, opening] of this.#open) {
      const dataset = await opening.catch(() => undefined);
      if (dataset?.id !== id) continue;
      this.#open.delete(folder);
      this.#open.set(folder, opening); // used last
      return dataset;
    }
    const folder = await this.folderOf(id);
    await this.release(folder); // it has been replaced since
    const opening = openDataset(folder);
    this.#open.set(folder, opening);
    const [oldest] = this.#open.keys();
    if (this.#open.size > OPEN && oldest !== undefined) await this.release(oldest);
    return opening.catch((error: unknown) => {
      this.#open.delete(folder);
      throw error;
    });
  }

  async close(): Promise<void> {
    for (const folder of [...this.#open.keys()]) await this.release(folder);
  }

  /** Closes the dataset in a folder, if it is open. */
  async release(folder: string): Promise<void> {
    const opening = this.#open.get(folder);
    this.#open.delete(folder);
    const dataset = await opening?.catch(() => undefined);
    await dataset?.[Symbol.asyncDispose]();
  }

  async #ownFolders(): Promise<string[]> {
    const names = await readdir(this.#home.datasets).catch(() => []); // without a folder there are none yet
    return names.filter((name) => !name.startsWith('.')).map((name) => this.#home.dataset(name));
  }

  async #folders(): Promise<string[]> {
    const runs = await readdir(this.#home.runs).catch(() => []);
    const ofRuns = runs.map((name) =>
      readRun(this.#home.run(name)).then(
        ({ data }) => [data.folder],
        () => [],
      ),
    );
    return [...new Set([...(await this.#ownFolders()), ...(await Promise.all(ofRuns)).flat()])];
  }
}

async function describe(folder: string, isOwn: boolean): Promise<StudioDataset | undefined> {
  const place = { name: basename(folder), folder, isOwn };
  try {
    const { id, head } = await readDatasetHead(folder);
    const { photos, parts, leftOut, nearAcrossLabels } = head;
    const files = Object.values(leftOut).reduce((sum, count) => sum + count, 0);
    return { id, ...place, about: { photos, parts, leftOut: files, nearAcrossLabels } };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (!isOwn && error.code === 'dataset_missing') return undefined;
    return { id: sha256(join(folder)), ...place, about: { error: error.message } };
  }
}
