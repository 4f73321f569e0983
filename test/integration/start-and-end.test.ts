import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sha256 } from '@swipenet/server/files/sha256.ts';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { addOwnModel } from '../support/own-model.ts';
import { formulaPhoto } from '../support/photos.ts';
import { runSwipenet, startServer } from '../support/server-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A home whose model `mine` is a copy of the embedded one, to be damaged. */
function homeWithModel(damage: (folder: string) => void): string {
  const home = temporaryFolder();
  addOwnModel(home, 'mine');
  damage(join(home, 'models', 'mine'));
  return home;
}

describe('the server refuses to start, with one line and exit code 2, when', () => {
  it.each<[string, string, RegExp, readonly string[], () => string]>([
    ['the model is missing', 'model_missing', /there is no model mine/, ['--model', 'mine'], temporaryFolder],
    [
      'the model’s file is another',
      'model_hash_mismatch',
      /its manifest says/,
      ['--model', 'mine'],
      () => homeWithModel((folder) => writeFileSync(join(folder, 'model.onnx'), 'other')),
    ],
    [
      'the model’s file is garbage with the right hash',
      'model_invalid',
      /the model mine cannot be opened/,
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
      'the device cannot be had',
      'device_unavailable',
      /cuda:7 is unavailable: .{1,200}; run swipenet doctor --device cuda:7 for details/,
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
      /--tls-cert is set and --tls-key is not/,
      ['--host', '0.0.0.0', '--tls-cert', 'cert.pem'],
      temporaryFolder,
    ],
    [
      'a flag of npm start lacks its two dashes',
      'option_invalid',
      /serve takes no argument 9123; flags of npm start come after two dashes/,
      ['9123'],
      temporaryFolder,
    ],
    [
      'a flag is no number',
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

  it('the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await runSwipenet(['serve', '--port', String(port)], { home: temporaryFolder() }).ended;
    other.close();
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `swipenet: port ${port} on 127.0.0.1 is taken; --port chooses another (port_taken)\n`,
    });
  });
});

describe('the server', () => {
  it('takes the threshold of the model’s manifest, unless a flag names another', async () => {
    const home = homeWithModel((folder) => {
      const manifest = join(folder, 'manifest.json');
      writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"threshold":0.4', '"threshold":0.77'));
    });
    const byManifest = await startServer(home, ['--model', 'mine']);
    await byManifest.stop();
    expect(byManifest.output.stdout).toContain('mine, LIKE from 0.77\n');
    const byFlag = await startServer(home, ['--model', 'mine', '--threshold', '0.2']);
    await byFlag.stop();
    expect(byFlag.output.stdout).toContain('mine, LIKE from 0.2\n');
  });

  it.skipIf(!existsSync('/proc/self/task'))('takes its engines with it, even when it is killed', async () => {
    const server = await startServer(temporaryFolder());
    const { pid } = server.child;
    const engines = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
    expect(engines.length).toBeGreaterThan(0);
    server.child.kill('SIGKILL');
    await server.ended;
    await vi.waitFor(() => expect(engines.filter((engine) => existsSync(`/proc/${engine}`))).toEqual([]), 5000);
  });

  it('prints where it listens, with what, on what and why, and where the token is', async () => {
    const home = temporaryFolder();
    const server = await startServer(home, ['--threshold', '0.55', '--precision', 'fp32']);
    await server.stop();
    expect(server.output.stdout).toMatch(
      /^Swipenet listens on http:\/\/127\.0\.0\.1:\d+\n {2}model {3}quality, LIKE from 0\.55\n {2}form {4}fp32; asked for\n {2}device {2}cpu \(CPUExecutionProvider\), .+; asked for\n {2}token {3}.+\/token\n {2}demo {4}http:\/\/127\.0\.0\.1:\d+\/demo\n$/,
    );
    expect(server.output.stdout).toContain(join(home, 'token'));
    expect(server.output.stdout).not.toContain(server.token);
  });

  it('says so where another runs with its home; the commands speak to that one, and to it when that one ends', async () => {
    const home = temporaryFolder();
    const [first, second] = [await startServer(home), await startServer(home)];
    onTestFinished(async () => void (await second.stop()));
    expect(first.output.stdout).not.toContain('another server');
    expect(second.output.stdout).toContain(
      `\n  other   another server runs with this home, on ${first.url}; status, pair and models activate speak to that one until it ends\n`,
    );
    const spokenTo = async () => {
      const { stdout } = await runSwipenet(['models', 'activate', 'quality', '--json'], { home }).ended;
      return JSON.parse(stdout).server;
    };
    expect(await spokenTo()).toBe(first.url);
    await first.stop();
    expect(await spokenTo()).toBe(second.url);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('answers what is under way after %s, then exits with 0', async (signal) => {
    const server = await startServer(temporaryFolder());
    const photo = await formulaPhoto(640, 800).jpeg().toBuffer();
    const body = new FormData();
    for (let index = 0; index < 12; index += 1) body.append('photo', new Blob([Uint8Array.from(photo)]), 'photo.jpg');
    const answering = fetch(`${server.url}/v1/score`, {
      method: 'POST',
      body,
      headers: { Authorization: `Bearer ${server.token}` },
    });
    await fetch(`${server.url}/healthz`); // by now the score request has been taken in, on a connection before this one
    server.child.kill(signal);
    expect((await answering).status).toBe(200);
    const { code, stderr } = await server.ended;
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/"level":"(warn|error|fatal)"/);
    expect(stderr.trimEnd()).toMatch(/"msg":"server ended"\}$/);
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  });
});
