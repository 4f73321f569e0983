import { type ModelAnswer, modelAnswerSchema } from '@swipenet/shared/contract/model.ts';
import { CommandError } from '../../command-error.ts';
import type { Home } from '../../home/home.ts';
import { findServer, findServers } from '../../home/running-server.ts';
import { askRunningServer, askServer } from '../../http/ask-server.ts';
import { activateModel, activeModelId } from '../../registry/active-model.ts';
import { modelFolders } from '../../registry/model-folders.ts';
import { removeModel } from '../../registry/model-registry.ts';
import { defineCommand } from '../command.ts';
import { precisionWords } from '../format.ts';

/**
 * The server gives engines up after two minutes, which may be those of a GPU and then those of the CPU
 * (inference/child-engine.ts), and begins when the last exchange has ended.
 */
const EXCHANGE_MS = 300_000;

/**
 * `swipenet models activate ID`: serve, score and evaluate use it from their next start on where none is named there, and
 * the server that runs with this home exchanges its model for it now, whichever it was started with.
 */
export const activateCommand = defineCommand({
  name: 'activate',
  summary: 'use a model from now on, also in a running server',
  operand: { syntax: '<id>', help: 'a model whose classes are NOPE and LIKE' },
  settings: ['home'],
  run: async ({ settings: { home }, operands: [id] }) => {
    await activateModel(home, modelFolders(home), id);
    const server = await findServer(home);
    return { id, url: server?.url, answering: server && (await exchange(home, id)) };
  },
  print: ({ id, url, answering }) =>
    [
      answering
        ? `${id} is active, and the server on ${url} answers with ${wordsFor(id, answering)} now`
        : `${id} is active: no server runs with this home; serve, score and evaluate use it from their next start on`,
      'What is started with --model or SWIPENET_MODEL takes that model at its start.',
    ].join('\n'),
  toJson: ({ id, url }) => ({ active: id, server: url ?? null }),
});

/** `it`, or in which other form the server took it. */
const wordsFor = (id: string, answer: ModelAnswer) =>
  answer.id === id ? 'it' : `${answer.id} (${precisionWords(answer)}; ${answer.precisionReason})`;

/** Has the running server exchange its model; what answers then. Throws CommandError as `askServer` does, with what holds now. */
async function exchange(home: Home, id: string): Promise<ModelAnswer> {
  try {
    return (await askServer(home, 'reload', modelAnswerSchema, { id }, EXCHANGE_MS)).answer;
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    const now =
      cause.code === 'server_refused'
        ? 'the running server keeps its old model'
        : 'whether the running server took it is not known';
    throw new CommandError(cause.code, `${id} is active from the next start on, but ${now}: ${cause.message}`, {
      cause,
    });
  }
}

/** `swipenet models remove ID`: what a running server of this home answers with stays, for its engines open the file anew. */
export const removeCommand = defineCommand({
  name: 'remove',
  summary: 'remove one of your own models',
  operand: {
    syntax: '<id>',
    help: 'a model that is neither the active one nor the one that a running server answers with',
  },
  settings: ['home'],
  run: async ({ settings: { home }, operands: [id] }) => {
    const inUse = new Map([
      ...(await servedModels(home)),
      [await activeModelId(home), 'is the active one: models activate another one first'] as const,
    ]);
    await removeModel(modelFolders(home), id, inUse);
    return { removed: id };
  },
  print: ({ removed }) => `${removed} is removed`,
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
