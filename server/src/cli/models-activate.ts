import { type ModelAnswer, modelAnswerSchema } from '@swipenet/shared/contract/model.ts';
import { CommandError } from '../command-error.ts';
import { readSettings } from '../config/settings.ts';
import type { Home } from '../home/home.ts';
import { findServer } from '../home/running-server.ts';
import { askServer } from '../http/ask-server.ts';
import { activateModel } from '../registry/active-model.ts';
import { modelFolders } from '../registry/model-folders.ts';
import { commandWith } from './command.ts';
import { precisionWords } from './form-lines.ts';

/**
 * The server gives engines up after two minutes, which may be those of a GPU and then those of the CPU
 * (inference/child-engine.ts), and begins when the last exchange has ended.
 */
const EXCHANGE_MS = 300_000;

/**
 * `swipenet models activate ID`: serve, score and evaluate use it from their next start on where none is named there, and
 * the server that runs with this home exchanges its model for it now, whichever it was started with.
 */
export const activateCommand = commandWith('activate', 'use a model from now on, also in a running server', ['home'])
  .argument('<id>', 'a model whose classes are NOPE and LIKE')
  .option('--json', 'print JSON and nothing else')
  .action(async (id: string, { json, ...flags }: Record<string, unknown>) => {
    const { home } = readSettings(['home'], flags);
    await activateModel(home, modelFolders(home), id);
    const server = await findServer(home);
    const answering = server && (await exchange(home, id));
    if (json) return console.log(JSON.stringify({ active: id, server: server?.url ?? null }, null, 2));
    console.log(
      answering
        ? `${id} is active, and the server on ${server.url} answers with ${wordsFor(id, answering)} now`
        : `${id} is active: no server runs with this home; serve, score and evaluate use it from their next start on`,
    );
    console.log('What is started with --model or SWIPENET_MODEL takes that model at its start.');
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
