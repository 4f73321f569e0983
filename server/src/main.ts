import { Command, CommanderError } from 'commander';
import { type CommandName, commands } from './cli/commands.ts';
import { CommandError } from './command-error.ts';
import { sizeThreadPool } from './config/machine.ts';

sizeThreadPool();
const program = new Command('swipenet').description(
  'GoogLeNet learns which photos you LIKE, scores photos and serves the Swipenet extension.',
);

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

const names = Object.keys(commands) as [CommandName, ...CommandName[]];
const [first = '-'] = process.argv.slice(2);
// Without this a mistyped command would be taken for an argument of the default one.
if (!/^-|^help$/.test(first) && !Object.hasOwn(commands, first)) {
  endWith(new CommandError('option_invalid', `there is no command ${first}; --help lists them`));
}
const wanted = /^(-h|--help|help)$/.test(first) ? names : [names.find((name) => name === first) ?? names[0]];
for (const name of wanted) program.addCommand(await commands[name](), { isDefault: name === names[0] });
throwInsteadOfExit(program);
await program.parseAsync().catch(endWith);
