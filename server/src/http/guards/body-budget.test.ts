import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { AppEnv } from '../dependencies.ts';
import { errorHandler } from '../errors.ts';
import { bodyBudget } from './body-budget.ts';

function setUp() {
  const app = new Hono<AppEnv>();
  const waiting: PromiseWithResolvers<void>[] = [];
  app.use(bodyBudget({ maxBytes: 100, maxBodyBytes: 80 }));
  app.post('/', async ({ body }) => {
    const gate = Promise.withResolvers<void>();
    waiting.push(gate);
    await gate.promise;
    return body('done');
  });
  app.get('/', ({ body }) => body('done'));
  app.onError(errorHandler({ report: () => {} }));
  const post = (bytes: number | undefined) =>
    app.request('/', {
      method: 'POST',
      body: 'x',
      headers: bytes === undefined ? {} : { 'Content-Length': String(bytes) },
    });
  return { app, post, waiting };
}

describe('the memory budget for bodies', () => {
  it('rejects a body that would exceed it immediately, and accepts it when there is room again', async () => {
    const { post, waiting } = setUp();
    const first = post(60);
    expect((await post(60)).status).toBe(503);
    const second = post(40);
    for (const gate of waiting) gate.resolve();
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
    const third = post(60);
    await Promise.resolve();
    waiting.at(-1)?.resolve();
    expect((await third).status).toBe(200);
  });

  it('releases the memory of a failed request', async () => {
    const { post, waiting } = setUp();
    const failing = post(100);
    waiting[0]?.reject(new Error('failed'));
    expect((await failing).status).toBe(500);
    const next = post(100);
    waiting[1]?.resolve();
    expect((await next).status).toBe(200);
  });

  it('leaves a body that is too large on its own to the limit for single bodies', async () => {
    const { post, waiting } = setUp();
    const tooLarge = post(500);
    waiting[0]?.resolve();
    expect((await tooLarge).status).toBe(200);
  });

  it('counts a body of unknown length as the largest allowed, and a request without a body as zero', async () => {
    const { app, post, waiting } = setUp();
    const first = post(undefined);
    expect((await post(30)).status).toBe(503);
    expect((await app.request('/')).status).toBe(200);
    waiting[0]?.resolve();
    await first;
  });
});
