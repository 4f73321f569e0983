import { CommandError } from '../command-error.ts';

/**
 * Returns a value that the source or a flag provided.
 *
 * @param what completes the error: what the flag is for.
 * @throws CommandError `option_invalid`, naming the flag, if neither did.
 */
export function required<Value>(value: Value | undefined, flag: string, what: string): Value {
  if (value !== undefined) return value;
  throw new CommandError('option_invalid', `--${flag} is required: ${what}`);
}
