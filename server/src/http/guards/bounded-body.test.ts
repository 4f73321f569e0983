import { describe, expect, it } from 'vitest';
import { boundedBody } from './bounded-body.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Reads a body whose chunks and windows of time the test controls. At least 10 bytes must arrive in each window. */
function setUp({ maxBytes = 1000, keep = (_bytes: number) => {} } = {}) {
  const windows: AbortController[] = [];
  const next: PromiseWithResolvers<Uint8Array | undefined>[] = [];
  const arrival = (at: number) => {
    next[at] ??= Promise.withResolvers();
    return next[at];
  };
  async function* source() {
    for (let at = 0; ; at += 1) {
      const chunk = await arrival(at).promise;
      if (!chunk) return;
      yield chunk;
    }
  }
  const deadline = () => {
    const window = new AbortController();
    windows.push(window);
    return window.signal;
  };
  let received = 0;
  const reading = (async () => {
    const bounds = { maxBytes, minRate: { bytes: 10, windowMs: 5000 }, keep, deadline };
    for await (const chunk of boundedBody(source(), bounds)) received += chunk.length;
    return received;
  })();
  reading.catch(() => {});
  let sent = 0;
  const send = async (bytes: number | undefined) => {
    arrival(sent).resolve(bytes === undefined ? undefined : new Uint8Array(bytes));
    sent += 1;
    await settled();
  };
  const fail = (error: Error) => arrival(sent).reject(error);
  const endWindow = async () => {
    windows.at(-1)?.abort();
    await settled();
  };
  return { reading, send, fail, endWindow, windows, received: () => received };
}

describe('a body', () => {
  it('may take any time if enough of it arrives in each window', async () => {
    const { reading, send, endWindow, windows } = setUp();
    for (let window = 0; window < 20; window += 1) {
      await send(5);
      await send(5);
      await endWindow();
    }
    await send(undefined);
    await expect(reading).resolves.toBe(200);
    expect(windows).toHaveLength(21);
  });

  it('is body_too_slow at the end of a window in which too little arrives, even nothing', async () => {
    const { reading, send, endWindow } = setUp();
    await send(10);
    await endWindow();
    await endWindow();
    await expect(reading).rejects.toMatchObject({ code: 'body_too_slow' });
  });

  it('may end before the window does, with any number of bytes', async () => {
    const { reading, send, endWindow, windows } = setUp();
    await send(1);
    await send(undefined);
    await endWindow();
    await expect(reading).resolves.toBe(1);
    expect(windows).toHaveLength(1);
  });

  it('is body_too_large with the first byte above the limit, and nothing more is read', async () => {
    const { reading, send, received } = setUp({ maxBytes: 20 });
    await send(20);
    await send(1);
    await send(5);
    await expect(reading).rejects.toMatchObject({ code: 'body_too_large' });
    expect(received()).toBe(20);
  });

  it('ends as soon as there is no memory for a chunk', async () => {
    const keep = (bytes: number) => {
      if (bytes > 3) throw new Error('full');
    };
    const { reading, send } = setUp({ keep });
    await send(3);
    await send(4);
    await expect(reading).rejects.toThrow('full');
  });

  it('is request_aborted if the client disconnects', async () => {
    const { reading, send, fail } = setUp();
    await send(3);
    fail(new Error('ECONNRESET'));
    await expect(reading).rejects.toMatchObject({ code: 'request_aborted' });
  });
});
