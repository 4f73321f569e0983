import { EMBEDDED_MODEL } from '../config/embedded-model.ts';
import { readSettings } from '../config/settings.ts';
import { readActiveModel } from '../registry/active-model.ts';
import { modelFolders } from '../registry/model-folders.ts';
import { loadModel } from '../registry/model-registry.ts';
import { commandWith } from './command.ts';
import { showLines } from './model-lines.ts';

/** `swipenet models show ID`: what a model says of itself, and whether its file is what it says. */
export const showCommand = commandWith('show', 'what a model says of itself; its file is checked', ['home'])
  .argument('<id>', 'a model')
  .option('--json', 'print its manifest as JSON and nothing else')
  .action(async (id: string, { json, ...flags }: Record<string, unknown>) => {
    const { home } = readSettings(['home'], flags);
    const { manifest, modelPath } = await loadModel(modelFolders(home), id);
    const active = (await readActiveModel(home)) ?? EMBEDDED_MODEL.id;
    console.log(json ? JSON.stringify(manifest, null, 2) : showLines(manifest, modelPath, id === active));
  });
