import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sha256 } from '@swipenet/server/files/sha256.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addOwnModel } from '../support/own-model.ts';
import { formulaPhoto } from '../support/photos.ts';
import { runSwipenet, startServer } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Creates a home folder whose model `mine` is a copy of the embedded one, and damages it. */
function homeWithModel(damage: (folder: string) => void): string {
  const home = temporaryFolder();
  addOwnModel(home, 'mine');
  damage(join(home, 'models', 'mine'));
  return home;
}

describe('the server prints one line and exits with code 2 if', () => {
  it.each<[string, string, RegExp, readonly string[], () => string]>([
    ['the model is missing', 'model_missing', /no model has the ID mine/, ['--model', 'mine'], temporaryFolder],
    [
      'the model’s file doesn’t match its manifest',
      'model_hash_mismatch',
      /its manifest says/,
      ['--model', 'mine'],
      () => homeWithModel((folder) => writeFileSync(join(folder, 'model.onnx'), 'other')),
    ],
    [
      'the model’s file is garbage with the right hash',
      'model_invalid',
      /can’t open the model mine/,
      ['--model', 'mine'],
      () =>
        homeWithModel((folder) => {
          const manifest = join(folder, 'manifest.json');
          const garbage = new TextEncoder().encode('garbage');
          writeFileSync(join(folder, 'model.onnx'), garbage);
          writeFileSync(
            manifest,
            readFileSync(manifest, 'utf8').replace(/"sha256":"\w+"/, `"sha256":"${sha256(garbage)}"`),
          );
        }),
    ],
    [
      'the device isn’t available',
      'device_unavailable',
      /cuda:7 is unavailable: .{1,200}; run npm run -s swipenet -- doctor --device cuda:7 for details/,
      ['--device', 'cuda:7'],
      temporaryFolder,
    ],
    [
      'the host is not loopback',
      'bind_refused',
      /0\.0\.0\.0 is not a loopback address/,
      ['--host', '0.0.0.0'],
      temporaryFolder,
    ],
    [
      'a certificate has no key',
      'tls_invalid',
      /--tls-cert is set, but --tls-key is not/,
      ['--host', '0.0.0.0', '--tls-cert', 'cert.pem'],
      temporaryFolder,
    ],
    [
      'the two dashes of npm start are missing',
      'option_invalid',
      /serve takes no arguments, got 9123; put flags after two dashes/,
      ['9123'],
      temporaryFolder,
    ],
    [
      'a flag isn’t a number',
      'option_invalid',
      /--port \(or SWIPENET_PORT\) must be a port/,
      ['--port', 'x'],
      temporaryFolder,
    ],
  ])('%s', async (_name, code, message, parameters, makeHome) => {
    const {
      code: exitCode,
      stderr,
      stdout,
    } = await runSwipenet(['serve', '--port', '0', ...parameters], { home: makeHome() }).ended;
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(`(${code})`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  it('the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await runSwipenet(['serve', '--port', String(port)], { home: temporaryFolder() }).ended;
    other.close();
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `swipenet: port ${port} on 127.0.0.1 is already in use; stop the other program or pass --port (port_taken)\n`,
    });
  });
});

const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);

/** Waits until these processes are gone. */
const expectGone = (pids: readonly number[]) =>
  expect.poll(() => pids.filter((pid) => existsSync(`/proc/${pid}`)), { timeout: 30_000 }).toEqual([]);

describe('the server', () => {
  it.skipIf(!existsSync('/proc/self/task'))('ends its engines and decoders, even if it is killed', async () => {
    const server = await startServer(temporaryFolder());
    const children = childrenOf(server.child.pid!);
    expect(children.length).toBeGreaterThan(2);
    server.child.kill('SIGKILL');
    await server.ended;
    await expectGone(children);
  });

  it.skipIf(!existsSync('/proc/self/task'))(
    'ends with its children at the second SIGTERM, whatever they are doing',
    async () => {
      const server = await startServer(temporaryFolder());
      const children = childrenOf(server.child.pid!);
      for (const child of children) process.kill(child, 'SIGSTOP');
      const body = new FormData();
      body.append('photo', new Blob([Uint8Array.from(await formulaPhoto(64, 64).jpeg().toBuffer())]), 'photo.jpg');
      const headers = { Authorization: `Bearer ${server.token}` };
      const answering = fetch(`${server.url}/v1/score`, { method: 'POST', body, headers }).catch(() => 'no answer');
      await fetch(`${server.url}/healthz`); // the server has accepted the score request by now
      server.child.kill('SIGTERM');
      await expect.poll(() => server.output.stderr).toContain('server stopping');
      server.child.kill('SIGTERM');
      expect((await server.ended).code).toBe(1);
      expect(await answering).toBe('no answer');
      await expectGone(children);
    },
  );

  it('reports another server with its home folder, which commands use until that one stops', async () => {
    const home = temporaryFolder();
    const [first, second] = [await startServer(home), await startServer(home)];
    onTestFinished(async () => void (await second.stop()));
    expect(first.output.stdout).not.toContain('already serves');
    expect(second.output.stdout).toContain(
      `\n  note       ${first.url} already serves this home folder; status, pair and models activate use that server until it stops\n`,
    );
    const usedServer = async () => {
      const { stdout } = await runSwipenet(['status', '--json'], { home }).ended;
      return JSON.parse(stdout).server.pid;
    };
    expect(await usedServer()).toBe(first.child.pid);
    await first.stop();
    expect(await usedServer()).toBe(second.child.pid);
  });
});

/** A server's first lines, up to the time for which its link is valid. */
const firstLines = (model: string, precision: string) =>
  new RegExp(
    `^Swipenet listens on http://127\\.0\\.0\\.1:\\d+\n  model      ${model}\n  precision  ${precision}\n  device     cpu \\(CPUExecutionProvider\\), .+; requested\n  token      .+/token\nOpen http://127\\.0\\.0\\.1:\\d+/#[\\w-]{22} in your browser\\. .+\n$`,
  );

describe.each([
  [
    'the threshold of its model’s manifest',
    () =>
      homeWithModel((folder) => {
        const manifest = join(folder, 'manifest.json');
        writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"threshold":0.4', '"threshold":0.77'));
      }),
    ['--model', 'mine'],
    firstLines('mine, threshold 0\\.77', 'fp32; .+'),
    'SIGTERM',
  ],
  [
    'the threshold and the precision of its flags',
    temporaryFolder,
    ['--threshold', '0.55', '--precision', 'fp32'],
    firstLines('quality, threshold 0\\.55', 'fp32; requested'),
    'SIGINT',
  ],
] as const)('a server with %s', (_what, makeHome, flags, lines, signal) => {
  it(`prints them with its address, device and token’s file, and finishes the requests in progress after ${signal}`, async () => {
    const home = makeHome();
    const server = await startServer(home, flags);
    const photo = await formulaPhoto(640, 800).jpeg().toBuffer();
    const body = new FormData();
    for (let index = 0; index < 12; index += 1) body.append('photo', new Blob([Uint8Array.from(photo)]), 'photo.jpg');
    const answering = fetch(`${server.url}/v1/score`, {
      method: 'POST',
      body,
      headers: { Authorization: `Bearer ${server.token}` },
    });
    await fetch(`${server.url}/healthz`); // the server has accepted the score request by now, because its connection came first
    server.child.kill(signal);
    expect((await answering).status).toBe(200);
    const { code, stdout, stderr } = await server.ended;
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/"level":"(warn|error|fatal)"/);
    expect(stderr.trimEnd()).toMatch(/"msg":"server stopped"\}$/);
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
    expect(stdout).toMatch(lines);
    expect(stdout).toContain(join(home, 'token'));
    expect(stdout).not.toContain(server.token);
  });
});
