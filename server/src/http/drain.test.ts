import { Agent, createServer, get, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { drainable } from './drain.ts';

async function setUp(handler: RequestListener) {
  const server = createServer(handler);
  const drain = drainable(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  const ask = () =>
    new Promise<IncomingMessage>((resolve, reject) => get({ port, agent }, resolve).once('error', reject)).then(
      (response) => {
        response.resume();
        return response;
      },
    );
  return { drain, ask, port };
}

describe('a drain', () => {
  it('answers the requests that have arrived and then ends, even with keep-alive connections', async () => {
    const arrived = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const { drain, ask } = await setUp((_request, response) => {
      arrived.resolve();
      void finish.promise.then(() => response.end('answer'));
    });
    const asking = ask();
    await arrived.promise;
    const draining = drain();
    finish.resolve();
    expect((await asking).statusCode).toBe(200);
    await draining;
    await expect(ask()).rejects.toThrow('ECONNREFUSED');
  });

  it('ends immediately if no request is in progress, even with open connections', async () => {
    const { drain, ask, port } = await setUp((_request, response) => response.end('answer'));
    await ask();
    const halfSent = connect(port, '127.0.0.1');
    halfSent.on('error', () => {});
    await new Promise<void>((resolve) => halfSent.write('GET / HTTP/1.1\r\nHost: x\r\n', () => resolve()));
    await drain();
  });

  it('cuts off a client that is still sending its request after 2 s', async () => {
    const arrived = Promise.withResolvers<void>();
    const { drain, port } = await setUp((request) => {
      request.on('error', () => {});
      arrived.resolve();
    });
    const slow = connect(port, '127.0.0.1');
    slow.on('error', () => {});
    slow.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc');
    await arrived.promise;
    vi.useFakeTimers();
    const draining = drain();
    vi.advanceTimersByTime(2_000);
    vi.useRealTimers();
    await draining;
  });
});
