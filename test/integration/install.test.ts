import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ROOT } from '../support/source-files.ts';

// Runs the launcher in a copy of the workspace without node_modules. pnpm's store has all packages when the tests run,
// so this is a fresh install without a download.

vi.setConfig({ testTimeout: 180_000 });

/** What npm start may install, in MB as `du -sm` counts them. */
const LIMIT_MB = 450;

const COPIED = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'server/launcher.mjs', 'server/launcher'];
const PACKAGES = ['extension', 'server', 'shared', 'test'];

let copy = '';
beforeAll(() => {
  // Inside the project instead of the temporary folder, because pnpm can only link from a store on the same file
  // system.
  mkdirSync(join(ROOT, 'test', 'artifacts'), { recursive: true });
  copy = mkdtempSync(join(ROOT, 'test', 'artifacts', 'install-'));
  const sources = ['server/src', 'shared/src', ...PACKAGES.map((name) => `${name}/package.json`)];
  for (const path of [...COPIED, ...sources]) cpSync(join(ROOT, path), join(copy, path), { recursive: true });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function launch(...parameters: string[]) {
  const { CI: _ci, ...environment } = process.env; // in CI the launcher always runs pnpm
  const env = { ...environment, INIT_CWD: copy };
  const { status, stderr } = spawnSync(process.execPath, [join(copy, 'server', 'launcher.mjs'), ...parameters], {
    env,
    encoding: 'utf8',
  });
  return { status, stderr, installed: stderr.includes('swipenet: installing') };
}

/** Returns how much disk space a folder uses, in MB. A file with several links counts once. */
function megabytes(folder: string): number {
  const bytes = new Map<number, number>();
  const visit = (path: string) => {
    const entry = lstatSync(path);
    bytes.set(entry.ino, 512 * entry.blocks);
    if (entry.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
  };
  visit(folder);
  return bytes.values().reduce((sum, size) => sum + size, 0) / 2 ** 20;
}

const has = (path: string) => existsSync(join(copy, path));
const testTools = ['node_modules/vitest', 'node_modules/@biomejs', 'server/node_modules/@tensorflow'];

it('installs at most 450 MB and no test tooling for serving and building the extension', () => {
  expect(launch('--help')).toMatchObject({ status: 0, installed: true });
  const folders = ['.', ...PACKAGES].map((name) => join(copy, name, 'node_modules')).filter(existsSync);
  const total = folders.reduce((sum, folder) => sum + megabytes(folder), 0);
  expect(total).toBeGreaterThan(200); // a smaller value means that nothing was measured
  expect(total).toBeLessThanOrEqual(LIMIT_MB);
  expect(has('extension/node_modules/wxt')).toBe(true);
  expect(testTools.filter(has)).toEqual([]);
});

it('installs nothing the next time', () => {
  expect(launch('--help')).toMatchObject({ status: 0, installed: false });
});

it('doesn’t start a check whose packages are missing, and says what to run', () => {
  const { status, stderr, installed } = launch('run-installed', 'quick-check');
  expect({ status, installed }).toEqual({ status: 1, installed: false });
  expect(stderr).toContain('Run `npm run install:all` first.');
});

it('adds what tests need, and keeps it when the server starts afterwards', () => {
  expect(launch('install-all')).toMatchObject({ status: 0, installed: true });
  expect(testTools.filter(has)).toEqual(testTools);
  expect(launch('--help')).toMatchObject({ status: 0, installed: false });
  expect(testTools.filter(has)).toEqual(testTools);
});
