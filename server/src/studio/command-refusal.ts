import type { CommandEnd } from '../child/run-command.ts';
import { CommandError } from '../command-error.ts';

/**
 * Returns why a command refused, in its own words: the last line that it printed, without its name and its code.
 *
 * @param otherwise what to say if it printed nothing, because it was killed.
 */
export function commandRefusal({ stderr }: Pick<CommandEnd, 'stderr'>, otherwise: string): CommandError {
  const [line = ''] = stderr.trim().split('\n').slice(-1);
  const why = line.replace(/^swipenet: /, '').replace(/ \(\w+\)$/, '');
  return new CommandError('option_invalid', why || otherwise);
}
