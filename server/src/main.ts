import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { commands } from './cli/commands.ts';
import { endWithOutput, printCommandError, printError, printEscaped } from './cli/terminal.ts';
import { CommandError } from './command-error.ts';
import { sizeThreadPool, useTf32 } from './config/machine.ts';

sizeThreadPool();
useTf32(false); // a command that computes with it turns it on
endWithOutput();
process.on('uncaughtException', exitWith);
const program = new Command('swipenet')
  .description('Trains GoogLeNet on the photos you LIKE, scores photos, and serves the Swipenet extension.')
  .version(packageJson.version, '--version', 'print the version');

/**
 * Exits with code 2 and one line if the command can't do what was asked, or with code 1 and a stack trace for a bug.
 */
function exitWith(error: unknown): never {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2); // commander has printed it
  if (error instanceof CommandError) {
    printCommandError('swipenet', error);
    process.exit(2);
  }
  printError(inspect(error));
  process.exit(1);
}

/** Makes a command and its subcommands throw instead of exiting, so that only one place exits. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride().showHelpAfterError('(use --help for more)');
  printEscaped(command);
  command.commands.forEach(throwInsteadOfExit);
}

const parameters = process.argv.slice(2);
const [first = ''] = parameters;
const known = Object.hasOwn(commands, first);
// Help and the suggestion for a mistyped command need every command. A known command loads only itself.
const wanted = known ? [first] : first === '--version' ? [] : Object.keys(commands);
for (const name of wanted) program.addCommand(await commands[name]!());
throwInsteadOfExit(program);
if (parameters.length === 0) program.outputHelp();
else {
  // Rejects a mistyped command even if --help follows. Otherwise commander would print the help of the whole program.
  const mistyped = !known && !/^-|^help$/.test(first);
  await program.parseAsync(mistyped ? [first] : parameters, { from: 'user' }).catch(exitWith);
}
