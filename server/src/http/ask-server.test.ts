import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pairingCodeAnswerSchema } from '@swipenet/shared/contract/pair.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { Hono } from 'hono';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { type Certificate, selfSignedCertificate } from '../../../test/twins/certificate.ts';
import type { CommandErrorCode } from '../command-error.ts';
import { Home } from '../home/home.ts';
import { announceServer, findServer, findServers, type RunningServer } from '../home/running-server.ts';
import { readOrCreateToken } from '../home/secret-files.ts';
import { askServer } from './ask-server.ts';
import type { AppEnv } from './dependencies.ts';
import { listen } from './listen.ts';
import { proofRoute } from './routes/proof-route.ts';
import type { RouteHandler } from './routes/routes.ts';
import { readTls } from './tls.ts';

let certificates: Certificate[];
beforeAll(async () => {
  certificates = await Promise.all([selfSignedCertificate(['some.name']), selfSignedCertificate(['some.name'])]);
});

/** Starts a server with a home folder. It answers as the test wants, and collects the tokens it receives. */
async function setUp({
  answer,
  prove,
  tls: withTls,
  entry,
}: {
  answer?: () => Response;
  /** What the program does instead of proving itself. */
  prove?: RouteHandler;
  tls?: boolean;
  entry?: Partial<RunningServer>;
} = {}) {
  const home = new Home(temporaryFolder());
  const token = await readOrCreateToken(home);
  const shown: (string | undefined)[] = [];
  const app = new Hono<AppEnv>().get(ROUTES.proof.path, prove ?? proofRoute({ token }));
  app.post(ROUTES.pairingCode.path, ({ req, json }) => {
    shown.push(req.header('Authorization'));
    return answer?.() ?? json({ code: '1234-5678', expiresInS: 300 });
  });
  const tls = withTls ? await certificateIn(home, certificates[0]!) : undefined;
  const listening = await listen(app, '127.0.0.1', 0, { tls });
  onTestFinished(listening.close);
  const { retract } = await announceServer(home, {
    pid: process.pid,
    url: listening.localUrl,
    certificate: tls?.fingerprint ?? null,
    since: '2026-11-24T12:00:00Z',
    ...entry,
  });
  const ask = () => askServer(home, 'pairingCode', pairingCodeAnswerSchema);
  return { home, token, shown, ask, retract, url: listening.localUrl };
}

async function certificateIn(home: Home, { cert, key }: Certificate) {
  const folder = join(home.folder, 'tls');
  await mkdir(folder, { recursive: true });
  await Promise.all([writeFile(join(folder, 'cert'), cert), writeFile(join(folder, 'key'), key)]);
  return await readTls(join(folder, 'cert'), join(folder, 'key'));
}

describe('a command that asks the running server', () => {
  it('finds it by its home folder, and sends the local token', async () => {
    const { ask, shown, token } = await setUp();
    expect((await ask()).answer).toEqual({ code: '1234-5678', expiresInS: 300 });
    expect(shown).toEqual([`Bearer ${token}`]);
  });

  it('accepts its certificate, even if it is self-signed and for another name', async () => {
    const { ask, shown, token } = await setUp({ tls: true });
    expect((await ask()).answer.code).toBe('1234-5678');
    expect(shown).toEqual([`Bearer ${token}`]);
  });

  it('doesn’t send the token if the certificate is a different one', async () => {
    const other = await certificateIn(new Home(temporaryFolder()), certificates[1]!);
    const { ask, shown } = await setUp({ tls: true, entry: { certificate: other!.fingerprint } });
    await expect(ask()).rejects.toMatchObject({
      code: 'server_unreachable',
      message: expect.stringMatching(/unexpected certificate/),
    });
    expect(shown).toEqual([]);
  });

  it.each<[string, Parameters<typeof setUp>[0], CommandErrorCode, RegExp]>([
    ['was killed', { entry: { pid: 2 ** 22 + 1 } }, 'server_unreachable', /no server is running/],
    ['isn’t listening', { entry: { url: 'http://127.0.0.1:1' } }, 'server_unreachable', /can’t reach .*ECONNREFUSED/],
    ['returns something else', { answer: () => new Response('<h1>') }, 'server_refused', /unexpected .*status 200/],
    ['returns other JSON', { answer: () => Response.json({ hello: 'world' }) }, 'server_refused', /status 200/],
    [
      'redirects to another address',
      { answer: () => new Response('', { status: 302, headers: { Location: 'http://127.0.0.1:1/' } }) },
      'server_refused',
      /unexpected response \(status 302\)/,
    ],
    [
      'returns an error',
      {
        answer: () =>
          Response.json({ error: { code: 'loopback_only', message: 'why', requestId: 'r' } }, { status: 403 }),
      },
      'server_refused',
      /returned an error: why \(loopback_only\)/,
    ],
  ])('reports that it %s', async (_, options, code, message) => {
    const { ask } = await setUp(options);
    await expect(ask()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('reports that no server is running if there is no valid entry', async () => {
    const { home, ask, retract } = await setUp();
    await retract();
    await expect(ask()).rejects.toMatchObject({ code: 'server_unreachable' });
    for (const text of ['', '{', '{"format":2}']) {
      await writeFile(join(home.servers, `${process.pid}.json`), text);
      await expect(ask()).rejects.toMatchObject({ code: 'server_unreachable' });
    }
  });
});

describe('a program that took over the port of a server', () => {
  /** Starts it. `seen` collects everything it receives. */
  async function squatter(answer: RouteHandler) {
    const seen: string[] = [];
    const app = new Hono<AppEnv>().all('*', async (context) => {
      const { method, url, raw } = context.req;
      seen.push(method, url, ...[...raw.headers].flat(), await raw.clone().text());
      return await answer(context);
    });
    const { localUrl: url, close } = await listen(app, '127.0.0.1', 0);
    onTestFinished(close);
    return { url, seen };
  }

  const ENDLESS = () =>
    new ReadableStream<Uint8Array>({ pull: (stream) => stream.enqueue(new Uint8Array(1 << 16).fill(32)) });

  it.each<[string, RouteHandler]>([
    [
      'knows no route',
      () => Response.json({ error: { code: 'route_unknown', message: '', requestId: '' } }, { status: 404 }),
    ],
    ['accepts everything', () => Response.json({})],
    ['returns HTML', () => new Response('<h1>')],
    ['returns the nonce', ({ req }) => Response.json({ proof: req.query('nonce') })],
    ['returns another proof', () => Response.json({ proof: 'ab'.repeat(32) })],
    ['returns a short proof', () => Response.json({ proof: '' })],
    ['never stops sending', () => new Response(ENDLESS())],
    ['redirects', () => new Response('', { status: 302, headers: { Location: 'http://127.0.0.1:1/' } })],
  ])('gets no token if it %s', async (_, answer) => {
    const { url, seen } = await squatter(answer);
    const { ask, token, shown } = await setUp({ entry: { url } });
    await expect(ask()).rejects.toMatchObject({
      code: 'server_unproven',
      message: expect.stringContaining(`the program at ${url} did not prove that it is the server of this home folder`),
    });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.join()).not.toContain(token);
    expect(seen.join().toLowerCase()).not.toContain('authorization');
    expect(shown).toEqual([]);
  });

  it('gets no token by passing the question on to the real server', async () => {
    let real = '';
    const { url, seen } = await squatter(({ req }) => fetch(new URL(`${req.path}?nonce=${req.query('nonce')}`, real)));
    const { ask, token, url: realUrl } = await setUp({ entry: { url } });
    real = realUrl;
    await expect(ask()).rejects.toMatchObject({ code: 'server_unproven' });
    expect(seen.join()).not.toContain(token);
  });

  it('gets no token after the server that proved itself has closed the connection', async () => {
    const token = { now: '' };
    const {
      ask,
      shown,
      token: own,
    } = await setUp({
      prove: (context) => {
        context.header('Connection', 'close');
        return proofRoute({ token: token.now })(context);
      },
    });
    token.now = own;
    await expect(ask()).rejects.toMatchObject({ code: 'server_unreachable', message: expect.stringMatching(/closed/) });
    expect(shown).toEqual([]);
  });

  it('doesn’t keep the commands from a server that started later', async () => {
    const { url } = await squatter(() => Response.json({}));
    const { home, ask, shown, token } = await setUp();
    await announceServer(home, { pid: process.ppid, url, certificate: null, since: '2026-11-24T11:00:00Z' });
    expect((await findServer(home))?.url).toBe(url);
    expect((await ask()).answer.code).toBe('1234-5678');
    expect(shown).toEqual([`Bearer ${token}`]);
  });
});

describe('the entry of a running server', () => {
  /** A live process other than this one. */
  const other = process.ppid;
  const entry = { url: 'http://127.0.0.1:1', certificate: null, since: '2026-11-24T13:00:00Z' };

  it('is deleted only by the server that wrote it', async () => {
    const { home, retract } = await setUp();
    const second = await announceServer(home, { ...entry, pid: other });
    await second.retract();
    expect(await readdir(home.servers)).toEqual([`${process.pid}.json`]);
    await retract();
    expect(await readdir(home.servers)).toEqual([]);
  });

  it('doesn’t affect the server that started first, which commands use until it stops', async () => {
    const { home, url, retract } = await setUp();
    const second = await announceServer(home, { ...entry, pid: other });
    expect(second.first).toMatchObject({ pid: process.pid, url });
    expect(await findServer(home)).toMatchObject({ pid: process.pid, url });
    expect((await findServers(home)).map(({ pid }) => pid)).toEqual([process.pid, other]);
    await retract();
    expect(await findServer(home)).toMatchObject({ pid: other, url: entry.url });
  });

  it.each([
    ['its process is gone', { pid: 2 ** 22 + 1 }],
    ['its process ID was reused and nothing listens at its address', { pid: other }],
    ['its process ID was reused and its address is now the new server’s', { pid: other, url: 'http://127.0.0.1:2' }],
  ])('is deleted by the next server if %s', async (_, stale) => {
    const home = new Home(temporaryFolder());
    await announceServer(home, { ...entry, ...stale });
    const next = { url: 'http://127.0.0.1:2', certificate: null, since: '2026-11-24T14:00:00Z', pid: process.pid };
    expect((await announceServer(home, next)).first).toBeUndefined();
    expect(await readdir(home.servers)).toEqual([`${process.pid}.json`]);
  });

  it('fails if it can’t be written', async () => {
    const nowhere = new Home(join(temporaryFolder(), 'none'));
    await expect(announceServer(nowhere, { ...entry, pid: 1 })).rejects.toMatchObject({ code: 'home_unusable' });
  });
});
