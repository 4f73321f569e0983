import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Names under which a Chromium is found on the PATH. Branded Chrome is none: since 137 it ignores --load-extension. */
const NAMES = ['chromium', 'chromium-browser', 'chromium.exe'];

const PLACES = ['/usr/bin/chromium', '/snap/bin/chromium', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

/** What to do where there is no Chromium. */
export const CHROMIUM_ADVICE =
  'no Chromium here: install it (Debian, Ubuntu: sudo apt-get install chromium; macOS: brew install chromium) or name one in SWIPENET_CHROMIUM';

/** The path of a Chromium: `SWIPENET_CHROMIUM`, else one of the usual places; undefined where there is none. */
export function findChromium(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const onPath = (environment.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const named = environment.SWIPENET_CHROMIUM;
  return (named ? [named] : [...PLACES, ...onPath]).find(isProgram);
}

/** The path of a Chromium; where there is none and this is root on a Debian, installs it first. */
export function findOrInstallChromium(): string | undefined {
  const found = findChromium();
  if (found || process.getuid?.() !== 0 || !isProgram('/usr/bin/apt-get')) return found;
  try {
    console.error('swipenet: installing Chromium by apt-get, for the browser test');
    const options = { stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] };
    execFileSync('apt-get', ['update', '-qq'], options);
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
  } catch {
    return undefined; // no network, most often: the caller says what to install
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
