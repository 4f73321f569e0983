import { readFile, rm } from 'node:fs/promises';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import { CommandError } from '../command-error.ts';
import { toRun } from '../command-form.ts';
import { makeFolder, writeWhole } from '../files/write-whole.ts';
import type { Home } from './home.ts';
import { modelIdSchema } from './model-id.ts';

const activeModelSchema = z.strictObject({
  /** The version of this schema. */
  format: z.literal(1),
  model: modelIdSchema,
});

/**
 * Reads the ID of the active model. Returns undefined if none was ever activated.
 *
 * @throws CommandError `active_model_invalid` if the file isn't one that {@link writeActiveModel} writes;
 *   `home_unusable` if it can't be read or the home is not a folder.
 */
export async function readActiveModel(home: Home): Promise<string | undefined> {
  const path = home.activeModel;
  try {
    return activeModelSchema.parse(JSON.parse(await readFile(path, 'utf8'))).model;
  } catch (cause) {
    const code = systemCodeOf(cause);
    if (code === 'ENOENT') return undefined;
    if (code !== undefined) throw new CommandError('home_unusable', `can’t read ${path} (${code})`, { cause });
    const message = `${path} does not name a model; run ${toRun('models activate')} to replace it`;
    throw new CommandError('active_model_invalid', message, { cause });
  }
}

/** Writes the ID of the active model. Throws CommandError `home_unusable`. */
export async function writeActiveModel(home: Home, id: string): Promise<void> {
  try {
    await makeFolder(home.folder);
    await writeWhole(home.activeModel, `${JSON.stringify({ format: 1, model: id })}\n`);
  } catch (cause) {
    throw new CommandError('home_unusable', `can’t write to ${home} (${systemCodeOf(cause)})`, { cause });
  }
}

/** Forgets which model was activated. Throws CommandError `home_unusable`. */
export async function clearActiveModel(home: Home): Promise<void> {
  await rm(home.activeModel, { force: true }).catch((cause: unknown) => {
    throw new CommandError('home_unusable', `can’t remove ${home.activeModel} (${systemCodeOf(cause)})`, { cause });
  });
}
