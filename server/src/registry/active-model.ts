import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import { CommandError } from '../command-error.ts';
import type { Home } from '../home/home.ts';
import { modelIdSchema } from './manifest.ts';
import { loadServedModel, type ServedModel } from './model-registry.ts';

const activeSchema = z.strictObject({ format: z.literal(1), model: modelIdSchema });

/**
 * The id of the model that was activated; `undefined` where none ever was.
 *
 * @param home the folder of the user's state.
 * @throws CommandError `active_model_invalid` where the file is there but is not what {@link activateModel} writes;
 *   `home_unusable` where it cannot be read, or the home is no folder.
 */
export async function readActiveModel(home: Home): Promise<string | undefined> {
  const path = home.activeModel;
  try {
    return activeSchema.parse(JSON.parse(await readFile(path, 'utf8'))).model;
  } catch (cause) {
    const code = systemCodeOf(cause);
    if (code === 'ENOENT') return undefined;
    if (code !== undefined) {
      const message = `the folder ${home} cannot be used: ${basename(path)} in it cannot be read (${code})`;
      throw new CommandError('home_unusable', message, { cause });
    }
    const message = `${path} does not name a model; models activate writes it anew`;
    throw new CommandError('active_model_invalid', message, { cause });
  }
}

/**
 * Makes a model the one that is used where no other is named, by whatever starts from now on. It is checked first, and the file
 * is replaced at once.
 *
 * @throws CommandError what {@link loadServedModel} throws; `home_unusable`.
 */
export async function activateModel(home: Home, folders: readonly string[], id: string): Promise<ServedModel> {
  const model = await loadServedModel(folders, id);
  const draft = join(home.folder, `.draft-${randomUUID()}`);
  try {
    await mkdir(home.folder, { recursive: true });
    await writeFile(draft, `${JSON.stringify({ format: 1, model: id })}\n`, { flush: true });
    await rename(draft, home.activeModel);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {}); // the reason why it failed is what counts
    throw new CommandError('home_unusable', `${home} cannot be written (${systemCodeOf(cause)})`, { cause });
  }
  return model;
}

/**
 * Loads the model to score with: the one that is named, else the active one, else the standard one. Never another one
 * than that.
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
