import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { printable, printableJson, printableLines } from '@swipenet/shared/printable.ts';
import type { Command } from 'commander';
import type { CommandError } from '../command-error.ts';
import { allowsEscapes } from '../config/machine.ts';
import type { ProgressOutput } from './progress.ts';

// The only file that writes to the terminal, so that nothing reaches it unescaped.

/** What a shell reports for a program that SIGPIPE ended: 128 + 13. */
const CLOSED_PIPE = 141;

/** Prints lines on standard output. Control characters in them are shown as escapes. */
export const printOut = (text: string): void => console.log(printableLines(text));

/** Prints lines on standard error. Control characters in them are shown as escapes. */
export const printError = (text: string): void => console.error(printableLines(text));

/** Prints a command's error on one line. */
export const printCommandError = (program: string, { message, code }: CommandError): void =>
  printError(printable(`${program}: ${message} (${code})`));

/** Has commander print its help and its errors, which quote the command line, through {@link printableLines}. */
export function printEscaped(command: Command): void {
  command.configureOutput({
    writeOut: (text) => process.stdout.write(printableLines(text)),
    writeErr: (text) => process.stderr.write(printableLines(text)),
  });
}

/** Formats a value as JSON without raw control characters. It stays the same value. */
export const jsonText = (value: unknown, indent?: number): string => printableJson(JSON.stringify(value, null, indent));

/** Standard error for progress, which a terminal updates in place if it can do that and the user allows it. */
export function progressOutput(stream: NodeJS.WriteStream = process.stderr): ProgressOutput {
  return { isTTY: allowsEscapes(stream), columns: stream.columns, write: (text) => stream.write(text) };
}

/**
 * Ends the process quietly if the reader of standard output goes away, as in `swipenet score … | head`. If the output
 * can't be written for another reason, says so and exits with code 2. If only the reader of standard error goes away, the
 * work continues, because its result goes elsewhere.
 */
export function endWithOutput(): void {
  process.stdout.on('error', (error) => {
    const code = systemCodeOf(error);
    if (code === 'EPIPE') process.exit(CLOSED_PIPE);
    printError(`swipenet: can’t write to standard output (${code}) (output_unusable)`);
    process.exit(2);
  });
  process.stderr.on('error', () => {});
}
