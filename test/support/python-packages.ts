import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/python', import.meta.url));

/** Where an installation notes which packages it has, once it has them all. */
const STAMP = 'installed';

/**
 * Installs packages from PyPI into an environment of their own below node_modules, unless it has them. One that was cut
 * short, or has other packages than the file names now, starts over.
 *
 * @param requirements a file of pip's with pinned versions.
 * @param complete true if the file names every package that is needed. Then only those are installed.
 * @returns the environment's Python.
 * @throws Error if Python is missing or PyPI can't be reached.
 */
export function installPythonPackages(name: string, requirements: string, complete = false): string {
  const environment = join(CACHE, name);
  const stamp = join(environment, STAMP);
  const python = join(environment, 'bin', 'python');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && existsSync(python) && readFileSync(stamp, 'utf8') === wanted) return python;
  rmSync(environment, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  console.error(`swipenet: installing the Python packages of ${name} from PyPI`);
  execFileSync('python3', ['-m', 'venv', environment]);
  // Python compiles what it imports by itself, which is much less than everything.
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '1', '--no-compile'];
  const what = [...(complete ? ['--no-deps'] : []), '-r', requirements];
  execFileSync(python, [...pip, ...what], { stdio: ['ignore', 2, 2] });
  writeFileSync(stamp, wanted);
  return python;
}

/** The reason why the Python packages of a test are missing, or the Python that has them. */
export type PythonPackages = { readonly python: string } | { readonly missing: string };

/** Installs packages as {@link installPythonPackages} does. If PyPI can't be reached, that is a reason to skip, also in CI: not every machine may reach it. */
export function pythonPackages(name: string, requirements: string, complete = false): PythonPackages {
  try {
    return { python: installPythonPackages(name, requirements, complete) };
  } catch (cause) {
    const missing = `the Python packages of ${name} can’t be installed: ${(cause as Error).message.split('\n')[0]}`;
    console.warn(`tests are skipped: ${missing}`);
    return { missing };
  }
}
