import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { LABELS } from '@swipenet/shared/confidence.ts';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../command-error.ts';
import { sha256 } from '../files/sha256.ts';
import { writeFolderWhole } from '../files/write-whole.ts';
import { type Manifest, manifestSchema, modelIdSchema, type ServedManifest } from './manifest.ts';
import { type InstalledModel, MODEL_FILES, openModelFolder, readManifest } from './model-folder.ts';

export type { InstalledModel } from './model-folder.ts';

/** A model that can be served. */
export interface ServedModel extends InstalledModel {
  readonly manifest: ServedManifest;
}

/** True for NOPE and LIKE; false for an initialisation. */
export const isServed = (manifest: Manifest): manifest is ServedManifest => typeof manifest.classes !== 'number';

/**
 * Finds a model by its id and checks it: the manifest against its schema, the file against the manifest's hash.
 *
 * @param folders where models are, each in a folder named like its id; the first that has it wins.
 * @throws CommandError `option_invalid` (not an id), `model_missing`, `model_invalid`, `model_hash_mismatch`.
 */
export async function loadModel(folders: readonly string[], id: string): Promise<InstalledModel> {
  const { manifest, modelPath } = await openModelFolder(await findModel(folders, id));
  if (manifest.id !== id) {
    throw new CommandError('model_invalid', `manifest.json in the folder ${id} is of the model ${manifest.id}`);
  }
  return { manifest, modelPath };
}

/** Loads a model to score with. Throws what {@link loadModel} throws, and CommandError `model_not_served`. */
export async function loadServedModel(folders: readonly string[], id: string): Promise<ServedModel> {
  const { manifest, modelPath } = await loadModel(folders, id);
  if (isServed(manifest)) return { manifest, modelPath };
  const what = `the model ${id} is an initialisation (its ${manifest.classes} classes are not NOPE and LIKE)`;
  throw new CommandError('model_not_served', `${what}: train --init begins from it, nothing is scored with it`);
}

/** The folder of a model, with its manifest in it. */
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
  throw new CommandError('option_invalid', `${JSON.stringify(id)} is no id: ${parsed.error.issues[0]?.message}`);
}

const missing = (folders: readonly string[], id: string) =>
  new CommandError('model_missing', `there is no model ${id} (looked in ${folders.join(' and ')})`);

/** A model as a list tells of it: its manifest, or what is wrong with it. */
export interface ListedModel {
  readonly id: string;
  /** Which of the folders it is in. */
  readonly place: number;
  readonly manifest: Manifest | CommandError;
}

/**
 * Every model in these folders, by id; of two with one id the first, as {@link loadModel} finds it. Hashes are not
 * checked.
 */
export async function listModels(folders: readonly string[]): Promise<ListedModel[]> {
  const found = new Map<string, ListedModel>();
  for (const [place, models] of folders.entries()) {
    const names = await readdir(models).catch(() => []); // no folder: no models yet
    for (const id of names.filter((name) => modelIdSchema.safeParse(name).success && !found.has(name))) {
      const manifest = await readManifest(join(models, id)).catch(errorOfModel);
      if (manifest) found.set(id, { id, place, manifest });
    }
  }
  return [...found.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * {@link listModels} with every file checked against its manifest's hash, as {@link loadModel} checks it: 30 to 45 ms for a
 * model of 24 MB.
 */
export async function checkModels(folders: readonly string[]): Promise<ListedModel[]> {
  const checked: ListedModel[] = [];
  for (const model of await listModels(folders)) {
    // One after the other: a file is whole in memory meanwhile.
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

/** What every model here has in common. */
const GOOGLENET = { format: 1, architecture: 'googlenet' } as const;

/**
 * What a model's maker says of it, by default of one with the classes NOPE and LIKE; the rest follows from the file.
 */
export type ModelDescription = Omit<Manifest, 'model' | 'classes' | keyof typeof GOOGLENET> &
  Partial<Pick<Manifest, 'classes'>>;

/**
 * Adds a model to a folder, all or nothing.
 *
 * @throws CommandError `model_exists` where the id is taken, `home_unusable` where the folder cannot be written.
 */
export async function publishModel(
  folder: string,
  about: ModelDescription,
  model: { bytes: Uint8Array; storage: Manifest['model']['storage'] },
): Promise<Manifest> {
  const { bytes, storage } = model;
  const complete = manifestSchema.parse({
    ...GOOGLENET,
    classes: LABELS,
    ...about,
    model: { sha256: sha256(bytes), bytes: bytes.length, storage },
  });
  await writeModelFolder(join(folder, complete.id), complete, bytes, 'models');
  return complete;
}

/**
 * Refuses an id that a model has already, before work is done that could not be published.
 *
 * @param folders the one that would get the model first; in the others are those that come with Swipenet: a model of the
 *   same id would silently be found in their place.
 * @param flag the one that gives the model another id.
 * @throws CommandError `model_exists`, `option_invalid` (not an id).
 */
export async function refuseTakenId(folders: readonly string[], id: string, flag?: string): Promise<void> {
  checkId(id);
  const instead = flag === undefined ? '' : `; ${flag} gives this one another id`;
  for (const [place, folder] of folders.entries()) {
    if (!(await stat(join(folder, id)).catch(() => undefined))) continue;
    const why = place === 0 ? alreadyIn(folder, id) : `the name ${id} is taken by the model that comes with Swipenet`;
    throw new CommandError('model_exists', `${why}${instead}`);
  }
}

const alreadyIn = (folder: string, id: string) => `there is a model ${id} in ${folder} already`;

/**
 * Writes a model's folder, all or nothing; an empty folder may be in its place.
 *
 * @param place what the folder is: a model's among others, by its id, or one for people, which may be called anything.
 * @throws CommandError `model_exists` and `home_unusable` of a model's; of one for people `output_unusable`.
 */
export async function writeModelFolder(
  path: string,
  manifest: Manifest,
  bytes: Uint8Array,
  place: 'models' | 'output',
): Promise<void> {
  const around = dirname(resolve(path));
  try {
    await writeFolderWhole(path, {
      [MODEL_FILES.model]: bytes,
      [MODEL_FILES.manifest]: `${JSON.stringify(manifest, null, 2)}\n`,
    });
  } catch (cause) {
    const code = systemCodeOf(cause);
    const taken = code === 'EEXIST';
    if (place === 'output') {
      const why = taken ? `${path} is there already and stays as it is` : `${around} cannot be written (${code})`;
      throw new CommandError('output_unusable', why, { cause });
    }
    if (taken) throw new CommandError('model_exists', alreadyIn(around, manifest.id), { cause });
    throw new CommandError('home_unusable', `${around} cannot be written (${code})`, { cause });
  }
}

/**
 * Removes a model, sound or broken, from the first of the folders, the user's own: at once by renaming it away, then its
 * bytes.
 *
 * @param inUse the models that are needed, by id, each with why it stays and what ends that, in words.
 * @throws CommandError `model_protected` for one that is in use and for one that is in another folder; `option_invalid`,
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
  if (place > 0) throw new CommandError('model_protected', `the model ${id} comes with Swipenet and stays`);
  const why = inUse.get(id);
  if (why !== undefined) throw new CommandError('model_protected', `the model ${id} ${why}`);
  const [own = ''] = folders;
  const gone = join(own, `.removed-${randomUUID()}`);
  await rename(join(own, id), gone).catch((cause: unknown) => {
    throw new CommandError('home_unusable', `${join(own, id)} cannot be removed (${systemCodeOf(cause)})`, { cause });
  });
  await rm(gone, { recursive: true, force: true });
}
