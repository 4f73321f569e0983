import { setTimeout as sleep } from 'node:timers/promises';
import { type StatusAnswer, statusAnswerSchema } from '@swipenet/shared/contract/status.ts';
import { readSettings } from '../config/settings.ts';
import { askServer } from '../http/ask-server.ts';
import { commandWith } from './command.ts';
import { LiveLines } from './live-lines.ts';
import { statusLines } from './status-lines.ts';
import { StatusWindow } from './status-rates.ts';
import { stopOnSignal } from './stop-on-signal.ts';

/** Between two questions. */
const EVERY_MS = 1_000;

/** What rates are taken over in the live view. */
const WINDOW_MS = 10_000;

/** `swipenet status`: what a running server does; on a terminal live, until Ctrl-C. */
export const statusCommand = commandWith('status', 'show what a running server does, live on a terminal', ['home'])
  .option('--json', 'print one status with its rates over a second as JSON, and nothing else')
  .action(async ({ json, ...flags }: Record<string, unknown>) => {
    const { home } = readSettings(['home'], flags);
    const ask = async () => (await askServer(home, 'status', statusAnswerSchema)).answer;
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
