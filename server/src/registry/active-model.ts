import { CommandError } from '../command-error.ts';
import { EMBEDDED_MODEL } from '../config/embedded-model.ts';
import { readActiveModel, writeActiveModel } from '../home/active-model.ts';
import type { Home } from '../home/home.ts';
import { formsOf, type ModelOn, type PrecisionChoice } from './choose-precision.ts';
import { modelFolders } from './model-folders.ts';
import { loadServedModel, type ServedModel } from './model-registry.ts';

/**
 * Returns the ID of the active model: the one that was activated, or the embedded one. Throws what
 * {@link readActiveModel} throws.
 */
export async function activeModelId(home: Home): Promise<string> {
  return (await readActiveModel(home)) ?? EMBEDDED_MODEL.id;
}

/**
 * Makes a model the default for everything that starts from now on, once it has been tried. Otherwise the old one stays.
 *
 * @param tried opens the model and scores a photo with it. Throws if that fails.
 * @throws CommandError what {@link loadServedModel} and `tried` throw; `home_unusable`.
 */
export async function activateModel(
  home: Home,
  folders: readonly string[],
  id: string,
  tried: (model: ServedModel) => Promise<unknown>,
): Promise<void> {
  await tried(await loadServedModel(folders, id));
  await writeActiveModel(home, id);
}

/**
 * Loads the model to score with: the named one, or the active one. If it can't be loaded, no other model takes its
 * place.
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
    const message = `${error.message}; it is the active model (${home.activeModel}), so choose another with models activate`;
    throw new CommandError(error.code, message, { cause: error });
  });
}

/**
 * Chooses the model to score with, in the requested precision. Its form depends on the device. Throws what
 * {@link loadNamedOrActive} throws.
 */
export async function chosenModel(
  { home, precision }: { readonly home: Home; readonly precision: PrecisionChoice },
  named: string | undefined,
): Promise<ModelOn> {
  const folders = modelFolders(home);
  return formsOf(await loadNamedOrActive(home, folders, named), folders, precision);
}
