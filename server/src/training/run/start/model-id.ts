import { basename, resolve } from 'node:path';
import { CommandError } from '../../../command-error.ts';
import { modelIdSchema } from '../../../registry/manifest.ts';
import { refuseTakenId } from '../../../registry/model-registry.ts';

/**
 * Returns the ID of the model to train: the given name, or one derived from the dataset's folder.
 *
 * @param folders the folders of models that must not have this ID yet.
 * @throws CommandError `model_exists`, or `option_invalid` if no ID can be derived.
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

/** Derives a model ID from a dataset's folder: `faces` from `faces.set`. Throws CommandError `option_invalid`. */
export function modelIdOf(folder: string): string {
  const id = basename(resolve(folder))
    .toLowerCase()
    .replace(/(?<=.)\.set$/, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64);
  if (modelIdSchema.safeParse(id).success) return id;
  throw new CommandError('option_invalid', `can’t derive a model ID from ${folder}. Pass one with --name`);
}
