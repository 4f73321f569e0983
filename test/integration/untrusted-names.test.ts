import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { writeSafetensors } from '@swipenet/server/googlenet/safetensors.ts';
import { Home } from '@swipenet/server/home/home.ts';
import { announceServer } from '@swipenet/server/home/running-server.ts';
import { readOrCreateToken } from '@swipenet/server/home/secret-files.ts';
import type { AppEnv } from '@swipenet/server/http/dependencies.ts';
import { listen } from '@swipenet/server/http/listen.ts';
import { proofRoute } from '@swipenet/server/http/routes/proof-route.ts';
import { readNetwork } from '@swipenet/server/interchange/import-network.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { patchwork, writeLabeledPhotos } from '../support/labeled-photos.ts';
import { addOwnModel } from '../support/own-model.ts';
import { runSwipenet } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { UNSAFE_ON_TERMINAL } from '../support/unsafe-on-terminal.ts';

/** Clears the screen, sets the window's title and the clipboard, overwrites a line, fakes one, and turns text around. */
const EVIL = '\u001b[2J\u001b]0;owned\u0007\u009b31m\r\n  → right\u001b]52;c;cm0=\u0007\u202egpj\u2066';
/** The same as a file's name. */
const FILE = `x${EVIL.replaceAll('/', '')}`;
const SHOWN = '\\x1b[2J\\x1b]0;owned\\x07\\x9b31m\\r\\n  → right\\x1b]52;c;cm0=\\x07\\u{202e}gpj\\u{2066}';

const base = mkdtempSync(join(tmpdir(), 'swipenet-names-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const home = join(base, 'home');
const root = join(base, 'root');
const run = (...parameters: string[]) => runSwipenet(parameters, { home, cwd: root }).ended;

/** Runs a command, checks that a terminal is safe from its output, and returns the output. */
async function output(...parameters: string[]): Promise<string> {
  const { stdout, stderr } = await run(...parameters);
  expect(stdout).not.toMatch(UNSAFE_ON_TERMINAL);
  expect(stderr).not.toMatch(UNSAFE_ON_TERMINAL);
  return stdout + stderr;
}

beforeAll(async () => {
  for (const folder of [home, root]) mkdirSync(folder);
  await writeLabeledPhotos(root, { LIKE: 2, NOPE: 2 });
  const folder = join(root, 'like', FILE);
  mkdirSync(folder);
  writeFileSync(join(folder, `${FILE}.png`), await patchwork(9, 'LIKE'));
  writeFileSync(join(folder, `${FILE}.jpg`), 'damaged');
  const { provenance } = JSON.parse(
    readFileSync(join(EMBEDDED_MODEL.folder, EMBEDDED_MODEL.id, 'manifest.json'), 'utf8'),
  );
  addOwnModel(home, 'sent', {
    metrics: { [`${EVIL}accuracy`]: 0.99 },
    provenance: { ...provenance, description: EVIL, command: EVIL },
  });
  mkdirSync(join(home, 'models', FILE));
});

describe('a name with escape sequences reaches no terminal', () => {
  it('as the name of a photo and its folder, with and without --json', async () => {
    const text = await output('score', 'like');
    expect(text).toContain(`like/x${SHOWN}\n`);
    expect(text).toContain(`  x${SHOWN}.jpg  ----  `);
    expect(text).not.toContain('\n  → right');
    const json = await output('score', 'like', '--json');
    expect(JSON.parse(json.slice(0, json.lastIndexOf('}') + 1)).profiles.at(-1).path).toBe(join('like', FILE));
  });

  it('as the name of a photo that a dataset leaves out', async () => {
    expect(await output('dataset', 'build', '--like', 'like', '--nope', 'nope', '--out', 'set')).toContain(
      `x${SHOWN}.jpg: `,
    );
  });

  it('as a model’s description, command, metric and folder', async () => {
    expect(await output('models', 'list')).toContain(`${SHOWN}accuracy 0.990`);
    const shown = await output('models', 'show', 'sent');
    expect(shown).toMatch(/^ {2}training +\\x1b\[2J/m);
    expect(shown.split(SHOWN)).toHaveLength(4);
    expect(JSON.parse(await output('models', 'show', 'sent', '--json')).provenance.description).toBe(EVIL);
  });

  it('as the name of a tensor', async () => {
    const { weights } = readNetwork(readFileSync(join(EMBEDDED_MODEL.folder, EMBEDDED_MODEL.id, 'model.onnx')));
    const tensor = { shape: [1], data: Float32Array.of(1) };
    writeFileSync(
      join(root, 'evil.safetensors'),
      Buffer.concat(writeSafetensors(new Map([...weights, [EVIL, tensor]]))),
    );
    const flags = ['--id', 'x', '--resize', 'squash', '--mean', '1', '--description', 'x'];
    expect(await output('models', 'import', 'evil.safetensors', ...flags)).toBe(
      `swipenet: the tensor ${SHOWN} is not part of GoogLeNet (weights_invalid)\n`,
    );
  });

  it('as what a server sends', async () => {
    const lying = new Home(temporaryFolder());
    const app = new Hono<AppEnv>().get(ROUTES.proof.path, proofRoute({ token: await readOrCreateToken(lying) }));
    const error = { code: 'internal', message: EVIL, requestId: EVIL };
    app.get(ROUTES.status.path, ({ json }) => json({ error }, 500));
    const { localUrl: url, close } = await listen(app, '127.0.0.1', 0);
    onTestFinished(close);
    await announceServer(lying, { pid: process.pid, url, certificate: null, since: '2026-11-28T12:00:00Z' });
    const { stdout, stderr } = await runSwipenet(['status'], { home: lying.folder }).ended;
    expect(stdout).toBe('');
    expect(stderr).toBe(`swipenet: the server at ${url} returned an error: ${SHOWN} (internal) (server_refused)\n`);
  });

  it.each([
    ['a path', ['score', `gone${EVIL}`]],
    ['an option', ['score', `--${EVIL}`]],
    ['a command', [`sc${EVIL}`]],
    ['an ID', ['models', 'show', EVIL]],
    ['a setting', ['serve', '--threshold', EVIL]],
  ])('as %s on the command line', async (_, parameters) => {
    expect(await output(...parameters)).toMatch(/\\(x|u00)1b\[2J/);
  });
});

describe('a reader that goes away', () => {
  it('ends the command quietly, with the code of a closed pipe', async () => {
    const main = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));
    const child = spawn(process.execPath, [main, 'models', 'list', '--home', home], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, stderr }).toEqual({ code: 141, stderr: '' });
  });
});

const hasScript = spawnSync('script', ['--version']).status === 0;

describe.skipIf(!hasScript)('a terminal', () => {
  /** Builds a dataset on a terminal, and returns what the terminal got. */
  function onTerminal(environment: Record<string, string>): string {
    const main = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));
    const out = join(temporaryFolder(), 'set');
    const command = `"${process.execPath}" "${main}" dataset build --like like --nope nope --out "${out}"`;
    const { NO_COLOR: _color, ...inherited } = process.env;
    const env = { ...inherited, ...environment };
    return spawnSync('script', ['-qec', command, '/dev/null'], { cwd: root, env, encoding: 'utf8' }).stdout;
  }

  it('gets a bar that is updated in place', () => {
    expect(onTerminal({ TERM: 'xterm' })).toContain('\u001b[K');
  });

  it.each([{ TERM: 'dumb' }, { TERM: 'xterm', NO_COLOR: '1' }])('gets no escape sequences with %o', (environment) => {
    const text = onTerminal(environment);
    expect(text).toContain('photos');
    expect(text.replaceAll('\r\n', '\n')).not.toMatch(UNSAFE_ON_TERMINAL);
  });
});
