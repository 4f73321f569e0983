import { type ModelAnswer, modelAnswerSchema } from '@swipenet/shared/contract/model.ts';
import { systemClock } from '../../clock.ts';
import { CommandError } from '../../command-error.ts';
import type { Home } from '../../home/home.ts';
import { findServer, findServers } from '../../home/running-server.ts';
import { askRunningServer, askServer } from '../../http/ask-server.ts';
import { openEngines } from '../../inference/open-engines.ts';
import { activateModel, activeModelId } from '../../registry/active-model.ts';
import { formsOf } from '../../registry/choose-precision.ts';
import { modelFolders } from '../../registry/model-folders.ts';
import { removeModel, type ServedModel } from '../../registry/model-registry.ts';
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

/**
 * Makes a model the active one, and switches the running server to it. First the running server, or else an engine of
 * this command, opens the model and scores a photo. If that fails, the old model stays active. Throws a CommandError.
 */
export async function activate(home: Home, id: string): Promise<Activation> {
  const server = await findServer(home);
  let answering: ModelAnswer | undefined;
  let unanswered: CommandError | undefined;
  await activateModel(home, modelFolders(home), id, async (model) => {
    if (server) {
      try {
        answering = await switchServer(home, id);
        return;
      } catch (error) {
        if (!(error instanceof CommandError) || error.code === 'server_refused') throw error;
        unanswered = error;
      }
    }
    await tryModel(model, home);
  });
  if (unanswered) {
    const outcome = `${id} is now the active model, but the running server may not have switched to it`;
    throw new CommandError(unanswered.code, `${outcome}: ${unanswered.message}`, { cause: unanswered });
  }
  return { id, url: server?.url, answering };
}

/** Opens a model on the CPU as `serve` would, which scores a photo with it. Throws CommandError `model_invalid`. */
async function tryModel(model: ServedModel, home: Home): Promise<void> {
  const modelOn = formsOf(model, modelFolders(home), 'auto');
  const { engines } = await openEngines({ modelOn, choice: 'cpu', cores: 1, clock: systemClock });
  await Promise.all(engines.map((engine) => engine.close()));
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

/** Switches the running server to a model and returns the server's response. Throws a CommandError as `askServer` does. */
async function switchServer(home: Home, id: string): Promise<ModelAnswer> {
  try {
    return (await askServer(home, 'reload', modelAnswerSchema, { id }, SWITCH_MS)).answer;
  } catch (cause) {
    if (!(cause instanceof CommandError) || cause.code !== 'server_refused') throw cause;
    throw new CommandError(cause.code, `the active model stays the same, because ${cause.message}`, { cause });
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
    await removeModel(modelFolders(home), id, await modelsInUse(home));
    return { removed: id };
  },
  print: ({ removed }) => `Removed ${removed}.`,
});

/** Returns the models that can't be removed, each with the reason and what to do about it. Throws `server_refused`. */
export async function modelsInUse(home: Home): Promise<ReadonlyMap<string, string>> {
  const active = [await activeModelId(home), 'is the active model; activate another one first'] as const;
  return new Map([...(await servedModels(home)), active]);
}

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
