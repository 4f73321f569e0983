import { connect } from 'node:net';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OWNER } from '../../fairness/fair-shares.ts';
import type { AppEnv } from '../dependencies.ts';
import { errorHandler } from '../errors.ts';
import { listen } from '../listen.ts';
import { bodyGuards } from './body-bounds.ts';

const never = new AbortController().signal;

/** An app with room for 1000 bytes of bodies, half of them the owner's. Each request waits until the test answers it. */
function setUp() {
  const app = new Hono<AppEnv>();
  const read: (PromiseWithResolvers<void> & { caller: string })[] = [];
  app.post(
    '/',
    async (context, next) => {
      context.set('caller', context.req.header('X-Caller') ?? OWNER);
      await next();
    },
    bodyGuards({ deadline: () => never }, { bytesAtOnce: 1000, minRate: { bytes: 1, windowMs: 1 } })('score'),
    async (context) => {
      let bytes = 0;
      for await (const chunk of context.get('body')) bytes += chunk.length;
      const gate = { ...Promise.withResolvers<void>(), caller: context.get('caller') };
      read.push(gate);
      await gate.promise;
      return context.text(String(bytes));
    },
  );
  app.onError(errorHandler({ report: () => {} }));
  const post = async (caller: string, body: number | ReadableStream<Uint8Array>, announced?: number) => {
    const headers = { 'X-Caller': caller, ...(announced && { 'Content-Length': String(announced) }) };
    const bytes = typeof body === 'number' ? new Uint8Array(body) : body;
    return (await app.request('/', { method: 'POST', body: bytes, headers, duplex: 'half' } as RequestInit)).status;
  };
  const arrived = async (count: number) => {
    while (read.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  const answer = (caller: string) => {
    for (const gate of read) if (gate.caller === caller) gate.resolve();
  };
  return { post, arrived, answer, read };
}

/** A body that sends some bytes and then nothing. */
const stalled = (bytes: number) =>
  new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(bytes)),
    pull: () => new Promise(() => {}),
  });

describe('the memory for bodies', () => {
  it('counts what has arrived, and not what is announced', async () => {
    const { post, arrived, answer } = setUp();
    for (let body = 0; body < 10; body += 1) void post('a', stalled(1), 200);
    const own = post(OWNER, 600);
    const ofAnother = post('b', 200);
    await arrived(2);
    answer(OWNER);
    answer('b');
    expect([await own, await ofAnother]).toEqual([200, 200]);
  });

  it('has a share for each device, and always room for the owner', async () => {
    const { post, arrived, answer } = setUp();
    void post('a', 400);
    await arrived(1);
    expect([await post('a', 50), await post('b', 100)]).toEqual([503, 503]);
    void post('b', 80);
    void post(OWNER, 500);
    await arrived(3);
    expect(await post(OWNER, 100)).toBe(503);
    answer('a');
    answer(OWNER);
  });

  it('is released when the request is answered or fails', async () => {
    const { post, arrived, answer, read } = setUp();
    for (let round = 1; round <= 3; round += 1) {
      const body = post(OWNER, 1000);
      await arrived(round);
      if (round === 2) read[1]!.reject(new Error('failed'));
      answer(OWNER);
      expect(await body).toBe(round === 2 ? 500 : 200);
    }
  });

  it('refuses a body that is announced and doesn’t fit before it reads it', async () => {
    const { post } = setUp();
    expect(await post('a', stalled(0), 450)).toBe(503);
    expect(await post(OWNER, stalled(0), 300_000_000)).toBe(413);
  });
});

describe('the chunks of a body', () => {
  /** Posts a chunked body with chunks of one size. Returns the response and how many bytes the client could send. */
  async function postChunks(size: number, bytes: number) {
    const app = new Hono<AppEnv>();
    app.post('/', bodyGuards({ deadline: () => never })('score'), async (context) => {
      let received = 0;
      for await (const chunk of context.get('body')) received += chunk.length;
      return context.text(`received ${received}`);
    });
    app.onError(errorHandler({ report: () => {} }));
    const { url, close } = await listen(app, '127.0.0.1', 0);
    onTestFinished(close);
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
    const chunk = `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`;
    const some = Buffer.from(chunk.repeat(Math.ceil(20_000 / chunk.length)));
    const count = Math.ceil(bytes / size / Math.ceil(20_000 / chunk.length));
    let text = '';
    socket.setEncoding('latin1').on('data', (part: string) => {
      text += part;
    });
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n');
    for (let sent = 0; sent < count; sent += 1) socket.write(some);
    socket.write('0\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    return text;
  }

  it('may be large, or tiny in a small body', async () => {
    expect(await postChunks(10_000, 1_000_000)).toMatch(/^HTTP\/1.1 200 .*received 1000000/s);
    expect(await postChunks(1, 10_000)).toMatch(/^HTTP\/1.1 200 .*received \d/s);
  });

  it('can’t be tiny in a large body, which would take seconds to read', async () => {
    expect(await postChunks(1, 1_000_000)).toMatch(/^HTTP\/1.1 400 .*Connection: close.*body_malformed/is);
  });
});
