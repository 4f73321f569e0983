import { findOrInstall, firstProgram, pathsOf } from './debian-program.ts';

const NAMES = ['firefox-esr', 'firefox', 'firefox.exe'];

const PLACES = ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'];

/** What to do if Firefox is missing. */
export const FIREFOX_ADVICE =
  'Firefox not found; install it (Debian: sudo apt-get install firefox-esr; macOS: brew install --cask firefox) or set SWIPENET_FIREFOX to its path';

/** Returns the path of Firefox: `SWIPENET_FIREFOX`, or else one in a usual place, or `undefined`. */
export function findFirefox(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const named = environment.SWIPENET_FIREFOX;
  return firstProgram(named ? [named] : [...PLACES, ...pathsOf(NAMES, environment.PATH ?? '')]);
}

/** Returns the path of Firefox. If it is missing and this runs as root on Debian, installs it first. */
export const findOrInstallFirefox = (): string | undefined => findOrInstall(findFirefox, 'firefox-esr');
