import { EMBEDDED_MODEL } from '../config/embedded-model.ts';
import type { Home } from '../home/home.ts';
import { type InstalledModel, loadModel } from './model-registry.ts';

/** Returns the folders to search for models: the user's own first. */
export function modelFolders(home: Home): string[] {
  return [home.models, EMBEDDED_MODEL.folder];
}

/** Loads the model that comes with Swipenet. Throws what {@link loadModel} throws. */
export function loadEmbeddedModel(): Promise<InstalledModel> {
  return loadModel([EMBEDDED_MODEL.folder], EMBEDDED_MODEL.id);
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
