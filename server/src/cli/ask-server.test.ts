import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readyAnswerSchema } from '@swipenet/shared/contract/status.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../../test/support/free-port.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { askServer } from './ask-server.ts';

const json =
  (status: number, answer: unknown): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  };

/** Asks a server of the test's own with the token `a-token-of-this-home`. */
async function ask(answer: RequestListener, home = temporaryFolder()) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  writeFileSync(join(home, 'token'), 'a-token-of-this-home\n');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return await askServer({ url, home }, 'ready', readyAnswerSchema);
}

describe('a running server that is asked', () => {
  it('gets the token of the home and its answer is parsed', async () => {
    const seen: unknown[] = [];
    const answer = await ask(({ method, url, headers }, response) => {
      seen.push([method, url, headers.authorization]);
      response.end('{"ready": true}');
    });
    expect(answer).toEqual({ ready: true });
    expect(seen).toEqual([['GET', '/v2/health/ready', 'Bearer a-token-of-this-home']]);
  });

  it('is told in its own words when it refuses', async () => {
    const error = { code: 'token_invalid', message: 'the token is not this server’s', requestId: 'x' };
    await expect(ask(json(401, { error }))).rejects.toMatchObject({
      code: 'server_refused',
      message: expect.stringContaining('answers 401: the token is not this server’s (token_invalid)'),
    });
  });

  it.each<[string, RequestListener]>([
    ['another program’s JSON', json(200, { hello: 'world' })],
    ['no JSON', (_request, response) => response.end('<html>')],
  ])('is no server of this version when it answers %s', async (_name, answer) => {
    await expect(ask(answer)).rejects.toMatchObject({ code: 'server_refused' });
  });

  it('sends the token nowhere else by a redirect', async () => {
    const answer: RequestListener = (_request, response) =>
      response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end();
    await expect(ask(answer)).rejects.toMatchObject({ code: 'server_unreachable' });
  });

  it('is not asked without a token', async () => {
    const asking = askServer({ url: 'http://127.0.0.1:1', home: temporaryFolder() }, 'ready', readyAnswerSchema);
    await expect(asking).rejects.toMatchObject({ code: 'home_unusable', message: expect.stringContaining('ENOENT') });
  });

  it('is unreachable where nothing listens, with the system’s code', async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, 'token'), 'a-token-of-this-home\n');
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(askServer({ url, home }, 'ready', readyAnswerSchema)).rejects.toMatchObject({
      code: 'server_unreachable',
      message: `no server answers on ${url} (ECONNREFUSED)`,
    });
  });
});
