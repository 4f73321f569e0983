import { pairingCodeAnswerSchema } from '@swipenet/shared/contract/pair.ts';
import { readSettings } from '../config/settings.ts';
import { askServer } from '../http/ask-server.ts';
import { commandWith } from './command.ts';

/** `swipenet pair`: a one-time code from the server that runs on this machine, for a browser or another client. */
export const pairCommand = commandWith('pair', 'show a one-time code with which a browser gets a token of its own', [
  'home',
])
  .option('--json', 'print JSON and nothing else')
  .action(async ({ json, ...flags }: Record<string, unknown>) => {
    const { home } = readSettings(['home'], flags);
    const { answer, server } = await askServer(home, 'pairingCode', pairingCodeAnswerSchema);
    if (json) return console.log(JSON.stringify({ ...answer, url: server.url }, null, 2));
    console.log(`  ${answer.code}`);
    console.log(
      `Type it into the extension’s options, below the token. It works once, for ${answer.expiresInS / 60} minutes.`,
    );
  });
