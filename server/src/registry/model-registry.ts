import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { LABELS } from '@swipenet/shared/confidence.ts';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../command-error.ts';
import { sha256 } from '../files/sha256.ts';
import { renameDurably, writeFolderWhole } from '../files/write-whole.ts';
import { type Manifest, manifestSchema, modelIdSchema, type ServedManifest } from './manifest.ts';
import { type InstalledModel, MODEL_FILES, openModelFolder, readManifest } from './model-folder.ts';

export type { InstalledModel } from './model-folder.ts';

/** A model that can score. */
export interface ServedModel extends InstalledModel {
  readonly manifest: ServedManifest;
}

/** Returns true if the classes are NOPE and LIKE, and false for a starting point for training. */
export const isServed = (manifest: Manifest): manifest is ServedManifest => typeof manifest.classes !== 'number';

/**
 * Finds a model by its ID. Checks the manifest against its schema, and the file against the manifest's hash.
 *
 * @param folders the folders to search. Each model is in a subfolder named like its ID, and the first match wins.
 * @throws CommandError `option_invalid` (not an ID), `model_missing`, `model_invalid`, `model_hash_mismatch`.
 */
export async function loadModel(folders: readonly string[], id: string): Promise<InstalledModel> {
  const { manifest, modelPath } = await openModelFolder(await findModel(folders, id));
  if (manifest.id !== id) {
    throw new CommandError('model_invalid', `manifest.json in the folder ${id} belongs to the model ${manifest.id}`);
  }
  return { manifest, modelPath };
}

/** Loads a model to score with. Throws what {@link loadModel} throws, and CommandError `model_not_served`. */
export async function loadServedModel(folders: readonly string[], id: string): Promise<ServedModel> {
  const { manifest, modelPath } = await loadModel(folders, id);
  if (isServed(manifest)) return { manifest, modelPath };
  const what = `the model ${id} is only a starting point (its classes are not NOPE and LIKE)`;
  throw new CommandError('model_not_served', `${what}; use it with train --init`);
}

/** Finds the folder of a model that has a manifest. */
async function findModel(folders: readonly string[], id: string): Promise<string> {
  checkId(id);
  for (const models of folders) {
    const folder = join(models, id);
    if (await readManifest(folder)) return folder;
  }
  throw missing(folders, id);
}

function checkId(id: string): void {
  const parsed = modelIdSchema.safeParse(id);
  if (parsed.success) return;
  throw new CommandError(
    'option_invalid',
    `${JSON.stringify(id)} is not a valid ID: ${parsed.error.issues[0]?.message}`,
  );
}

const missing = (folders: readonly string[], id: string) =>
  new CommandError('model_missing', `no model has the ID ${id} (looked in ${folders.join(' and ')})`);

/** An entry of a model list: the manifest, or what is wrong with the model. */
export interface ListedModel {
  readonly id: string;
  /** The index of the folder it is in. */
  readonly place: number;
  readonly manifest: Manifest | CommandError;
}

/**
 * Lists every model in these folders, sorted by ID. If two have the same ID, lists the one that {@link loadModel}
 * finds. Doesn't check hashes.
 */
export async function listModels(folders: readonly string[]): Promise<ListedModel[]> {
  const found = new Map<string, ListedModel>();
  for (const [place, models] of folders.entries()) {
    const names = await readdir(models).catch(() => []); // without a folder there are no models yet
    for (const id of names.filter((name) => modelIdSchema.safeParse(name).success && !found.has(name))) {
      const manifest = await readManifest(join(models, id)).catch(errorOfModel);
      if (manifest) found.set(id, { id, place, manifest });
    }
  }
  return [...found.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * Lists models like {@link listModels}, and checks each file against its manifest's hash. That takes 30 to 45 ms for a
 * model of 24 MB.
 */
export async function checkModels(folders: readonly string[]): Promise<ListedModel[]> {
  const checked: ListedModel[] = [];
  for (const model of await listModels(folders)) {
    // One at a time, because each file is in memory while it is checked.
    const manifest =
      model.manifest instanceof CommandError
        ? model.manifest
        : await loadModel(folders, model.id).then(({ manifest }) => manifest, errorOfModel);
    checked.push({ ...model, manifest });
  }
  return checked;
}

function errorOfModel(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  throw error;
}

/** The fields that are the same in every manifest. */
const GOOGLENET = { format: 1, architecture: 'googlenet' } as const;

/**
 * The fields of a manifest that the creator of a model sets. The classes are NOPE and LIKE by default, and the rest
 * follows from the file.
 */
export type ModelDescription = Omit<Manifest, 'model' | 'classes' | keyof typeof GOOGLENET> &
  Partial<Pick<Manifest, 'classes'>>;

/** A model's `model.onnx`, and the text of its `trained-on.json` if it was trained on a dataset. */
export interface ModelToPublish {
  readonly bytes: Uint8Array;
  readonly storage: Manifest['model']['storage'];
  readonly trainedOn?: string;
}

/**
 * Adds a model to a folder atomically.
 *
 * @throws CommandError `model_exists` if the ID is taken, `home_unusable` if the folder can't be written.
 */
export async function publishModel(folder: string, about: ModelDescription, model: ModelToPublish): Promise<Manifest> {
  const { bytes, storage, trainedOn } = model;
  const complete = manifestSchema.parse({
    ...GOOGLENET,
    classes: LABELS,
    ...about,
    model: { sha256: sha256(bytes), bytes: bytes.length, storage },
  });
  await writeModelFolder(join(folder, complete.id), complete, bytes, 'models', trainedOn);
  return complete;
}

/**
 * Replaces the model with the same ID, if there is one. The old model stays until the new one is complete. Throws what
 * {@link publishModel} throws.
 */
export async function replaceModel(folder: string, about: ModelDescription, model: ModelToPublish): Promise<Manifest> {
  const fresh = join(folder, '.fresh');
  await rm(fresh, { recursive: true, force: true });
  const manifest = await publishModel(fresh, about, model);
  const place = join(folder, about.id);
  await rm(place, { recursive: true, force: true });
  await renameDurably(join(fresh, about.id), place);
  await rm(fresh, { recursive: true, force: true });
  return manifest;
}

/**
 * Rejects an ID that is already taken, before any work is done that couldn't be published.
 *
 * @param folders first the folder that the model goes into, then those of the models that come with Swipenet. A new
 *   model with one of their IDs would hide them.
 * @param flag the flag that sets another ID.
 * @throws CommandError `model_exists`, `option_invalid` (not an ID).
 */
export async function refuseTakenId(folders: readonly string[], id: string, flag?: string): Promise<void> {
  checkId(id);
  const instead = flag === undefined ? '' : `; choose another ID with ${flag}`;
  for (const [place, folder] of folders.entries()) {
    if (!(await stat(join(folder, id)).catch(() => undefined))) continue;
    const why = place === 0 ? alreadyIn(folder, id) : `the ID ${id} belongs to a model that comes with Swipenet`;
    throw new CommandError('model_exists', `${why}${instead}`);
  }
}

const alreadyIn = (folder: string, id: string) => `a model with the ID ${id} already exists in ${folder}`;

/**
 * Writes a model folder atomically. It may replace an empty folder.
 *
 * @param place `models` for a folder of the registry, whose name is the model's ID; `output` for a folder that the user
 *   chose.
 * @throws CommandError `model_exists` or `home_unusable` for `models`; `output_unusable` for `output`.
 */
export async function writeModelFolder(
  path: string,
  manifest: Manifest,
  bytes: Uint8Array,
  place: 'models' | 'output',
  trainedOn?: string,
): Promise<void> {
  const parent = dirname(resolve(path));
  try {
    await writeFolderWhole(path, {
      [MODEL_FILES.model]: bytes,
      [MODEL_FILES.manifest]: `${JSON.stringify(manifest, null, 2)}\n`,
      ...(trainedOn !== undefined && { [MODEL_FILES.trainedOn]: trainedOn }),
    });
  } catch (cause) {
    const code = systemCodeOf(cause);
    const taken = code === 'EEXIST';
    if (place === 'output') {
      const why = taken ? `${path} already exists` : `can’t write to ${parent} (${code})`;
      throw new CommandError('output_unusable', why, { cause });
    }
    if (taken) throw new CommandError('model_exists', alreadyIn(parent, manifest.id), { cause });
    throw new CommandError('home_unusable', `can’t write to ${parent} (${code})`, { cause });
  }
}

/** What the name of a model begins with that is being removed. */
const REMOVED = '.removed-';

/** Removes the files of models whose removal was cut short. */
export async function removeRemoved(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(REMOVED)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/**
 * Removes a model, even a broken one, from the user's own folder, which is the first. Renames it away first, so that it
 * disappears at once, and then deletes its files.
 *
 * @param inUse the IDs of models in use, each with the reason why it can't be removed and what to do about it.
 * @throws CommandError `model_protected` if the model is in use or in another folder; `option_invalid`,
 *   `model_missing`, `home_unusable`.
 */
export async function removeModel(
  folders: readonly string[],
  id: string,
  inUse: ReadonlyMap<string, string>,
): Promise<void> {
  checkId(id);
  const places = await Promise.all(folders.map((models) => stat(join(models, id)).catch(() => undefined)));
  const place = places.findIndex((found) => found);
  if (place < 0) throw missing(folders, id);
  if (place > 0) throw new CommandError('model_protected', `the model ${id} comes with Swipenet and cannot be removed`);
  const why = inUse.get(id);
  if (why !== undefined) throw new CommandError('model_protected', `the model ${id} ${why}`);
  const [own = ''] = folders;
  const gone = join(own, `${REMOVED}${randomUUID()}`);
  await renameDurably(join(own, id), gone).catch((cause: unknown) => {
    throw new CommandError('home_unusable', `can’t remove ${join(own, id)} (${systemCodeOf(cause)})`, { cause });
  });
  await rm(gone, { recursive: true, force: true });
}
