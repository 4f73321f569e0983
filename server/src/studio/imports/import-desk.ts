import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LABELS } from '@swipenet/shared/confidence.ts';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { ImportBuilt, ImportFiles } from '@swipenet/shared/contract/studio/imports.ts';
import * as z from 'zod';
import type { RunCommand } from '../../child/run-command.ts';
import { CommandError } from '../../command-error.ts';
import { diskReason } from '../../files/disk-reason.ts';
import { renameDurably } from '../../files/write-whole.ts';
import type { Home } from '../../home/home.ts';
import { readDatasetHead } from '../../training/dataset/dataset.ts';
import { commandRefusal } from '../command-refusal.ts';

const PREFIX = 'import-';
const ID = /^[0-9a-f-]{36}$/;

/** How long an import that a closed page left is kept, in milliseconds. */
const KEPT_MS = 24 * 3_600_000;

/** The longest name of a file or folder that every file system takes, in bytes. */
const MOST_NAME_BYTES = 240;

/** The most folders in each other. */
const MOST_DEPTH = 16;

/** What a folder's name can't have on some system, or would hide it. */
const NOT_A_NAME = /^\.|[<>:"|?*\\]|\p{Cc}|[. ]$|^$/u;

/** How many of the files that were left out are named. */
const MOST_NAMED = 200;

/** What `dataset build --json` prints. */
const builtSchema = z.object({
  photos: z.int(),
  leftOutFiles: z.array(z.object({ path: z.string(), message: z.string() })),
});

export interface ImportDeskOptions {
  readonly home: Home;
  readonly runCommand: RunCommand;
  /** Returns the current date and time. */
  readonly date: () => Date;
}

/** Takes folders of photos from a browser, and builds datasets from them. */
export class ImportDesk {
  readonly #options: ImportDeskOptions;

  constructor(options: ImportDeskOptions) {
    this.#options = options;
  }

  /** Begins an import, and returns its ID. Throws CommandError `home_unusable`. */
  async begin(): Promise<string> {
    await this.#removeOld();
    const id = randomUUID();
    await this.#written(() =>
      Promise.all(LABELS.map((label) => mkdir(join(this.#folderOf(id), label), { recursive: true, mode: 0o700 }))),
    );
    return id;
  }

  /**
   * Adds files. Those that were already there are replaced, so that a request can be repeated. Throws SwipenetError
   * `studio_unknown`; CommandError `option_invalid` for a path that could lead elsewhere, `home_unusable`.
   */
  async add(id: string, file: ImportFiles[number], bytes: Uint8Array): Promise<void> {
    const folder = await this.#existing(id);
    const parts = file.path.split('/');
    if (parts.length > MOST_DEPTH || parts.some(isUnsafe)) {
      throw new CommandError('option_invalid', `${JSON.stringify(file.path)} can’t be the path of a photo`);
    }
    const path = join(folder, file.label, ...parts);
    await this.#written(async () => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes, { mode: 0o600 }).catch(async (error: unknown) => {
        await rm(path, { force: true }); // half a photo would become part of the dataset
        throw error;
      });
    });
  }

  /**
   * Builds a dataset from an import's files, which are deleted afterwards, whether it succeeds or not. Runs in a process
   * of its own, until the signal kills it.
   *
   * @throws SwipenetError `studio_unknown`; CommandError `dataset_exists`, and what `dataset build` throws.
   */
  async build(id: string, name: string, signal: AbortSignal): Promise<ImportBuilt> {
    const { home, runCommand } = this.#options;
    const folder = await this.#existing(id);
    try {
      const place = home.dataset(name);
      if (await stat(place).catch(() => undefined)) {
        throw new CommandError('dataset_exists', `a dataset with the name ${name} already exists`);
      }
      const folders = ['--like', 'LIKE', '--nope', 'NOPE', '--out', 'dataset', '--json'];
      const end = await runCommand(['dataset', 'build', ...folders], { signal, folder, niceness: 19 });
      signal.throwIfAborted();
      if (end.code !== 0) throw commandRefusal(end, 'the photos could not be read');
      const { photos, leftOutFiles } = builtSchema.parse(JSON.parse(end.stdout));
      await this.#written(async () => {
        await mkdir(home.datasets, { recursive: true, mode: 0o700 });
        await renameDurably(join(folder, 'dataset'), place);
      });
      const dataset = await readDatasetHead(place);
      const leftOut = leftOutFiles.slice(0, MOST_NAMED).map(({ path, message }) => ({ path, message }));
      return { id: dataset.id, photos, leftOut };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Deletes an import's files. Does nothing if it is gone. */
  async cancel(id: string): Promise<void> {
    if (ID.test(id)) await rm(this.#folderOf(id), { recursive: true, force: true });
  }

  #folderOf(id: string): string {
    return this.#options.home.transfer(PREFIX + id);
  }

  async #existing(id: string): Promise<string> {
    const folder = this.#folderOf(id);
    if (ID.test(id) && (await stat(folder).catch(() => undefined))) return folder;
    throw new SwipenetError('studio_unknown', 'this import no longer exists; begin again');
  }

  /** Deletes what pages have left that were closed during an import. */
  async #removeOld(): Promise<void> {
    const { home, date } = this.#options;
    const names = await readdir(home.transfers).catch(() => []); // without a folder there are none
    for (const name of names.filter((one) => one.startsWith(PREFIX))) {
      const folder = home.transfer(name);
      const found = await stat(folder).catch(() => undefined);
      if (found && date().getTime() - found.mtimeMs > KEPT_MS) await rm(folder, { recursive: true, force: true });
    }
  }

  /** Writes to the home folder. Throws CommandError `home_unusable` with the system's reason. */
  async #written<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (cause) {
      const { transfers } = this.#options.home;
      throw new CommandError('home_unusable', `can’t write to ${transfers} (${diskReason(cause)})`, { cause });
    }
  }
}

const isUnsafe = (name: string) => NOT_A_NAME.test(name) || Buffer.byteLength(name) > MOST_NAME_BYTES;
