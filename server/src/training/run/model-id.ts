import { basename, resolve } from 'node:path';
import { CommandError } from '../../command-error.ts';
import { modelIdSchema } from '../../registry/manifest.ts';
import { refuseTakenId } from '../../registry/model-registry.ts';

/**
 * Finds the id of the model that training will make: the given name, or one made from the data set's folder.
 *
 * @param folders folders of models, none of which may have it.
 * @throws CommandError `model_exists`; `option_invalid` if the folder's name gives no id.
 */
export async function freeModelId(
  name: string | undefined,
  dataFolder: string,
  folders: readonly string[],
): Promise<string> {
  const id = name ?? modelIdOf(dataFolder);
  await refuseTakenId(folders, id, '--name');
  return id;
}

/** Makes a model's id from a data set's folder: `faces` from `faces.set`. Throws CommandError `option_invalid`. */
export function modelIdOf(folder: string): string {
  const id = basename(resolve(folder))
    .toLowerCase()
    .replace(/(?<=.)\.set$/, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64);
  if (modelIdSchema.safeParse(id).success) return id;
  throw new CommandError('option_invalid', `--name is needed: ${folder} gives no id for a model`);
}
