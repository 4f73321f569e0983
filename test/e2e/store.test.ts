import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { firstProgram, pathsOf } from '../support/debian-program.ts';
import { ROOT } from '../support/source-files.ts';

// The zips that the stores get, and the sources that Mozilla's reviewers build them from (docs/extension.md).

const run = promisify(execFile);
const { version } = JSON.parse(await readFile(join(ROOT, 'extension/package.json'), 'utf8'));
const zipOf = (content: string) => `dist/swipenet-${version}-${content}.zip`;

/** Makes the zips of a copy of the project. */
const zip = (root: string) => run('npm', ['run', '-s', 'zip'], { cwd: join(root, 'extension') });

const zipped = zip(ROOT);

it('have no error and no warning from the linter of Firefox’s add-ons', async () => {
  await zipped;
  const linter = join(ROOT, 'test/node_modules/.bin/addons-linter');
  const { stdout } = await run(linter, ['--output', 'json', join(ROOT, zipOf('firefox'))]);
  const { errors, warnings, notices } = JSON.parse(stdout);
  expect([...errors, ...warnings, ...notices]).toEqual([]);
});

it.skipIf(!firstProgram(pathsOf(['unzip'])))('are built from the zipped sources alone, byte by byte', async () => {
  await zipped;
  const folder = await mkdtemp(join(tmpdir(), 'swipenet-sources-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await run('unzip', ['-q', join(ROOT, zipOf('sources')), '-d', folder]);
  const pnpm = /PNPM = '(.+)'/.exec(await readFile(join(ROOT, 'server/launcher/install.mjs'), 'utf8'))![1]!;
  const options = ['install', '--frozen-lockfile', '--offline', '--filter', '@swipenet/extension...'];
  await run('npx', ['-y', '-p', pnpm, 'pnpm', ...options], { cwd: folder });
  await zip(folder);
  for (const content of ['chrome', 'firefox', 'sources']) {
    const [made, again] = await Promise.all([ROOT, folder].map((root) => readFile(join(root, zipOf(content)))));
    expect(made!.equals(again!), content).toBe(true);
  }
});
