import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SwipenetError, systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import type { ExportFormat, ModelImport, StudioModel } from '@swipenet/shared/contract/studio/models.ts';
import type { RunCommand } from '../../child/run-command.ts';
import { CommandError } from '../../command-error.ts';
import { diskReason } from '../../files/disk-reason.ts';
import type { Home } from '../../home/home.ts';
import { activateModel, activeModelId } from '../../registry/active-model.ts';
import { precisionOf } from '../../registry/choose-precision.ts';
import { modelFacts } from '../../registry/model-facts.ts';
import { modelFolders } from '../../registry/model-folders.ts';
import { isServed, type ListedModel, listModels, loadModel, removeModel } from '../../registry/model-registry.ts';

import { commandRefusal } from '../command-refusal.ts';

/** How long an import or export may take. The slowest recognizes a foreign graph, in seconds. */
const TRANSFER_MS = 120_000;

/** What the desk needs from the rest of the server. */
export interface ModelsDeskOptions {
  readonly home: Home;
  /** Returns the ID of the model that the server uses. */
  readonly servedId: () => string;
  /** Makes the server use a model, which it tries first. Throws the reason if it can't. */
  readonly use: (id: string) => Promise<unknown>;
  /** Returns the models that can't be deleted, each with the reason and what to do about it. */
  readonly inUse: () => Promise<ReadonlyMap<string, string>>;
  readonly runCommand: RunCommand;
  /** Returns a signal that aborts after `ms` milliseconds. */
  readonly deadline: (ms: number) => AbortSignal;
}

/** The models on the server: lists, activates, imports, exports and deletes them. */
export class ModelsDesk {
  readonly #options: ModelsDeskOptions;

  constructor(options: ModelsDeskOptions) {
    this.#options = options;
  }

  /** Lists every model, sorted by ID. Doesn't check hashes. Throws CommandError `active_model_invalid`. */
  async list(): Promise<StudioModel[]> {
    const { home, servedId } = this.#options;
    const active = await activeModelId(home);
    const listed = await listModels(modelFolders(home));
    const servedParent = listed.find(({ id }) => id === servedId());
    const served = [servedId(), ...(servedParent ? [parentOf(servedParent)] : [])];
    return listed.map((model) => ({
      id: model.id,
      isActive: model.id === active,
      isServed: served.includes(model.id),
      isEmbedded: model.place > 0,
      about: about(model),
    }));
  }

  /**
   * Makes a model the active one, once the server uses it. Otherwise the old one stays. Throws CommandError
   * `model_missing`, `model_not_served`, `home_unusable`; what `use` throws.
   */
  async activate(id: string): Promise<void> {
    const { home, use } = this.#options;
    await activateModel(home, modelFolders(home), id, () => use(id));
  }

  /** Deletes a model. Throws CommandError `model_protected`, `model_missing`, `home_unusable`. */
  async remove(id: string): Promise<void> {
    const { home, inUse } = this.#options;
    await removeModel(modelFolders(home), id, await inUse());
  }

  /** Returns a model's file for other programs. Throws what `models export` throws. */
  async exported(id: string, file: ExportFormat): Promise<Uint8Array> {
    const { home } = this.#options;
    await loadModel(modelFolders(home), id); // checks the ID, which becomes a parameter of the command
    return this.#inFolder(async (folder) => {
      const out = join(folder, `model.${file}`);
      await this.#run(['models', 'export', id, '--out', out]);
      return await readFile(out);
    });
  }

  /**
   * Imports a model from a file's bytes, and returns its ID. Throws CommandError `home_unusable`, what `models import`
   * throws, and what reading the bytes throws.
   */
  async import({ id, file, ...choices }: ModelImport, bytes: AsyncIterable<Uint8Array>): Promise<string> {
    return this.#inFolder(async (folder) => {
      const path = join(folder, `model.${file}`);
      await pipeline(Readable.from(bytes), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
      const flags = Object.entries({ id, ...choices }).map(([name, value]) => `--${name}=${value}`);
      await this.#run(['models', 'import', path, ...flags]);
      return id;
    });
  }

  /** Runs a command that works in this home. Throws what it prints as CommandError `option_invalid`. */
  async #run(parameters: readonly string[]): Promise<void> {
    const { home, runCommand, deadline } = this.#options;
    const end = await runCommand([...parameters, '--home', home.folder], { signal: deadline(TRANSFER_MS) });
    if (end.code !== 0) throw commandRefusal(end, 'the model could not be read in time');
  }

  /** Does something in a folder of its own, which is deleted afterwards. */
  async #inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
    const { transfers } = this.#options.home;
    let folder: string | undefined;
    try {
      await mkdir(transfers, { recursive: true, mode: 0o700 });
      folder = await mkdtemp(join(transfers, 'model-'));
      return await work(folder);
    } catch (cause) {
      const code = systemCodeOf(cause);
      if (code === undefined || cause instanceof SwipenetError) throw cause;
      throw new CommandError('home_unusable', `can’t write to ${transfers} (${diskReason(cause)})`, { cause });
    } finally {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Returns the ID of the model that this one is a form of: its parent's, or its own. */
const parentOf = ({ id, manifest }: ListedModel) =>
  manifest instanceof CommandError ? id : (manifest.quantization?.parent ?? id);

function about({ manifest }: ListedModel): StudioModel['about'] {
  if (manifest instanceof CommandError) return { error: manifest.message };
  const { model, metrics, quantization } = manifest;
  const figures = Object.keys(metrics);
  return {
    bytes: model.bytes,
    precision: precisionOf(manifest),
    parent: quantization?.parent ?? null,
    canScore: isServed(manifest),
    metrics,
    facts: modelFacts(manifest).filter(([name]) => !figures.includes(name)),
  };
}
