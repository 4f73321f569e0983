import { EMBEDDED_MODEL } from '../config/embedded-model.ts';
import type { Settings } from '../config/settings.ts';
import { chooseModel } from '../registry/active-model.ts';
import { formsOf, type ModelOn } from '../registry/choose-precision.ts';
import { modelFolders } from '../registry/model-folders.ts';

/**
 * The model to score with: the one named, else the active one, else the embedded one; in the precision that was asked
 * for, by the device it comes to. Throws what chooseModel throws.
 */
export async function chosenModel(
  { home, precision }: Settings<'home' | 'precision'>,
  named: string | undefined,
): Promise<ModelOn> {
  const folders = modelFolders(home);
  return formsOf(await chooseModel({ home, folders, named, standard: EMBEDDED_MODEL.id }), folders, precision);
}
