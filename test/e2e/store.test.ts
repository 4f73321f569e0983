import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { firstProgram, pathsOf } from '../support/debian-program.ts';
import { ROOT } from '../support/source-files.ts';

// The zip that Mozilla's store gets, and the sources that its reviewers build it from (docs/extension.md).

const run = promisify(execFile);
const { version } = JSON.parse(await readFile(join(ROOT, 'extension/package.json'), 'utf8'));
const ZIP = `dist/swipenet-${version}-firefox.zip`;
const SOURCES = `dist/swipenet-${version}-sources.zip`;

/** Makes both zips of a copy of the project. */
const zip = (root: string) =>
  run(join(root, 'extension/node_modules/.bin/wxt'), ['zip', '-b', 'firefox', '-c', 'store.config.ts'], {
    cwd: join(root, 'extension'),
  });

const zipped = zip(ROOT);

it('has no error and no warning from the linter of Firefox’s add-ons', async () => {
  await zipped;
  const linter = join(ROOT, 'test/node_modules/.bin/addons-linter');
  const { stdout } = await run(linter, ['--output', 'json', join(ROOT, ZIP)]);
  const { errors, warnings, notices } = JSON.parse(stdout);
  expect([...errors, ...warnings, ...notices]).toEqual([]);
});

it.skipIf(!firstProgram(pathsOf(['unzip'])))('is built from the zipped sources alone, byte by byte', async () => {
  await zipped;
  const folder = await mkdtemp(join(tmpdir(), 'swipenet-sources-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await run('unzip', ['-q', join(ROOT, SOURCES), '-d', folder]);
  const pnpm = /PNPM = '(.+)'/.exec(await readFile(join(ROOT, 'server/launcher/install.mjs'), 'utf8'))![1]!;
  const options = ['install', '--frozen-lockfile', '--offline', '--filter', '@swipenet/extension...'];
  await run('npx', ['-y', '-p', pnpm, 'pnpm', ...options], { cwd: folder });
  await zip(folder);
  expect((await readFile(join(folder, ZIP))).equals(await readFile(join(ROOT, ZIP)))).toBe(true);
});
