import { CommandError } from '../command-error.ts';
import { EMBEDDED_MODEL } from '../config/embedded-model.ts';
import { readActiveModel, writeActiveModel } from '../home/active-model.ts';
import type { Home } from '../home/home.ts';
import { formsOf, type ModelOn, type PrecisionChoice } from './choose-precision.ts';
import { modelFolders } from './model-folders.ts';
import { loadServedModel, type ServedModel } from './model-registry.ts';

/**
 * The active model's id: the one that was activated, else the embedded one's. Throws what {@link readActiveModel} throws.
 */
export async function activeModelId(home: Home): Promise<string> {
  return (await readActiveModel(home)) ?? EMBEDDED_MODEL.id;
}

/**
 * Makes a model the one that everything that starts from now on uses, unless another is named. Checks the model first.
 *
 * @throws CommandError what {@link loadServedModel} throws; `home_unusable`.
 */
export async function activateModel(home: Home, folders: readonly string[], id: string): Promise<ServedModel> {
  const model = await loadServedModel(folders, id);
  await writeActiveModel(home, id);
  return model;
}

/**
 * Loads the model to score with: the one that is named, else the active one. If that model can't be loaded, no other
 * takes its place.
 *
 * @throws CommandError what {@link readActiveModel} and {@link loadServedModel} throw.
 */
export async function loadNamedOrActive(
  home: Home,
  folders: readonly string[],
  named: string | undefined,
): Promise<ServedModel> {
  if (named !== undefined) return loadServedModel(folders, named);
  return loadServedModel(folders, await activeModelId(home)).catch(async (error: unknown) => {
    if (!(error instanceof CommandError) || (await readActiveModel(home)) === undefined) throw error;
    const message = `${error.message}; it is the active model (${home.activeModel}), models activate names another`;
    throw new CommandError(error.code, message, { cause: error });
  });
}

/**
 * Chooses the model to score with, in the precision that was asked for; its form follows the device. Throws what
 * {@link loadNamedOrActive} throws.
 */
export async function chosenModel(
  { home, precision }: { readonly home: Home; readonly precision: PrecisionChoice },
  named: string | undefined,
): Promise<ModelOn> {
  const folders = modelFolders(home);
  return formsOf(await loadNamedOrActive(home, folders, named), folders, precision);
}
