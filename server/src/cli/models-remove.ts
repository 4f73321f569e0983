import { EMBEDDED_MODEL, modelFolders, readSettings } from '../config.ts';
import { readActiveModel } from '../registry/active-model.ts';
import { removeModel } from '../registry/model-registry.ts';
import { commandWith } from './command.ts';

/** `swipenet models remove ID`. */
export const removeCommand = commandWith('remove', 'remove one of your own models', ['home'])
  .argument('<id>', 'a model that is not the active one')
  .action(async (id: string, flags: Record<string, unknown>) => {
    const { home } = readSettings(['home'], flags);
    await removeModel(modelFolders(home), id, (await readActiveModel(home)) ?? EMBEDDED_MODEL.id);
    console.log(`${id} is removed`);
  });
