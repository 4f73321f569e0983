import { EMBEDDED_MODEL, modelFolders } from '../config.ts';
import { chooseModel } from '../registry/active-model.ts';
import type { ServedModel } from '../registry/model-registry.ts';

/**
 * The model to score with: the one named, else the active one, else the embedded one. Throws what chooseModel throws.
 */
export async function chosenModel(home: string, named: string | undefined): Promise<ServedModel> {
  return chooseModel({ home, folders: modelFolders(home), named, standard: EMBEDDED_MODEL.id });
}
