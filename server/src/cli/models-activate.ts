import { modelFolders, readSettings } from '../config.ts';
import { activateModel } from '../registry/active-model.ts';
import { commandWith } from './command.ts';

/** `swipenet models activate ID`: from the next start on, serve, score and evaluate use it where no other is named. */
export const activateCommand = commandWith('activate', 'use a model from the next start on', ['home'])
  .argument('<id>', 'a model whose classes are NOPE and LIKE')
  .action(async (id: string, flags: Record<string, unknown>) => {
    const { home } = readSettings(['home'], flags);
    await activateModel(home, modelFolders(home), id);
    console.log(
      `${id} is active: serve, score and evaluate use it from their next start on, unless --model names another`,
    );
  });
