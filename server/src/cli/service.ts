import { homedir } from 'node:os';
import { ownCommand } from '../child/run-command.ts';
import { runProgram } from '../child/run-program.ts';
import { CommandError } from '../command-error.ts';
import { toRun } from '../command-form.ts';
import { childEnvironment } from '../config/machine.ts';
import { readSettings } from '../config/settings.ts';
import { installService, removeService, serviceManager, serviceStatus } from '../upkeep/service/service.ts';
import { defineCommand, defineGroup } from './command.ts';
import { serveCommand } from './serve/serve.ts';
import { SERVER_SETTINGS } from './serve/start-server.ts';

/** What starts services on this machine. */
const thisManager = () =>
  serviceManager(process.platform, {
    userFolder: homedir(),
    userId: process.getuid?.() ?? 0,
    environment: childEnvironment(),
  });

const installCommand = defineCommand({
  name: 'install',
  summary: 'have this system start the server, now and whenever you log in',
  settings: ['home'],
  allowExcess: true,
  notes: `Put flags of the server after two dashes: ${toRun('service install -- --port 9000')}\nEnvironment variables don’t count for the service.`,
  run: async ({ settings: { home }, operands }) => {
    checkFlags(operands);
    const manager = thisManager();
    await installService(manager, [...ownCommand, 'serve', '--home', home.folder, ...operands], runProgram);
    return { manager: manager.name, tried: manager.tried, file: manager.file, note: manager.note };
  },
  print: ({ manager, tried, file, note }) =>
    [
      `${manager} runs the server now, and whenever you log in.`,
      `  file  ${file}`,
      ...(note?.split('\n').map((line) => `  ${line}`) ?? []),
      ...(tried ? [] : [`  Nobody has tried this with ${manager} yet. Please report how it went.`]),
      `For a link to the start page, run ${toRun('link')}. To remove the service, run ${toRun('service remove')}.`,
    ].join('\n'),
});

const removeCommand = defineCommand({
  name: 'remove',
  summary: 'stop that server, and have this system start it no longer',
  run: async () => ({ removed: await removeService(thisManager(), runProgram) }),
  print: ({ removed }) => (removed ? 'The service is stopped and removed.' : 'No service is installed.'),
});

const statusCommand = defineCommand({
  name: 'status',
  summary: 'say whether the service is installed and running',
  notes: 'Exit codes: 0 if it is running, 1 if it isn’t.',
  run: async () => {
    const manager = thisManager();
    return { manager: manager.name, file: manager.file, ...(await serviceStatus(manager, runProgram)) };
  },
  print: ({ manager, file, installed, running }) => {
    if (!installed) return `No service is installed. To install it, run ${toRun('service install')}.`;
    return `${manager}: ${running ? 'running' : 'installed, but not running'}\n  file  ${file}`;
  },
  exitCode: ({ running }) => (running ? 0 : 1),
});

/** `swipenet service …`: has the system start the server. */
export const serviceCommand = defineGroup('service', 'have this system start the server', [
  installCommand,
  removeCommand,
  statusCommand,
]);

/** Throws CommandError `option_invalid` if `serve` wouldn't accept these flags. */
function checkFlags(flags: readonly string[]): void {
  const { operands, unknown } = serveCommand.parseOptions([...flags]);
  const [other] = [...operands, ...unknown];
  if (other !== undefined) throw new CommandError('option_invalid', `serve has no ${other}`);
  readSettings(SERVER_SETTINGS, serveCommand.opts());
}
