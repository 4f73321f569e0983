import { get } from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { rootCertificates } from 'node:tls';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { selfSignedCertificate } from '../../../test/twins/certificate.ts';
import type { AppEnv } from './dependencies.ts';
import { HTTP_LIMITS, type HttpLimits, listen } from './listen.ts';

// Checks what node:http promises at the socket, with short limits because these tests run in real time.

async function setUp(limits: Partial<HttpLimits> = {}) {
  const app = new Hono<AppEnv>();
  const aborted = Promise.withResolvers<void>();
  app.get('/', ({ text }) => text('answer'));
  app.post('/', async ({ req, text }) => text(String((await req.arrayBuffer()).byteLength)));
  app.post('/watched', async ({ req, text }) => {
    req.raw.signal.addEventListener('abort', () => aborted.resolve());
    await req.arrayBuffer().catch(() => {});
    return text('');
  });
  app.get('/never', () => new Promise<Response>(() => {}));
  const cut = Promise.withResolvers<void>();
  app.get('/endless', ({ body }) => {
    const pull = (out: ReadableStreamDefaultController) => out.enqueue(new Uint8Array(65_536));
    return body(new ReadableStream({ pull, cancel: () => cut.resolve() }));
  });
  app.onError((_, { text }) => text('aborted', 500));
  const listening = await listen(app, '127.0.0.1', 0, {
    limits: { ...HTTP_LIMITS, connectionsCheckingInterval: 20, ...limits },
  });
  const port = Number(new URL(listening.url).port);
  const sockets: Socket[] = [];
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await listening.close();
  });
  /** A client that sends exactly these parts; resolves when it is connected. */
  const client = async (...parts: string[]) => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    sockets.push(socket);
    let received = '';
    socket.on('data', (data) => {
      received += data;
    });
    const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
    await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
    for (const part of parts) socket.write(part);
    return { socket, ended };
  };
  const ask = () => fetch(listening.url, { headers: { Connection: 'close' } }).then((response) => response.text());
  return { ask, client, aborted, cut, listening };
}

const HEAD = 'POST / HTTP/1.1\r\nHost: localhost\r\n';

describe('a connection', () => {
  it('closes if no request ever comes', async () => {
    const { client } = await setUp({ headersTimeout: 60, requestTimeout: 100 });
    await (await client()).ended;
  });

  it('closes with a 408 if the headers come too slowly, however steadily they drip', async () => {
    const { client } = await setUp({ headersTimeout: 60, requestTimeout: 10_000 });
    const { socket, ended } = await client('GET / HTTP/1.1\r\nHost: localhost\r\n');
    const drip = setInterval(() => socket.write('X: y\r\n'), 10);
    onTestFinished(() => clearInterval(drip));
    expect(await ended).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('closes if the body comes too slowly, however steadily it drips', async () => {
    const { client } = await setUp({ headersTimeout: 60, requestTimeout: 100 });
    const { socket, ended } = await client(`${HEAD}Content-Length: 1000000\r\n\r\n`);
    const drip = setInterval(() => socket.write('x'), 10);
    onTestFinished(() => clearInterval(drip));
    await ended;
  });

  it('closes after a while without another request', async () => {
    const { client } = await setUp({ keepAliveTimeout: 40, keepAliveTimeoutBuffer: 0 });
    const { ended } = await client('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await ended).toMatch(/answer$/);
  });

  it('closes if no data moves at all, even with a request in progress', async () => {
    const { client } = await setUp({ timeout: 60 });
    expect(await (await client('GET /never HTTP/1.1\r\nHost: localhost\r\n\r\n')).ended).toBe('');
  });

  it('closes if the client doesn’t read the response, while others are served', async () => {
    const { client, ask, cut } = await setUp({ timeout: 500 }); // other clients share the limit and need time on a busy machine
    const { socket } = await client('GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n');
    socket.pause();
    let over = false;
    const ended = cut.promise.then(() => {
      over = true;
    });
    while (!over) expect(await ask()).toBe('answer');
    await ended;
  });

  it('aborts the work if the client disconnects in the middle of a body', async () => {
    const { client, aborted, ask } = await setUp();
    const { socket } = await client('POST /watched HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc');
    expect(await ask()).toBe('answer'); // by now the first request is in the handler
    socket.destroy();
    await aborted.promise;
    expect(await ask()).toBe('answer');
  });

  it.each([
    ['headers of 20 kB', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['no HTTP at all', '\u0016\u0003\u0001 hello\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['two lengths', `${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx`, /^HTTP\/1\.1 400 /],
    [
      'a length and chunks',
      `${HEAD}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      /^HTTP\/1\.1 400 /,
    ],
  ])('with %s is rejected, and the server keeps running', async (_, text, answer) => {
    const { client, ask } = await setUp();
    expect(await (await client(text)).ended).toMatch(answer);
    expect(await ask()).toBe('answer');
  });

  it('beyond the limit is closed immediately, and is accepted once another one closes', async () => {
    const { client, ask } = await setUp({ maxConnections: 3 });
    const held = [await client(), await client(), await client()];
    expect(await (await client('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')).ended).toBe('');
    await expect(ask()).rejects.toThrow();
    held[0]!.socket.destroy();
    await expect.poll(() => ask().catch(() => ''), { interval: 5 }).toBe('answer');
  });

  it('closes after its maximum number of requests, however many are queued', async () => {
    const { client, ask } = await setUp({ maxRequestsPerSocket: 3 });
    const text = await (await client('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(50))).ended;
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(Array(3).fill('HTTP/1.1 200'));
    expect(await ask()).toBe('answer');
  });

  it('is served even with a thousand slow ones open', async () => {
    const { client, ask } = await setUp();
    const slow = await Promise.all(Array.from({ length: 1_000 }, () => client(`${HEAD}Content-Length: 100\r\n\r\nx`)));
    expect(await ask()).toBe('answer');
    expect(slow.every(({ socket }) => !socket.destroyed)).toBe(true);
  });
});

describe('the server’s default limits', () => {
  it('are as documented: a request within 30 s, its headers within 10 s, checked every second', () => {
    const { requestTimeout, headersTimeout, connectionsCheckingInterval, maxConnections } = HTTP_LIMITS;
    expect([requestTimeout, headersTimeout, connectionsCheckingInterval]).toEqual([30_000, 10_000, 1_000]);
    expect(maxConnections).toBeGreaterThan(1_000);
    expect(HTTP_LIMITS.timeout).toBeGreaterThan(requestTimeout);
  });
});

describe('a server with a certificate', () => {
  it('speaks only HTTPS', async () => {
    const { cert, key } = await selfSignedCertificate(['localhost']);
    const app = new Hono<AppEnv>().get('/', ({ text }) => text('answer'));
    const listening = await listen(app, '127.0.0.1', 0, { tls: { cert, key, fingerprint: '' } });
    onTestFinished(listening.close);
    const ask = (ca: string[]) =>
      new Promise<number | undefined>((resolve, reject) => {
        const options = { ca, servername: 'localhost', agent: false } as const;
        get(listening.url, options, (response) => resolve(response.resume().statusCode)).once('error', reject);
      });
    expect(listening.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(await ask([cert])).toBe(200);
    await expect(ask([...rootCertificates])).rejects.toThrow();
    await expect(fetch(listening.url.replace('https', 'http'))).rejects.toThrow();
  });
});

describe('the address', () => {
  it('includes one for this machine if the server listens on all addresses', async () => {
    const listening = await listen(new Hono<AppEnv>(), '0.0.0.0', 0);
    onTestFinished(listening.close);
    expect(listening).toMatchObject({
      url: expect.stringMatching(/^http:\/\/0\.0\.0\.0:\d+$/),
      localUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
  });

  it('can’t have a port that is already in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    await expect(listen(new Hono<AppEnv>(), '127.0.0.1', port)).rejects.toMatchObject({ code: 'port_taken' });
  });
});
