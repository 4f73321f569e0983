import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { commands } from './cli/commands.ts';
import { CommandError } from './command-error.ts';
import { sizeThreadPool } from './config/machine.ts';

sizeThreadPool();
const program = new Command('swipenet')
  .description('GoogLeNet learns which photos you LIKE, scores photos and serves the Swipenet extension.')
  .version(packageJson.version, '--version', 'print the version');

/** What was asked for is impossible: one line, exit code 2. Anything else is a mistake of ours, told with its trace. */
function endWith(error: unknown): never {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2); // commander has said it already
  if (error instanceof CommandError) {
    console.error(`swipenet: ${error.message} (${error.code})`);
    process.exit(2);
  }
  console.error(error);
  process.exit(1);
}

/** Makes a command and its subcommands throw instead of exiting, so that there is one place that exits. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride().showHelpAfterError('(--help tells more)');
  command.commands.forEach(throwInsteadOfExit);
}

const given = process.argv.slice(2);
const [first = ''] = given;
const known = Object.hasOwn(commands, first);
// Help lists every command, and a mistyped one is held against all of them; a known one loads no other.
const wanted = known ? [first] : first === '--version' ? [] : Object.keys(commands);
for (const name of wanted) program.addCommand(await commands[name]!());
throwInsteadOfExit(program);
if (given.length === 0) program.outputHelp();
else {
  // A mistyped command is refused whatever stands behind it: with --help behind it commander would print the program's help.
  const mistyped = !known && !/^-|^help$/.test(first);
  await program.parseAsync(mistyped ? [first] : given, { from: 'user' }).catch(endWith);
}
