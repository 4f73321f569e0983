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
 * How long a switch may take. The server gives engines two minutes to open, possibly first on the GPU and then on the
 * CPU (inference/child-engine.ts), and waits for the previous switch to finish.
 */
const SWITCH_MS = 300_000;

/**
 * `swipenet models activate ID`: makes a model the default for serve, score and evaluate, and switches the running
 * server of this home folder to it, whichever model that server started with.
 */
export const activateCommand = defineCommand({
  name: 'activate',
  summary: 'make a model the default, and switch a running server to it',
  operand: { syntax: '<id>', help: 'ID of a model with the classes NOPE and LIKE' },
  settings: ['home'],
  run: ({ settings: { home }, operands: [id] }) => activate(home, id),
  print: activationLines,
  toJson: activationJson,
});

/** What activating a model did: the running server, and what it answers with now. */
export interface Activation {
  readonly id: string;
  readonly url: string | undefined;
  readonly answering: ModelAnswer | undefined;
}

/** Makes a model the active one, and switches the running server to it. Throws a CommandError. */
export async function activate(home: Home, id: string): Promise<Activation> {
  await activateModel(home, modelFolders(home), id);
  const server = await findServer(home);
  return { id, url: server?.url, answering: server && (await switchServer(home, id)) };
}

/** Formats an activation for people. */
export function activationLines({ id, url, answering }: Activation): string {
  return [
    `${id} is now the active model.`,
    answering
      ? `The server at ${url} switched to ${wordsFor(id, answering)}.`
      : 'No server is running with this home folder. The next serve, score or evaluate will use the model.',
    'Commands with --model or SWIPENET_MODEL use that model instead.',
  ].join('\n');
}

/** Formats an activation as JSON. */
export function activationJson({ id, url }: Activation) {
  return { active: id, server: url ?? null };
}

/** Returns `it`, or describes the other form that the server chose. */
const wordsFor = (id: string, answer: ModelAnswer) =>
  answer.id === id ? 'it' : `${answer.id} (${precisionWords(answer)}; ${answer.precisionReason})`;

/**
 * Switches the running server to a model and returns the server's response. Throws a CommandError as `askServer` does,
 * and adds which model is active.
 */
async function switchServer(home: Home, id: string): Promise<ModelAnswer> {
  try {
    return (await askServer(home, 'reload', modelAnswerSchema, { id }, SWITCH_MS)).answer;
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    const outcome =
      cause.code === 'server_refused'
        ? 'the running server keeps its old model'
        : 'the running server may not have switched to it';
    throw new CommandError(cause.code, `${id} is now the active model, but ${outcome}: ${cause.message}`, { cause });
  }
}

/**
 * `swipenet models remove ID`. Keeps a model that a running server of this home folder uses, because its engines read
 * the file again when they restart.
 */
export const removeCommand = defineCommand({
  name: 'remove',
  summary: 'remove one of your own models',
  operand: {
    syntax: '<id>',
    help: 'ID of a model that is neither active nor in use by a running server',
  },
  settings: ['home'],
  run: async ({ settings: { home }, operands: [id] }) => {
    const inUse = new Map([
      ...(await servedModels(home)),
      [await activeModelId(home), 'is the active model; activate another one first'] as const,
    ]);
    await removeModel(modelFolders(home), id, inUse);
    return { removed: id };
  },
  print: ({ removed }) => `Removed ${removed}.`,
});

/**
 * Returns the models that running servers of this home folder use, each with the reason why it can't be removed. Skips
 * a server that doesn't respond. Throws `server_refused`.
 */
async function servedModels(home: Home): Promise<[id: string, why: string][]> {
  const served = (await findServers(home)).map(async (server): Promise<[string, string][]> => {
    try {
      const { id } = await askRunningServer(home, server, 'model', modelAnswerSchema);
      return [[id, `is in use by the server at ${server.url}; activate another model or stop the server first`]];
    } catch (error) {
      if (error instanceof CommandError && error.code === 'server_unreachable') return [];
      throw error;
    }
  });
  return (await Promise.all(served)).flat();
}
