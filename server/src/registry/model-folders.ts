import { EMBEDDED_MODEL } from '../config/embedded-model.ts';
import type { Home } from '../home/home.ts';
import { type InstalledModel, loadModel } from './model-registry.ts';

/** The folders in which models are looked for: the user's own first. */
export function modelFolders(home: Home): string[] {
  return [home.models, EMBEDDED_MODEL.folder];
}

/** Loads the model that comes with the project. Throws what {@link loadModel} throws. */
export function loadEmbeddedModel(): Promise<InstalledModel> {
  return loadModel([EMBEDDED_MODEL.folder], EMBEDDED_MODEL.id);
}

/**
 * The folders whose ids are taken for a model that goes into `folder`: of a home’s models also the embedded ones, in
 * whose place it would be found. The embedded folder itself gets its models by `train:default` and `models quantize`.
 */
export function takenFolders(home: Home, folder: string): string[] {
  const folders = modelFolders(home);
  return folder === folders[0] ? folders : [folder];
}
