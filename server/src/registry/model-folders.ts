import { EMBEDDED_MODEL } from '../config/embedded-model.ts';
import type { Home } from '../home/home.ts';
import { type InstalledModel, loadModel } from './model-registry.ts';

/** Returns the folders to search for models: the user's own first. */
export function modelFolders(home: Home): [string, string] {
  return [home.models, EMBEDDED_MODEL.folder];
}

/** The IDs of the models that come with Swipenet. The first is what training starts from by default. */
export const EMBEDDED_IDS = [EMBEDDED_MODEL.base, EMBEDDED_MODEL.id] as const;

/** Loads a model that comes with Swipenet. Throws what {@link loadModel} throws. */
export function loadEmbeddedModel(id: (typeof EMBEDDED_IDS)[number]): Promise<InstalledModel> {
  return loadModel([EMBEDDED_MODEL.folder], id);
}

/**
 * Returns the folders whose IDs a new model in `folder` must not reuse. For the home folder's models these include the
 * embedded ones, which the new model would hide. `train:default` and `models quantize` can write to the embedded
 * folder.
 */
export function takenFolders(home: Home, folder: string): string[] {
  const folders = modelFolders(home);
  return folder === folders[0] ? folders : [folder];
}
