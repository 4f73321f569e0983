import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { sha256 } from '@swipenet/server/files/sha256.ts';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { writeLabeledPhotos } from '../support/labeled-photos.ts';
import { whyNoNamespace, withRegistryOnly } from '../support/registry-only.ts';
import { ROOT } from '../support/source-files.ts';

// Makes the npm packages, installs them into an empty folder as a user would, and uses them from there.

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** The releases of Node that the package has to run with. */
const NODES = ['24', '26'];

/** How long an installation may take, with npm's cache empty. */
const LIMIT_MS = 60_000;

const npm = join(ROOT, 'dist', 'npm');
const lacking = whyNoNamespace();
let scratch = '';

beforeAll(() => {
  execFileSync('npm', ['run', '-s', 'make-server-package'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  scratch = mkdtempSync(join(tmpdir(), 'swipenet-package-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const tarballs = () => {
  const own = `onnxruntime-${process.platform}-${process.arch}`;
  return readdirSync(npm).filter((name) => name.endsWith('.tgz') && (/^swipenet-\d/.test(name) || name.includes(own)));
};

it('is made of the same bytes each time', () => {
  const sums = () => tarballs().map((name) => sha256(readFileSync(join(npm, name))));
  const before = sums();
  expect(before).toHaveLength(2);
  execFileSync(process.execPath, [join(ROOT, 'server', 'packaging', 'main.ts')], { stdio: 'ignore' });
  expect(sums()).toEqual(before);
});

describe.for(NODES)('the package with Node %s', (release) => {
  let folder = '';
  let environment: Record<string, string | undefined> = {};

  beforeAll(async () => {
    const node = join(scratch, `node-${release}`);
    mkdirSync(node);
    execFileSync('npm', ['install', '--prefix', node, `node@${release}`], { stdio: 'ignore' });
    const { NODE_COMPILE_CACHE: _cache, ...own } = process.env;
    const path = `${join(node, 'node_modules', 'node', 'bin')}${delimiter}${process.env.PATH}`;
    folder = join(scratch, `empty-${release}`);
    mkdirSync(folder);
    await writeLabeledPhotos(folder, { LIKE: 8, NOPE: 8 });
    environment = { ...own, PATH: path, SWIPENET_HOME: join(folder, 'home'), npm_config_cache: join(folder, 'cache') };
  });

  /** Runs the installed command, and returns its standard output. */
  const swipenet = (...parameters: string[]) =>
    execFileSync(join(folder, 'node_modules', '.bin', 'swipenet'), parameters, {
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });

  it('installs in under a minute, and reaches nothing but the registry', async ({ skip }) => {
    skip(lacking !== undefined, lacking);
    const files = tarballs().map((name) => join(npm, name));
    expect(files).toHaveLength(2);
    const started = performance.now();
    const { code, output, refused } = await withRegistryOnly(`npm install ${files.join(' ')}`, folder, environment);
    expect({ code, refused }, output).toEqual({ code: 0, refused: [] });
    expect(performance.now() - started).toBeLessThan(LIMIT_MS);
    expect(execFileSync('node', ['--version'], { env: environment, encoding: 'utf8' })).toMatch(`v${release}.`);
    expect(swipenet('--version').trim()).toBe(packageJson.version);
    const libraries = readdirSync(join(folder, 'node_modules', '@swipenet'));
    expect(libraries).toEqual([`onnxruntime-${process.platform}-${process.arch}`]);
  });

  it('starts the server, which scores photos, draws the demo deck and shows the studio', async ({ skip }) => {
    skip(lacking !== undefined, lacking);
    const server = spawn(join(folder, 'node_modules', '.bin', 'swipenet'), ['start', '--port', '0'], {
      env: environment,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void server.kill());
    let lines = '';
    const url = await new Promise<string>((resolve, reject) => {
      server.once('exit', (code) => reject(new Error(`ended with ${code}: ${lines}`)));
      server.stdout.setEncoding('utf8').on('data', (text: string) => {
        lines += text;
        const found = /listens on (\S+)/.exec(lines)?.[1];
        if (found) resolve(found);
      });
    });
    for (const browser of ['Chromium', 'Firefox']) {
      const extension = new RegExp(`for ${browser} is in (.+)`).exec(lines)![1]!;
      const { version } = JSON.parse(readFileSync(join(extension, 'manifest.json'), 'utf8'));
      expect(version).toBe(packageJson.version);
    }
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(`${url}/studio`)).text()).toContain('data-start="swipenet start"');
    const page = await (await fetch(`${url}/`, { headers: { Accept: 'text/html' } })).text();
    expect(page).toContain('<code>swipenet start</code>');

    const [profile] = await (await fetch(`${url}/demo/profiles`)).json();
    expect((await fetch(`${url}/demo/photos/${profile.id}/0.jpg`)).status).toBe(200);
    const form = new FormData();
    form.append('photo', new Blob([readFileSync(join(folder, 'like', '0.png'))]));
    const token = readFileSync(join(folder, 'home', 'token'), 'utf8').trim();
    const headers = { Authorization: `Bearer ${token}` };
    const scored = await (await fetch(`${url}/v1/score`, { method: 'POST', body: form, headers })).json();
    expect(scored).toMatchObject({ photos: [{ index: 0, like: expect.any(Number) }] });

    server.kill('SIGTERM');
    expect(await once(server, 'close')).toEqual([0, null]);
  });

  it('checks the machine, lists the models, builds a dataset, trains and scores', ({ skip }) => {
    skip(lacking !== undefined, lacking);
    expect(JSON.parse(swipenet('doctor', '--device', 'cpu', '--json')).verdict).toBe('cpu works');
    expect(swipenet('models', 'list')).toContain('quality-int8');
    const [like, nope] = [join(folder, 'like'), join(folder, 'nope')];
    const set = join(folder, 'mine.set');
    swipenet('dataset', 'build', '--like', like, '--nope', nope, '--out', set);
    const run = ['--run', join(folder, 'run'), '--mode', 'full', '--epochs', '1', '--batch-size', '8'];
    const trained = swipenet('train', '--data', set, '--name', 'mine', ...run, '--device', 'cpu');
    expect(trained).toContain('to use it, even in a running server: swipenet models activate mine');
    expect(readFileSync(join(folder, 'run', 'report.html'), 'utf8')).toContain('uPlot');
    expect(JSON.parse(swipenet('score', like, '--model', 'mine', '--json')).model).toBe('mine');
  });
});
