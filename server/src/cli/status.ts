import { setTimeout as sleep } from 'node:timers/promises';
import { type StatusAnswer, statusAnswerSchema } from '@swipenet/shared/contract/status.ts';
import { readSettings, type SettingName } from '../config.ts';
import { askServer, urlOf } from './ask-server.ts';
import { commandWith } from './command.ts';
import { LiveLines } from './live-lines.ts';
import { statusLines } from './status-lines.ts';
import { StatusWindow } from './status-rates.ts';
import { stopOnSignal } from './stop-on-signal.ts';

const SETTINGS = ['host', 'port', 'home'] as const satisfies SettingName[];

/** Between two questions. */
const EVERY_MS = 1_000;

/** What rates are taken over in the live view. */
const WINDOW_MS = 10_000;

/** `swipenet status`: what a running server does; on a terminal live, until Ctrl-C. */
export const statusCommand = commandWith('status', 'show what a running server does, live on a terminal', SETTINGS)
  .option('--url <url>', 'the server’s address, in place of host and port')
  .option('--json', 'print one status with its rates over a second as JSON, and nothing else')
  .action(async ({ json, url, ...flags }: Record<string, unknown>) => {
    const { host, port, home } = readSettings(SETTINGS, flags);
    const server = { url: typeof url === 'string' ? url : urlOf(host, port), home };
    const ask = () => askServer(server, 'status', statusAnswerSchema);
    const window = new StatusWindow(WINDOW_MS);
    const first = await ask();
    window.add(first);
    if (json || !process.stdout.isTTY) {
      await sleep(EVERY_MS);
      const status = await ask();
      const rates = window.add(status);
      console.log(json ? JSON.stringify({ ...status, rates }, null, 2) : statusLines(status, rates).join('\n'));
      return;
    }
    const live = new LiveLines(process.stdout);
    const stopped = stopOnSignal(() => {});
    for (let status: StatusAnswer = first; !stopped.aborted; status = await ask()) {
      live.show([...statusLines(status, window.add(status)), 'Ctrl-C ends this view.']);
      await sleep(EVERY_MS, undefined, { signal: stopped }).catch(() => {});
    }
  });
