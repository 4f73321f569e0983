import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sha256 } from '../files/sha256.ts';
import { download } from './download.ts';
import { openUrl, redirectedTo } from './plain-request.ts';

/** A server on this machine. Returns its URL. */
async function serving(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a plain request', () => {
  it('asks for unencoded bytes and returns them', async () => {
    const asked: IncomingHttpHeaders[] = [];
    const url = await serving((request, response) => {
      asked.push(request.headers);
      response.end('content');
    });
    const { status, encoding, body } = await openUrl(url, {});
    expect([status, encoding, String(await buffer(body))]).toEqual([200, undefined, 'content']);
    expect(asked).toMatchObject([{ 'accept-encoding': 'identity' }]);
  });

  it('decodes nothing, and a download refuses an encoded response before it reads a byte', async () => {
    const encoded = brotliCompressSync(Buffer.alloc(1_000_000));
    const url = await serving((_request, response) => {
      response.writeHead(200, { 'Content-Encoding': ' BR ' }).end(encoded);
    });
    const response = await openUrl(url, {});
    expect(response.encoding).toBe('br');
    expect(await buffer(response.body)).toEqual(encoded);
    const file = { url, bytes: encoded.length, sha256: sha256(encoded) };
    await expect(download(file)).rejects.toMatchObject({
      code: 'fetch_failed',
      message: `${url} sent an encoded response (br), although it was asked for a plain one`,
    });
  });

  it('follows redirects, but not without end', async () => {
    const url = await serving(({ url: path = '' }, response) => {
      const left = Number(path.slice(1));
      if (left === 0) response.end('here');
      else response.writeHead(302, { Location: `/${left - 1}` }).end();
    });
    expect(String(await buffer((await openUrl(`${url}/5`, {})).body))).toBe('here');
    await expect(openUrl(`${url}/6`, {})).rejects.toThrow('more than 5 redirects');
  });

  it.each([
    ['https://a.example/x', 'https://b.example/y', 'https://b.example/y'],
    ['https://a.example/x', '/y', 'https://a.example/y'],
    ['http://a.example/x', 'https://b.example/y', 'https://b.example/y'],
    ['https://a.example/x', 'http://a.example/y', undefined],
    ['https://a.example/x', 'file:///etc/passwd', undefined],
    ['http://a.example/x', 'data:,text', undefined],
    ['http://a.example/x', 'http://[', undefined],
  ])('redirected from %s to %s goes to %s', (from, location, expected) => {
    if (expected === undefined) expect(() => redirectedTo(new URL(from), location)).toThrow('it redirects to');
    else expect(redirectedTo(new URL(from), location).href).toBe(expected);
  });
});
