import type { RunProgram } from '../child/run-program.ts';
import { CommandError } from '../command-error.ts';
import { atLeast } from '../doctor/versions.ts';

/** This installation against the newest release. */
export interface VersionCheck {
  readonly installed: string;
  /** The newest version in the npm registry. */
  readonly newest: string;
  readonly isNewest: boolean;
}

/**
 * Asks the npm registry for the newest version. npm itself asks, so its settings for registry, proxy and certificates
 * count.
 *
 * @throws CommandError `registry_unreachable` without an answer.
 */
export async function checkVersion(installed: string, run: RunProgram, platform: string): Promise<VersionCheck> {
  const question = ['view', 'swipenet', 'version', '--json'];
  // On Windows npm is a command script, which only the shell runs.
  const [program, ...parameters] =
    platform === 'win32' ? ['cmd.exe', '/d', '/c', 'npm', ...question] : ['npm', ...question];
  const end = await run(program!, parameters);
  if (!end) throw new CommandError('registry_unreachable', 'npm isn’t installed; it asks the registry');
  const newest = /^"(\d+\.\d+\.\d+)"\s*$/.exec(end.stdout)?.[1];
  if (end.code !== 0 || newest === undefined) {
    throw new CommandError('registry_unreachable', `npm has no answer for swipenet: ${reasonOf(end)}`);
  }
  return { installed, newest, isNewest: atLeast(installed, newest) };
}

/** npm's own reason: `E404`, `ENOTFOUND`. With `--json`, it is in standard output or standard error. */
function reasonOf({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }): string {
  return /\bE[A-Z0-9]{3,}\b/.exec(stderr + stdout)?.[0] ?? stderr.trim().split('\n')[0] ?? `exit code ${code}`;
}
