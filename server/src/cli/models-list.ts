import { EMBEDDED_MODEL } from '../config/embedded-model.ts';
import { readSettings } from '../config/settings.ts';
import { readActiveModel } from '../registry/active-model.ts';
import { modelFolders } from '../registry/model-folders.ts';
import { checkModels } from '../registry/model-registry.ts';
import { commandWith } from './command.ts';
import { listEntry, listLines } from './models-lines.ts';

/** `swipenet models list`: what there is, and which of it is damaged. */
export const listCommand = commandWith('list', 'the models there are: the embedded one and your own', ['home'])
  .option('--json', 'print JSON and nothing else')
  .action(async ({ json, ...flags }: Record<string, unknown>) => {
    const { home } = readSettings(['home'], flags);
    const active = (await readActiveModel(home)) ?? EMBEDDED_MODEL.id;
    const models = (await checkModels(modelFolders(home))).map((model) => listEntry(model, active));
    console.log(json ? JSON.stringify({ active, models }, null, 2) : listLines(models));
    if (!models.some(({ id }) => id === active)) console.error(`the active model ${active} is not there any more`);
  });
