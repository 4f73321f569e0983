import * as z from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { runProgram } from '../child/run-program.ts';
import { PACKAGED, START, toRun } from '../command-form.ts';
import { checkVersion } from '../upkeep/newest-version.ts';
import { defineCommand } from './command.ts';

/** `swipenet upgrade`: says how to upgrade. Asks the registry only with `--check`. */
export const upgradeCommand = defineCommand({
  name: 'upgrade',
  summary: 'say how to upgrade, and with --check whether there is a newer version',
  options: {
    check: { flag: '--check', help: 'ask the npm registry for the newest version', schema: z.boolean().default(false) },
  },
  notes:
    'Swipenet never looks for updates by itself.\n' +
    'Exit codes: 0, or with --check 1 if there is a newer version, and 2 if the registry can’t be asked.',
  run: async ({ options: { check } }) => {
    const installed = packageJson.version;
    return check ? await checkVersion(installed, runProgram, process.platform) : { installed };
  },
  print: (found) => {
    const how = PACKAGED ? 'npm install -g swipenet@latest' : `git pull, then ${START}`;
    if (!('newest' in found)) {
      return `This is Swipenet ${found.installed}. To upgrade: ${how}\nTo look for a newer version: ${toRun('upgrade --check')}`;
    }
    const { installed, newest, isNewest } = found;
    return isNewest
      ? `Swipenet ${installed} is the newest version.`
      : `Swipenet ${newest} is available, and this is ${installed}. To upgrade: ${how}`;
  },
  exitCode: (found) => ('newest' in found && !found.isNewest ? 1 : 0),
});
