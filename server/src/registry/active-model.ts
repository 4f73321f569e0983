import { CommandError } from '../command-error.ts';
import { readActiveModel, writeActiveModel } from '../home/active-model.ts';
import type { Home } from '../home/home.ts';
import { loadServedModel, type ServedModel } from './model-registry.ts';

export { readActiveModel };

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
 * Loads the model to score with: the one that is named, else the active one, else the standard one. If that model can't
 * be loaded, no other takes its place.
 *
 * @throws CommandError what {@link readActiveModel} and {@link loadServedModel} throw.
 */
export async function chooseModel(options: {
  readonly home: Home;
  readonly folders: readonly string[];
  readonly named: string | undefined;
  readonly standard: string;
}): Promise<ServedModel> {
  const { home, folders, named, standard } = options;
  if (named !== undefined) return loadServedModel(folders, named);
  const active = await readActiveModel(home);
  return loadServedModel(folders, active ?? standard).catch((error: unknown) => {
    if (active === undefined || !(error instanceof CommandError)) throw error;
    const message = `${error.message}; it is the active model (${home.activeModel}), models activate names another`;
    throw new CommandError(error.code, message, { cause: error });
  });
}
