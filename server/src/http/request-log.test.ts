import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { describe, expect, it } from 'vitest';
import { appDependencies, TOKEN } from '../../../test/support/app-dependencies.ts';
import { createApp } from '../app.ts';
import type { ScoredPhoto } from '../inference/scorer.ts';
import type { AnsweringModel } from './dependencies.ts';

const SECRET = 'photo-bytes-that-nobody-may-see';
const headers = { Authorization: `Bearer ${TOKEN}` };
const photo = {
  like: 0.5,
  evidence: new Float32Array(49),
  features: new Float16Array(),
  decodeMs: 10,
  queueMs: 2.04,
  inferenceMs: 32,
};
const broken: ScoredPhoto = { error: new SwipenetError('photo_empty', 'no bytes') };

function setUp(overrides: Parameters<typeof appDependencies>[0] = {}) {
  const { dependencies, lines } = appDependencies(overrides);
  const app = createApp(dependencies);
  const post = (query = '', photos = 1) => {
    const form = new FormData();
    for (let n = 0; n < photos; n += 1) form.append('photo', new Blob([SECRET]), 'photo.jpg');
    return app.request(ROUTES.score.path + query, { method: 'POST', body: form, headers });
  };
  const scrape = async () => await (await app.request(ROUTES.metrics.path, { headers })).text();
  return { app, lines, post, scrape };
}

/** Returns the HTTP histogram's series without their buckets: `METHOD route status` → count. */
const answered = (text: string) =>
  Object.fromEntries(
    [
      ...text.matchAll(
        /^http_server_request_duration_seconds_count\{http_request_method="(.*?)",http_route="(.*?)",http_response_status_code="(.*?)"\} (\d+)$/gm,
      ),
    ].map(([, method, route, status, count]) => [`${method} ${route} ${status}`, Number(count)]),
  );

describe('the log of a request', () => {
  it('is one line with ID, route, status, time, photos, model and the time of each stage', async () => {
    let ms = 0;
    const now = () => {
      ms += 50;
      return ms;
    };
    const { lines, post } = setUp({ now, score: async () => [photo, broken] });
    const response = await post('', 2);
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        requestId: response.headers.get('x-request-id'),
        method: 'POST',
        route: '/v1/score',
        caller: 'local',
        status: 200,
        ms: expect.any(Number),
        model: 'quality',
        photos: 2,
        photosFailed: 1,
        queueMs: 2,
        decodeMs: 10,
        inferMs: 30,
        msg: 'request',
      },
    ]);
    expect(lines[0]!.ms).toBeGreaterThan(0);
  });

  it('contains no token, photo byte, query or unknown path', async () => {
    const { app, lines, post } = setUp({ score: async () => [photo] });
    await post('?evidence=1&secret-query');
    await app.request('/secret-path/x?secret-query', { headers: { ...headers, Cookie: 'secret-cookie' } });
    await app.request(ROUTES.model.path, { headers: { Authorization: 'Bearer secret-token' } });
    expect(lines).toHaveLength(3);
    expect(JSON.stringify(lines)).not.toMatch(/secret|photo-bytes|a-token|\?/);
  });

  it('has the error code, and is a warning if the error is the server’s fault', async () => {
    const score = async () => {
      throw new SwipenetError('queue_full', 'full');
    };
    const { app, lines, post } = setUp({ score });
    await post();
    await app.request(ROUTES.model.path);
    expect(lines).toMatchObject([
      { level: 'warn', status: 503, code: 'queue_full', route: '/v1/score' },
      { level: 'info', status: 401, code: 'token_missing', route: '/v1/model' },
    ]);
  });

  it('is at debug level for successful probes', async () => {
    let state: 'ready' | 'not_ready' = 'ready';
    const { app, lines } = setUp({ state: () => state });
    await app.request(ROUTES.ready.path);
    state = 'not_ready';
    await app.request(ROUTES.ready.path);
    expect(lines).toMatchObject([
      { level: 'debug', status: 200 },
      { level: 'warn', status: 503, code: 'not_ready' },
    ]);
  });

  it.each([
    ['a short ID of letters, digits, - _ and =', 'Trace-01_x=', true],
    ['an ID of 64 characters', 'a'.repeat(64), true],
    ['an ID of 65 characters', 'a'.repeat(65), false],
    ['an ID with a space', 'a b', false],
    ['an ID with a quote', 'a"b', false],
    ['an ID with a slash', '../x', false],
    ['an ID with a letter outside ASCII', 'é', false],
  ])('keeps %s: %s', async (_name, id, kept) => {
    const { app, lines } = setUp();
    const response = await app.request(ROUTES.health.path, { headers: { 'X-Request-Id': id } });
    const answered = response.headers.get('x-request-id');
    expect(answered === id).toBe(kept);
    if (!kept) expect(answered).toMatch(/^[0-9a-f-]{36}$/);
    expect(lines[0]!.requestId).toBe(answered);
  });
});

describe('the metrics of requests', () => {
  it('count requests by method, route template and status', async () => {
    const { app, post, scrape } = setUp({ score: async () => [photo, photo, broken] });
    await post('', 3);
    await post('?evidence=1', 3);
    await post('?evidence=no', 3);
    await app.request(ROUTES.model.path);
    await app.request('/demo/photos/p1-1/99.jpg');
    const text = await scrape();
    expect(answered(text)).toEqual({
      'POST /v1/score 200': 2,
      'POST /v1/score 400': 1,
      'GET /v1/model 401': 1,
      'GET /demo/photos/:profile/:file 404': 1,
    });
    expect(text).toMatch(/^nv_inference_request_success\{model="quality",version="\w{12}"\} 2$/m);
    expect(text).toMatch(/^swipenet_photos_failed_total\{.*code="photo_empty"\} 2$/m);
    expect(text).toMatch(/^nv_inference_request_failure\{.*reason="OTHER"\} 0$/m);
  });

  it('don’t grow with unknown paths and methods, which share one series each', async () => {
    const { app, scrape } = setUp();
    for (let n = 0; n < 30; n += 1) {
      await app.request(`/made-up/${n}?x=${n}`);
      await app.request(ROUTES.score.path, { method: `MADE${n}` });
      await app.request(`${ROUTES.docs.path}/${n}`);
      await app.request(`/demo/${n}.js`);
    }
    expect(answered(await scrape())).toEqual({
      'GET unmatched 404': 60,
      '_OTHER unmatched 404': 30,
      'GET /demo/:file 404': 30,
    });
  });

  it.each([
    ['engine_failed', 'BACKEND'],
    ['queue_full', 'REJECTED'],
  ] as const)('count a request that ends with %s as %s', async (code, reason) => {
    const score = async () => {
      throw new SwipenetError(code, 'why');
    };
    const { post, scrape } = setUp({ score });
    await post();
    const text = await scrape();
    expect(text).toMatch(new RegExp(`^nv_inference_request_failure\\{.*reason="${reason}"\\} 1$`, 'm'));
    expect(text).toMatch(/^nv_inference_pending_request_count\{.*\} 0$/m);
  });

  it('count a response that fails after scoring as a failure', async () => {
    const { lines, post, scrape } = setUp({ score: async () => [photo, photo] });
    expect((await post()).status).toBe(500);
    const text = await scrape();
    expect(text).toMatch(/^nv_inference_request_success\{.*\} 0$/m);
    expect(text).toMatch(/^nv_inference_request_failure\{.*reason="OTHER"\} 1$/m);
    expect(lines[0]).toMatchObject({ status: 500, code: 'internal' });
  });

  it('count a request whose client disconnected as CANCELED', async () => {
    const client = new AbortController();
    const score: AnsweringModel['scorer']['score'] = async (_photos, { signal }) => {
      client.abort();
      throw signal.reason;
    };
    const { app, scrape } = setUp({ score });
    const form = new FormData();
    form.append('photo', new Blob([SECRET]), 'photo.jpg');
    const { signal } = client;
    await app.request(
      new Request(`http://localhost${ROUTES.score.path}`, { method: 'POST', body: form, headers, signal }),
    );
    expect(await scrape()).toMatch(/^nv_inference_request_failure\{.*reason="CANCELED"\} 1$/m);
  });

  it('count a request as pending until one of its photos reaches an engine', async () => {
    const { promise: go, resolve } = Promise.withResolvers<void>();
    const { promise: end, resolve: finish } = Promise.withResolvers<void>();
    const score: AnsweringModel['scorer']['score'] = async (_photos, { onStart }) => {
      await go;
      onStart?.();
      await end;
      return [photo];
    };
    const { post, scrape } = setUp({ score });
    const pending = async () => /^nv_inference_pending_request_count\{.*\} (\d)$/m.exec(await scrape())?.[1];
    const answering = post();
    await expect.poll(pending, { interval: 1 }).toBe('1');
    resolve();
    await expect.poll(pending, { interval: 1 }).toBe('0');
    finish();
    expect((await answering).status).toBe(200);
    expect(await pending()).toBe('0');
  });

  it('need a token, unless the server runs with --metrics-open', async () => {
    const closed = setUp();
    expect((await closed.app.request(ROUTES.metrics.path)).status).toBe(401);
    const open = setUp({ metricsOpen: true });
    const response = await open.app.request(ROUTES.metrics.path);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect((await open.app.request(ROUTES.status.path)).status).toBe(401);
  });
});

describe('the health checks', () => {
  it.each([
    ['health', { status: 'ok' }],
    ['live', { live: true }],
  ] as const)('%s returns 200 in every state', async (name, answer) => {
    for (const state of ['ready', 'not_ready', 'shutting_down'] as const) {
      const response = await setUp({ state: () => state }).app.request(ROUTES[name].path);
      expect([response.status, await response.json()]).toEqual([200, answer]);
    }
  });

  it.each(['not_ready', 'shutting_down'] as const)('ready returns 503 in the state %s', async (state) => {
    const response = await setUp({ state: () => state }).app.request(ROUTES.ready.path);
    expect([response.status, await response.json()]).toMatchObject([503, { error: { code: state } }]);
  });
});
