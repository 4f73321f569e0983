import { CommandError } from '../command-error.ts';
import { PACKAGED } from '../command-form.ts';
import { type SettingName, settings } from './settings.ts';

/**
 * Rejects flags that were passed to `npm start` without two dashes before them. npm treats such a flag as its own: of
 * `--port 9000` it forwards only the 9000, and of `--port=9000` nothing.
 *
 * @param command the name of the command, which takes no arguments.
 * @param names the settings that have flags.
 * @param rest the remaining arguments, which should be empty.
 * @throws CommandError `option_invalid`.
 */
export function rejectNpmFlags(
  command: string,
  names: readonly SettingName[],
  rest: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): void {
  const flags = names.map((name) => settings[name].flag.split(' ')[0] ?? '');
  const consumed = flags.filter(
    (flag) =>
      environment.npm_lifecycle_event === 'start' &&
      environment[`npm_config_${flag.slice('--'.length).replaceAll('-', '_')}`] !== undefined,
  );
  if (rest.length === 0 && consumed.length === 0) return;
  const what =
    consumed.length > 0 ? `npm consumed ${consumed.join(', ')}` : `${command} takes no arguments, got ${rest[0]}`;
  const how = PACKAGED ? [] : [`put flags after two dashes: npm start -- ${consumed[0] ?? '--port'} …`];
  throw new CommandError('option_invalid', [what, ...how].join('; '));
}
