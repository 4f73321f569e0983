import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createApp } from '@swipenet/server/app.ts';
import { HTTP_LIMITS, type HttpLimits, listen } from '@swipenet/server/http/listen.ts';
import { photoCrop } from '@swipenet/server/image/photo-bytes.ts';
import type { ChildEngine } from '@swipenet/server/inference/child-engine.ts';
import { openScorer } from '@swipenet/server/inference/open-scorer.ts';
import type { ServedModel } from '@swipenet/server/registry/model-registry.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { testAccess } from '../support/access.ts';
import { appDependencies, TOKEN } from '../support/app-dependencies.ts';
import { onlyForm } from '../support/model-forms.ts';

// Runs the real HTTP app, scorer and batcher on engines that the test controls. Checks how crowds of clients, slow
// clients and disconnecting clients affect the others. Limits are short because this test runs in real time.

const CLIENTS = 1_000;
/** How many photos may be in progress at once (docs/failure-modes.md, `queue_full`). */
const PLACES = 512;

const BOUNDARY = 'x'.repeat(30);
const HEADERS = { Authorization: `Bearer ${TOKEN}`, 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` };
const BODY = [
  `--${BOUNDARY}`,
  'Content-Disposition: form-data; name="photo"; filename="1.jpg"',
  'Content-Type: image/jpeg',
  '',
  'a photo',
  `--${BOUNDARY}--`,
  '',
].join('\r\n');

/** Returns the headers of a request as they go over the wire. */
const headOf = (method: string, path: string, bytes = 0) => {
  const headers = Object.entries({ Host: 'localhost', ...HEADERS, 'Content-Length': bytes });
  return `${method} ${path} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
};

/** Counts the open sockets of this process, the server's and the clients'. */
const openEnds = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

const CROP = photoCrop();
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function setUp(limits: Partial<HttpLimits> = {}) {
  await expect.poll(openEnds).toBe(0); // waits until the previous test's sockets are gone
  let held = Promise.withResolvers<void>();
  const engine = {
    alive: true,
    ready: async () => {},
    run: async (photos: readonly Uint8Array[]) => {
      await held.promise;
      return photos.map(() => ({ like: 0.5, evidence: new Float32Array(49), features: new Float16Array() }));
    },
    close: async () => {},
  };
  const open = await openScorer({
    modelOn: onlyForm({
      manifest: { id: 'fake', model: { sha256: '' }, preprocessing: { resize: 'cover' } },
      modelPath: '',
    } as ServedModel),
    choice: 'cpu',
    cores: 2,
    clock: { now: () => 0, delay: async () => {} },
    openEngine: async () => engine as unknown as ChildEngine,
    preprocess: async () => CROP,
  });
  const { dependencies } = appDependencies({
    score: (photos, options) => open.scorer.score(photos, options),
    access: testAccess({ rate: { perSecond: 1, burst: 100_000 } }),
  });
  const { url, close } = await listen(createApp(dependencies), '127.0.0.1', 0, {
    limits: { ...HTTP_LIMITS, connectionsCheckingInterval: 20, ...limits },
  });
  onTestFinished(close);
  onTestFinished(() => held.resolve());

  /** Sends a request on its own connection. Resolves with its status, error code and `Retry-After`. */
  const ask = (body: string | Uint8Array = BODY) => {
    const { promise, resolve, reject } =
      Promise.withResolvers<[status: number, code?: string, retryAfter?: string | undefined]>();
    const options = { method: 'POST', agent: false, headers: HEADERS };
    const asking = request(url + ROUTES.score.path, options, async (answer) => {
      const { statusCode, headers } = answer;
      const { error } = JSON.parse(await text(answer));
      resolve(error ? [statusCode!, error.code, headers['retry-after']] : [statusCode!]);
    });
    asking.on('error', reject).end(body);
    return { answer: promise, vanish: () => asking.destroy() };
  };
  /** A client that sends exactly these parts. `ended` resolves when its connection closes. */
  const slow = (...parts: string[]) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
    onTestFinished(() => void socket.destroy());
    for (const part of parts) socket.write(part);
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    let received = '';
    socket.on('data', (data) => {
      received += data;
    });
    socket.once('close', () => resolve());
    return { socket, received: () => received, ended };
  };
  return {
    ask,
    slow,
    inFlight: () => open.scorer.stats.photosInFlight,
    hold: () => {
      held = Promise.withResolvers();
    },
    release: () => held.resolve(),
    isReady: async () => (await fetch(url + ROUTES.ready.path, { headers: { Connection: 'close' } })).status === 200,
  };
}

describe('a server under load', () => {
  it('answers or rejects 1,000 concurrent clients, stays ready, and releases all resources afterwards', async () => {
    const { ask, hold, release, inFlight, isReady } = await setUp();
    const round = async () => {
      hold();
      let refused = 0;
      const answers = Array.from({ length: CLIENTS }, async () => {
        const answer = await ask().answer;
        if (answer[0] !== 200) refused += 1;
        return answer;
      });
      await expect.poll(() => [inFlight(), refused], { timeout: 60_000 }).toEqual([PLACES, CLIENTS - PLACES]);
      expect(await isReady()).toBe(true);
      release();
      const counts = Map.groupBy(await Promise.all(answers), (answer) => answer.join(' '));
      expect([...counts].map(([answer, { length }]) => [answer, length]).toSorted()).toEqual([
        ['200', PLACES],
        ['503 queue_full 2', CLIENTS - PLACES],
      ]);
      await expect.poll(openEnds).toBe(0);
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const before = await round(); // the first round also loads and compiles code, which stays in memory
    expect((await round()) - before).toBeLessThan(2_000_000);
    expect(inFlight()).toBe(0);
  });

  it('cuts off dripping bodies, and serves others meanwhile', async () => {
    // The others need time on a busy machine, too.
    const { ask, slow, release, inFlight } = await setUp({ headersTimeout: 1_000, requestTimeout: 1_500 });
    release();
    const head = headOf('POST', ROUTES.score.path, 150_000_000); // five of these wouldn't fit in memory
    const dripping = Array.from({ length: 5 }, () => slow(head, BODY.slice(0, 60)));
    const drips = setInterval(() => {
      for (const { socket } of dripping) socket.write('x');
    }, 10);
    onTestFinished(() => clearInterval(drips));
    let over = false;
    const ended = Promise.all(dripping.map((client) => client.ended)).then(() => {
      over = true;
    });
    while (!over) expect(await ask().answer).toEqual([200]);
    await ended;
    expect(inFlight()).toBe(0);
  });

  it('gives the places of clients that disconnect to others', async () => {
    const { ask, inFlight, release, isReady } = await setUp();
    const clients = Array.from({ length: PLACES }, () => ask());
    for (const { answer } of clients) answer.catch(() => {});
    await expect.poll(inFlight).toBe(PLACES);
    expect(await ask().answer).toEqual([503, 'queue_full', '2']);
    for (const { vanish } of clients) vanish();
    await expect.poll(inFlight).toBe(0);
    const { answer } = ask();
    await expect.poll(inFlight).toBe(1);
    release();
    expect(await answer).toEqual([200]);
    expect(await isReady()).toBe(true);
  });
});
