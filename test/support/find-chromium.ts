import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

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
  const onPath = (environment.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const named = environment.SWIPENET_CHROMIUM;
  return (named ? [named] : [...PLACES, ...onPath]).find(isProgram);
}

/** Returns the path of Chromium. If it is missing and this runs as root on Debian, installs it first. */
export function findOrInstallChromium(): string | undefined {
  const found = findChromium();
  if (found || process.getuid?.() !== 0 || !isProgram('/usr/bin/apt-get')) return found;
  try {
    console.error('swipenet: installing Chromium with apt-get for the browser test');
    const options = { stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] };
    execFileSync('apt-get', ['update', '-qq'], options);
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
  } catch {
    return undefined; // usually there is no network; the caller says what to install
  }
  return findChromium();
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
