import { errorDefinition, SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { Command, CommanderError } from 'commander';
import { commands } from './cli/commands.ts';

const program = new Command('swipenet').description(
  'GoogLeNet learns which photos you LIKE, scores photos and serves the Swipenet extension.',
);
for (const [index, command] of commands.entries()) program.addCommand(command, { isDefault: index === 0 });

/** What was asked for is impossible: one line, exit code 2. Anything else is a mistake of ours, told with its trace. */
function endWith(error: unknown): never {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2); // commander has said it already
  if (error instanceof SwipenetError && errorDefinition(error.code).kind === 'command') {
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

throwInsteadOfExit(program);
const [first = '-'] = process.argv.slice(2);
// Without this a mistyped command would be taken for an argument of the default one.
if (!/^-|^help$/.test(first) && !commands.some((command) => command.name() === first)) {
  endWith(new SwipenetError('option_invalid', `there is no command ${first}; --help lists them`));
}
await program.parseAsync().catch(endWith);
