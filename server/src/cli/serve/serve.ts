import { ARTICLE_RULE, withThreshold } from '@swipenet/shared/decision.ts';
import { reduceGarbageCollection } from '../../config/machine.ts';
import { rejectNpmFlags } from '../../config/npm-flags.ts';
import { ruleWords } from '../../registry/manifest.ts';
import { defineCommand } from '../command.ts';
import { counted, linkLine, precisionWords } from '../format.ts';
import { drainOnSignal } from '../signals.ts';
import { extensionLines } from './extension-lines.ts';
import type { ListeningForHome } from './listening.ts';
import { SERVER_SETTINGS, type StartedServer, startServer } from './start-server.ts';

const serving = (name: string, summary: string, firstLines: () => readonly string[]) =>
  defineCommand({
    name,
    summary,
    settings: SERVER_SETTINGS,
    allowExcess: true, // rejectNpmFlags explains what probably happened
    run: async ({ settings, operands, show }) => {
      rejectNpmFlags(name, SERVER_SETTINGS, operands);
      reduceGarbageCollection();
      for (const line of firstLines()) show(line);
      const server = await startServer(settings);
      show(startLines(server, settings.home.token));
      await drainOnSignal(server.drain);
    },
  });

/** `swipenet start`: says where the extension is, and runs the server until Ctrl-C or SIGTERM. */
export const startCommand = serving('start', 'say where the extension is, and start the server', extensionLines);

/** `swipenet serve`: runs the server until Ctrl-C or SIGTERM. */
export const serveCommand = serving('serve', 'start the server', () => []);

/** What the start lines tell of a server. */
interface StartLinesOf extends Pick<StartedServer, 'answer' | 'link'> {
  readonly listening: Pick<ListeningForHome, 'url' | 'firstUrl'>;
}

/**
 * Formats what `serve` prints when it is ready: its address, the model, its precision and device with the reasons, the
 * token's file, a note if another server uses the same home folder, and the link to the start page.
 */
export function startLines(
  { listening: { url, firstUrl }, answer: model, link }: StartLinesOf,
  tokenFile: string,
): string {
  const { id, threshold, rule = withThreshold(ARTICLE_RULE, threshold), device } = model;
  const engines =
    device.name === 'replicas'
      ? counted(device.engines, 'machine')
      : `${counted(device.engines, 'engine')} × ${counted(device.threadsPerEngine, 'thread')}`;
  return [
    `Swipenet listens on ${url}`,
    `  model      ${id}, ${ruleWords(rule)}`,
    `  precision  ${precisionWords(model)}; ${model.precisionReason}`,
    `  device     ${device.name} (${device.executionProvider}), ${engines}; ${device.reason}`,
    `  token      ${tokenFile}`,
    ...(firstUrl === undefined ? [] : [`  note       ${otherServerNote(firstUrl)}`]),
    linkLine(link),
  ].join('\n');
}

const otherServerNote = (url: string) =>
  `${url} already serves this home folder; status, pair and models activate use that server until it stops`;
