import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Returns the first of these paths that is a program. */
export const firstProgram = (paths: readonly string[]): string | undefined => paths.find(isProgram);

/** Returns where a program of one of these names may be, by the PATH. */
export function pathsOf(names: readonly string[], path = process.env.PATH ?? ''): string[] {
  return path.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
}

/**
 * Returns the path of a program. If it is missing and this runs as root on Debian, installs its package first. Without a
 * network it stays missing, and the caller says what to install.
 */
export function findOrInstall(find: () => string | undefined, debianPackage: string): string | undefined {
  const found = find();
  if (found || process.getuid?.() !== 0 || !isProgram('/usr/bin/apt-get')) return found;
  try {
    console.error(`swipenet: installing ${debianPackage} with apt-get for the tests`);
    const options = { stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] };
    execFileSync('apt-get', ['update', '-qq'], options);
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debianPackage], options);
  } catch {
    return undefined;
  }
  return find();
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
