import type { ModelAnswer } from '@swipenet/shared/contract/model.ts';
import { sparePhotosCollections } from '../../config/machine.ts';
import { refuseFlagsOfNpm } from '../../config/npm-flags.ts';
import { defineCommand } from '../command.ts';
import { counted, precisionWords } from '../format.ts';
import { endOnSignal } from '../signals.ts';
import type { ListeningForHome } from './listening.ts';
import { SERVER_SETTINGS, startServer } from './start-server.ts';

/** `swipenet serve`: the server, until Ctrl-C or SIGTERM. */
export const serveCommand = defineCommand({
  name: 'serve',
  summary: 'start the server',
  settings: SERVER_SETTINGS,
  allowExcess: true, // refused with what probably happened
  run: async ({ settings, operands, show }) => {
    refuseFlagsOfNpm(SERVER_SETTINGS, operands);
    sparePhotosCollections();
    const server = await startServer(settings);
    show(startLines(server.listening, server.answer, settings.home.token));
    await endOnSignal(server.drain);
  },
});

/**
 * What `serve` prints when it is ready: where it listens, with what, how, on what and why, where the token is, and
 * whether the commands of its home speak to another server.
 */
export function startLines(
  { url, firstUrl }: Pick<ListeningForHome, 'url' | 'firstUrl'>,
  model: ModelAnswer,
  tokenFile: string,
): string {
  const { id, threshold, device } = model;
  const engines = `${counted(device.engines, 'engine')} × ${counted(device.threadsPerEngine, 'thread')}`;
  return [
    `Swipenet listens on ${url}`,
    `  model   ${id}, LIKE from ${threshold}`,
    `  form    ${precisionWords(model)}; ${model.precisionReason}`,
    `  device  ${device.name} (${device.executionProvider}), ${engines}; ${device.reason}`,
    `  token   ${tokenFile}`,
    `  demo    ${url}/demo`,
    ...(firstUrl === undefined ? [] : [`  other   ${otherWords(firstUrl)}`]),
  ].join('\n');
}

const otherWords = (url: string) =>
  `another server runs with this home, on ${url}; status, pair and models activate speak to that one until it ends`;
