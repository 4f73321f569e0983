import { CommandError } from '../command-error.ts';
import { type SettingName, settings } from './settings.ts';

/**
 * Refuses what `npm start` was given without two dashes before it: npm takes a flag for its own, and of `--port 9000` hands
 * on the 9000 alone, of `--port=9000` nothing.
 *
 * @param names the settings that have flags here.
 * @param rest the arguments that came; there should be none.
 * @throws CommandError `option_invalid`.
 */
export function refuseFlagsOfNpm(
  names: readonly SettingName[],
  rest: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): void {
  const flags = names.map((name) => settings[name].flag.split(' ')[0] ?? '');
  const taken = flags.filter(
    (flag) =>
      environment.npm_lifecycle_event === 'start' &&
      environment[`npm_config_${flag.slice('--'.length).replaceAll('-', '_')}`] !== undefined,
  );
  if (rest.length === 0 && taken.length === 0) return;
  const what = taken.length > 0 ? `npm took ${taken.join(', ')} for its own` : `serve takes no argument ${rest[0]}`;
  const how = `flags of npm start come after two dashes: npm start -- ${taken[0] ?? '--port'} …`;
  throw new CommandError('option_invalid', `${what}; ${how}`);
}
