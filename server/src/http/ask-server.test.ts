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
import { readOrCreateToken } from '../home/token.ts';
import { askServer } from './ask-server.ts';
import type { AppEnv } from './dependencies.ts';
import { listen } from './listen.ts';
import { readTls } from './tls.ts';

let certificates: Certificate[];
beforeAll(async () => {
  certificates = await Promise.all([selfSignedCertificate(['some.name']), selfSignedCertificate(['some.name'])]);
});

/** A server that runs with a home, answering as it is told; it keeps the tokens it was shown. */
async function setUp({
  answer,
  tls: withTls,
  word,
}: {
  answer?: () => Response;
  tls?: boolean;
  word?: Partial<RunningServer>;
} = {}) {
  const home = new Home(temporaryFolder());
  const token = await readOrCreateToken(home);
  const shown: (string | undefined)[] = [];
  const app = new Hono<AppEnv>().post(ROUTES.pairingCode.path, ({ req, json }) => {
    shown.push(req.header('Authorization'));
    return answer?.() ?? json({ code: '1234-5678', expiresInS: 300 });
  });
  const tls = withTls ? await certificateIn(home, certificates[0]!) : undefined;
  const listening = await listen(app, '127.0.0.1', 0, { tls });
  onTestFinished(listening.close);
  const { takeBack } = await announceServer(home, {
    pid: process.pid,
    url: listening.localUrl,
    certificate: tls?.fingerprint ?? null,
    since: '2026-11-24T12:00:00Z',
    ...word,
  });
  const ask = () => askServer(home, 'pairingCode', pairingCodeAnswerSchema);
  return { home, token, shown, ask, takeBack, url: listening.localUrl };
}

async function certificateIn(home: Home, { cert, key }: Certificate) {
  const folder = join(home.folder, 'tls');
  await mkdir(folder, { recursive: true });
  await Promise.all([writeFile(join(folder, 'cert'), cert), writeFile(join(folder, 'key'), key)]);
  return await readTls(join(folder, 'cert'), join(folder, 'key'));
}

describe('a command that asks the running server', () => {
  it('finds it by its home, and shows it the local token', async () => {
    const { ask, shown, token } = await setUp();
    expect((await ask()).answer).toEqual({ code: '1234-5678', expiresInS: 300 });
    expect(shown).toEqual([`Bearer ${token}`]);
  });

  it('takes its certificate though nobody signed it and it is for another name', async () => {
    const { ask, shown, token } = await setUp({ tls: true });
    expect((await ask()).answer.code).toBe('1234-5678');
    expect(shown).toEqual([`Bearer ${token}`]);
  });

  it('shows its token to no other certificate', async () => {
    const other = await certificateIn(new Home(temporaryFolder()), certificates[1]!);
    const { ask, shown } = await setUp({ tls: true, word: { certificate: other!.fingerprint } });
    await expect(ask()).rejects.toMatchObject({
      code: 'server_unreachable',
      message: expect.stringMatching(/another certificate/),
    });
    expect(shown).toEqual([]);
  });

  it.each<[string, Parameters<typeof setUp>[0], CommandErrorCode, RegExp]>([
    ['was killed', { word: { pid: 2 ** 22 + 1 } }, 'server_unreachable', /no server runs/],
    ['does not listen', { word: { url: 'http://127.0.0.1:1' } }, 'server_unreachable', /not answer: .*ECONNREFUSED/],
    ['answers with something else', { answer: () => new Response('<h1>') }, 'server_refused', /200 with what is no/],
    ['answers with other JSON', { answer: () => Response.json({ hello: 'world' }) }, 'server_refused', /200 with what/],
    [
      'sends on to another address',
      { answer: () => new Response('', { status: 302, headers: { Location: 'http://127.0.0.1:1/' } }) },
      'server_refused',
      /answered 302/,
    ],
    [
      'refuses',
      {
        answer: () =>
          Response.json({ error: { code: 'loopback_only', message: 'why', requestId: 'r' } }, { status: 403 }),
      },
      'server_refused',
      /refused: why \(loopback_only\)/,
    ],
  ])('says so when it %s', async (_, options, code, message) => {
    const { ask } = await setUp(options);
    await expect(ask()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('says so when there is none, never was one, or what it left is not understood', async () => {
    const { home, ask, takeBack } = await setUp();
    await takeBack();
    await expect(ask()).rejects.toMatchObject({ code: 'server_unreachable' });
    for (const text of ['', '{', '{"format":2}']) {
      await writeFile(join(home.servers, `${process.pid}.json`), text);
      await expect(ask()).rejects.toMatchObject({ code: 'server_unreachable' });
    }
  });
});

describe('the word of a running server', () => {
  /** A process that lives, and is not this one. */
  const other = process.ppid;
  const word = { url: 'http://127.0.0.1:1', certificate: null, since: '2026-11-24T13:00:00Z' };

  it('is taken back by the server that left it, and by no other', async () => {
    const { home, takeBack } = await setUp();
    const second = await announceServer(home, { ...word, pid: other });
    await second.takeBack();
    expect(await readdir(home.servers)).toEqual([`${process.pid}.json`]);
    await takeBack();
    expect(await readdir(home.servers)).toEqual([]);
  });

  it('stands beside that of the first, which the commands go on speaking to until it ends', async () => {
    const { home, url, takeBack } = await setUp();
    const second = await announceServer(home, { ...word, pid: other });
    expect(second.first).toMatchObject({ pid: process.pid, url });
    expect(await findServer(home)).toMatchObject({ pid: process.pid, url });
    expect((await findServers(home)).map(({ pid }) => pid)).toEqual([process.pid, other]);
    await takeBack();
    expect(await findServer(home)).toMatchObject({ pid: other, url: word.url });
  });

  it.each([
    ['process is gone', { pid: 2 ** 22 + 1 }],
    ['process’s number is another’s, for nothing listens there', { pid: other }],
    ['process’s number is another’s, for its address is the new server’s', { pid: other, url: 'http://127.0.0.1:2' }],
  ])('goes with the next server where the %s', async (_, stale) => {
    const home = new Home(temporaryFolder());
    await announceServer(home, { ...word, ...stale });
    const next = { url: 'http://127.0.0.1:2', certificate: null, since: '2026-11-24T14:00:00Z', pid: process.pid };
    expect((await announceServer(home, next)).first).toBeUndefined();
    expect(await readdir(home.servers)).toEqual([`${process.pid}.json`]);
  });

  it('says so where it cannot be left', async () => {
    const nowhere = new Home(join(temporaryFolder(), 'none'));
    await expect(announceServer(nowhere, { ...word, pid: 1 })).rejects.toMatchObject({ code: 'home_unusable' });
  });
});
