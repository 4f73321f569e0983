import { modelAnswerSchema } from '@swipenet/shared/contract/model.ts';
import { CommandError } from '../command-error.ts';
import { EMBEDDED_MODEL } from '../config/embedded-model.ts';
import { readSettings } from '../config/settings.ts';
import type { Home } from '../home/home.ts';
import { findServers } from '../home/running-server.ts';
import { askRunningServer } from '../http/ask-server.ts';
import { readActiveModel } from '../registry/active-model.ts';
import { modelFolders } from '../registry/model-folders.ts';
import { removeModel } from '../registry/model-registry.ts';
import { commandWith } from './command.ts';

/** `swipenet models remove ID`: what a running server of this home answers with stays, for its engines open the file anew. */
export const removeCommand = commandWith('remove', 'remove one of your own models', ['home'])
  .argument('<id>', 'a model that is neither the active one nor the one that a running server answers with')
  .action(async (id: string, flags: Record<string, unknown>) => {
    const { home } = readSettings(['home'], flags);
    const active = (await readActiveModel(home)) ?? EMBEDDED_MODEL.id;
    const inUse = new Map([
      ...(await servedModels(home)),
      [active, 'is the active one: models activate another one first'] as const,
    ]);
    await removeModel(modelFolders(home), id, inUse);
    console.log(`${id} is removed`);
  });

/** What answers with this home now, and why it stays; a server that does not answer has none. Throws `server_refused`. */
async function servedModels(home: Home): Promise<[id: string, why: string][]> {
  const served = (await findServers(home)).map(async (server): Promise<[string, string][]> => {
    try {
      const { id } = await askRunningServer(home, server, 'model', modelAnswerSchema);
      const way = 'models activate another one first, or end the server';
      return [[id, `is what the server on ${server.url} answers with: ${way}`]];
    } catch (error) {
      if (error instanceof CommandError && error.code === 'server_unreachable') return [];
      throw error;
    }
  });
  return (await Promise.all(served)).flat();
}
