import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { errorEnvelopeSchema } from '@swipenet/shared/contract/errors.ts';
import { pairAnswerSchema, pairingCodeAnswerSchema } from '@swipenet/shared/contract/pair.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { SESSION_HEADER, sessionAnswerSchema } from '@swipenet/shared/contract/session.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formulaPhoto } from '../support/photos.ts';
import { type RunningServer, runSwipenet, startServer } from '../support/server-process.ts';
import { selfSignedCertificate } from '../twins/certificate.ts';

// Runs a server that other machines can reach through its whole life: HTTPS on every address, a device that is paired,
// used and revoked, successful requests and every kind of failed one, and an engine crash. Then checks everything that
// it wrote.

const home = mkdtempSync(join(tmpdir(), 'swipenet-secrets-'));
const swipenet = (...parameters: string[]) => runSwipenet(parameters, { home }).ended;
const trustedBefore = getCACertificates('default');
const EXTENSION = 'chrome-extension://abcdefghijklmnop';

let server: RunningServer;
let url: string;
let printed = '';

beforeAll(async () => {
  const { cert, key } = await selfSignedCertificate(['localhost']);
  const [certFile, keyFile] = [join(home, 'cert.pem'), join(home, 'key.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  const tls = ['--tls-cert', certFile, '--tls-key', keyFile];
  server = await startServer(home, ['--host', '0.0.0.0', ...tls, '--log-level', 'debug']);
  url = server.url.replace('0.0.0.0', 'localhost');
  setDefaultCACertificates([...trustedBefore, cert]);
});
afterAll(async () => {
  setDefaultCACertificates(trustedBefore);
  await server?.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Runs a command, remembers what it printed, and returns it. */
async function run(...parameters: string[]) {
  const { code, stdout, stderr } = await swipenet(...parameters);
  printed += stderr;
  return { code, stdout, stderr };
}

const ask = (route: { method: string; path: string }, token: string | undefined, init: RequestInit = {}) =>
  fetch(`${url}${route.path}`, {
    method: route.method,
    ...init,
    headers: { ...(token !== undefined && { Authorization: `Bearer ${token}` }), ...(init.headers as object) },
  });

const codeOf = async (response: Response) => errorEnvelopeSchema.parse(await response.json()).error.code;

function formOf(photo: Uint8Array, fields: Record<string, string> = {}): FormData {
  const form = new FormData();
  form.append('photo', new Blob([Uint8Array.from(photo)]), 'https://photos.example/secret-name.jpg');
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

/** Returns every form in which bytes could appear in a text. */
function writings(bytes: Buffer): string[] {
  const shifted = [0, 1, 2].map((by) => bytes.subarray(by, by + 24).toString('base64'));
  return [bytes.toString('hex'), [...bytes].join(','), [...bytes].join(', '), bytes.toString('latin1'), ...shifted];
}

describe('a whole run of the server', () => {
  const secrets: string[] = [];
  let device: { id: string; token: string };

  it('pairs a device over HTTPS with a code from swipenet pair', async () => {
    const shown = await run('pair', '--json');
    const { code } = pairingCodeAnswerSchema.parse(JSON.parse(shown.stdout));
    const body = JSON.stringify({ code, name: 'Chrome on Linux' });
    const headers = { 'Content-Type': 'application/json', Origin: EXTENSION };
    const response = await ask(ROUTES.pair, undefined, { body, headers });
    const paired = pairAnswerSchema.parse(await response.json());
    device = { id: paired.device.id, token: paired.token };
    const again = await ask(ROUTES.pair, undefined, { body, headers });
    expect([response.status, again.status, await codeOf(again)]).toEqual([200, 403, 'pairing_code_invalid']);
    secrets.push(code, code.replace('-', ''), device.token, server.token);
  });

  it('opens a session of the start page with a link from swipenet link', async () => {
    const link = new URL(JSON.parse((await run('link', '--json')).stdout).url);
    const code = link.hash.slice(1);
    const body = JSON.stringify({ code });
    const opened = await ask(ROUTES.session, undefined, { body, headers: { Origin: url } });
    const { key } = sessionAnswerSchema.parse(await opened.json());
    const cookie = opened.headers.get('Set-Cookie')!;
    expect(cookie).toMatch(/; HttpOnly; Secure; SameSite=Strict$/);
    const headers = { Cookie: cookie.split(';')[0]!, [SESSION_HEADER]: key };
    const read = await ask(ROUTES.sessionPairings, undefined, { headers });
    const again = await ask(ROUTES.session, undefined, { body, headers: { Origin: url } });
    expect([read.status, again.status, await codeOf(again)]).toEqual([200, 403, 'link_code_invalid']);
    secrets.push(code, key, headers.Cookie.split('=')[1]!);
    const { devices } = JSON.parse((await run('devices', 'list', '--json')).stdout);
    const session = devices.find(({ endsAt }: { endsAt?: string }) => endsAt !== undefined);
    expect(await run('devices', 'revoke', session.id)).toMatchObject({ code: 0 });
    const refused = await ask(ROUTES.sessionPairings, undefined, { headers });
    expect([refused.status, await codeOf(refused)]).toEqual([401, 'session_invalid']);
  });

  it('serves the device, and rejects every kind of bad request', async () => {
    const photo = await formulaPhoto(300, 300).jpeg().toBuffer();
    const marked = Buffer.concat([photo.subarray(0, 3), Buffer.from('bytes-of-a-photo-that-nobody-may-see')]);
    const scored = await ask(ROUTES.score, device.token, { body: formOf(photo), headers: { Origin: EXTENSION } });
    expect(scored.status).toBe(200);
    const asked: [number, Promise<Response>][] = [
      [200, ask(ROUTES.model, device.token)],
      [200, ask(ROUTES.score, server.token, { body: formOf(marked) })],
      [400, ask(ROUTES.score, device.token, { body: formOf(photo, { url: 'https://photos.example/secret-1' }) })],
      [400, ask(ROUTES.score, device.token, { body: formOf(photo, { threshold: 'https://photos.example/secret-2' }) })],
      [400, ask({ ...ROUTES.score, path: '/v1/score?evidence=secret-query' }, device.token, { body: formOf(photo) })],
      [415, ask(ROUTES.score, device.token, { body: 'https://photos.example/secret-3' })],
      [400, ask(ROUTES.score, device.token, { body: marked, headers: { 'Content-Type': 'multipart/form-data' } })],
      [401, ask(ROUTES.model, 'secret-wrong-token')],
      [401, ask(ROUTES.model, undefined)],
      [404, ask({ method: 'GET', path: `/secret-path/${server.token}?token=${device.token}` }, undefined)],
      [403, ask(ROUTES.model, device.token, { headers: { Origin: 'https://secret-origin.example' } })],
      [403, ask(ROUTES.model, device.token, { headers: { Origin: 'chrome-extension://secretother' } })],
      [403, ask(ROUTES.pairingCode, device.token)],
      [403, ask(ROUTES.pair, undefined, { body: '{"code":"SECRET-GUESS","name":"n"}' })],
      [400, ask(ROUTES.pair, undefined, { body: '{"code": secret-json' })],
      [413, ask(ROUTES.pair, undefined, { body: 'x'.repeat(20_000) })],
    ];
    expect(await Promise.all(asked.map(async ([, answering]) => (await answering).status))).toEqual(
      asked.map(([status]) => status),
    );
    secrets.push('photos.example', 'secret-', 'SECRET-GUESS', 'secretother', 'bytes-of-a-photo', 'Bearer ');
    secrets.push(...writings(photo.subarray(0, 32)), ...writings(photo.subarray(400, 432)));
  });

  it('logs its own failures and keeps running', async () => {
    const { code } = pairingCodeAnswerSchema.parse(await (await ask(ROUTES.pairingCode, server.token)).json());
    secrets.push(code);
    renameSync(join(home, 'devices'), join(home, 'elsewhere'));
    writeFileSync(join(home, 'devices'), 'in the way');
    const response = await ask(ROUTES.pair, undefined, { body: JSON.stringify({ code, name: 'n' }) });
    expect([response.status, await codeOf(response)]).toEqual([500, 'device_not_saved']);
    await expect.poll(() => server.output.stderr).toContain('the device was not saved');
    rmSync(join(home, 'devices'));
    renameSync(join(home, 'elsewhere'), join(home, 'devices'));
  });

  it.skipIf(!existsSync('/proc/self/task'))('survives a crash of its engines', async () => {
    const { pid } = server.child;
    const engines = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
    for (const engine of engines) process.kill(engine, 'SIGKILL');
    const photo = await formulaPhoto(300, 300).jpeg().toBuffer();
    const statuses = await Promise.all(
      [1, 2, 3].map(async () => (await ask(ROUTES.score, server.token, { body: formOf(photo) })).status),
    );
    for (const status of statuses) expect([200, 503]).toContain(status);
    await expect.poll(() => server.output.stderr).toContain('engine down');
  });

  it('shows metrics, status and API document to a caller with a token', async () => {
    for (const route of [ROUTES.metrics, ROUTES.status, ROUTES.openapi, ROUTES.docs]) {
      const response = await ask(route, device.token);
      expect(response.status).toBe(200);
      printed += await response.text();
    }
    await expect.poll(() => server.output.stderr).toContain(`"caller":"${device.id}"`);
    expect(printed).toContain('http_server_request_duration_seconds');
  });

  it('lists the device, and ends its access as soon as it is revoked', async () => {
    const { devices } = JSON.parse((await run('devices', 'list', '--json')).stdout);
    expect(devices).toMatchObject([{ id: device.id, name: 'Chrome on Linux', origin: EXTENSION }]);
    expect((await ask(ROUTES.model, device.token)).status).toBe(200);
    expect(await run('devices', 'revoke', device.id)).toMatchObject({ code: 0 });
    const refused = await ask(ROUTES.model, device.token);
    expect([refused.status, await codeOf(refused)]).toEqual([401, 'token_invalid']);
  });

  it('writes no token, code, photo or address where it doesn’t belong', async () => {
    const { code, stdout, stderr } = await server.stop();
    expect(code).toBe(0);
    expect(stdout).toContain('listens on https://0.0.0.0:');
    const files = readdirSync(home, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(home, name)).isFile() && !['token', 'cert.pem', 'key.pem'].includes(name))
      .map((name) => readFileSync(join(home, name), 'utf8'));
    expect(readdirSync(join(home, 'servers'))).toEqual([]); // the server deleted its entry
    const written = [stdout, stderr, printed, ...files].join('\n');
    expect(secrets.filter((secret) => written.includes(secret))).toEqual([]);
  });
});
