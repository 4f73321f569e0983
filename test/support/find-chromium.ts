import { findOrInstall, firstProgram, pathsOf } from './debian-program.ts';

/** Names of Chromium on the PATH. Branded Chrome isn't among them: since version 137 it ignores --load-extension. */
const NAMES = ['chromium', 'chromium-browser', 'chromium.exe'];

const PLACES = ['/usr/bin/chromium', '/snap/bin/chromium', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

/** What to do if Chromium is missing. */
export const CHROMIUM_ADVICE =
  'Chromium not found; install it (Debian, Ubuntu: sudo apt-get install chromium; macOS: brew install chromium) or set SWIPENET_CHROMIUM to its path';

/** Returns the path of Chromium: `SWIPENET_CHROMIUM`, or else one in a usual place, or `undefined`. */
export function findChromium(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const named = environment.SWIPENET_CHROMIUM;
  return firstProgram(named ? [named] : [...PLACES, ...pathsOf(NAMES, environment.PATH ?? '')]);
}

/** Returns the path of Chromium. If it is missing and this runs as root on Debian, installs it first. */
export const findOrInstallChromium = (): string | undefined => findOrInstall(findChromium, 'chromium');
