import { expect, it, vi } from 'vitest';
import { ApiClient } from './api-client.ts';
import { isPermanent, ProblemError } from './problem.ts';

const SERVER = { address: 'http://127.0.0.1:8787', token: 'secret' };
const MODEL = {
  contract: 1,
  id: 'quality',
  architecture: 'googlenet',
  classes: ['NOPE', 'LIKE'],
  sha256: 'ab',
  threshold: 0.4,
  device: { name: 'cpu', executionProvider: 'CPUExecutionProvider', reason: 'r', engines: 1, threadsPerEngine: 1 },
};
const SCORE = {
  requestId: 'r',
  model: 'quality',
  threshold: 0.4,
  photos: [{ index: 0, like: 0.9, label: 'LIKE' }],
  decision: { swipe: 'right', reason: 'like_found', photo: 0 },
  timings: { decodeMs: 1, inferenceMs: 1, totalMs: 2 },
};

function clientOf(answer: () => Response | Promise<Response>, server = SERVER) {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => await answer());
  return { fetch, client: new ApiClient(server, { fetch, deadline: () => new AbortController().signal }) };
}

const envelope = (code: string) => ({ error: { code, message: 'said', requestId: 'r' } });

/** An answer that isn't the server's. */
const html = (status: number, headers: HeadersInit = {}) => new Response('<h1>Error</h1>', { status, headers });

/** A redirect that wasn't followed. Only browsers make such responses. */
const opaqueRedirect = () => Object.defineProperties(Response.error(), { type: { value: 'opaqueredirect' } });

async function problemOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof ProblemError ? error.problem : error;
}

it('sends the token but no cookies, and follows no redirects', async () => {
  const { client, fetch } = clientOf(() => Response.json(MODEL));
  expect((await client.model()).id).toBe('quality');
  const [url, init] = fetch.mock.calls[0]!;
  expect(url).toBe('http://127.0.0.1:8787/v1/model');
  expect(init).toMatchObject({
    headers: { Authorization: 'Bearer secret' },
    credentials: 'omit',
    redirect: 'manual',
  });
});

it('sends the photos in order with their count and priority, and the threshold only if one is set', async () => {
  const { client, fetch } = clientOf(() => Response.json(SCORE));
  await client.score({
    photos: [{ bytes: new Uint8Array([1]) }, { bytes: new Uint8Array([2, 3]) }],
    photoCount: 4,
    threshold: null,
    priority: 'now',
    learn: false,
  });
  await client.score({
    photos: [{ bytes: new Uint8Array([1]) }],
    photoCount: 1,
    threshold: 0.5,
    priority: 'ahead',
    learn: true,
  });
  const [first, second] = fetch.mock.calls.map(([, init]) => init?.body as FormData);
  expect(first!.getAll('photo').map((file) => (file as File).size)).toEqual([1, 2]);
  expect(first!.get('photoCount')).toBe('4');
  expect(first!.get('priority')).toBe('now');
  expect(second!.get('priority')).toBe('ahead');
  expect(first!.get('threshold')).toBeNull();
  expect(second!.get('threshold')).toBe('0.5');
  expect([first!.get('learn'), second!.get('learn')]).toEqual([null, '1']);
});

it('sends no request without a token', async () => {
  const { client, fetch } = clientOf(() => Response.json(MODEL), { ...SERVER, token: '' });
  expect(await problemOf(client.model())).toEqual({ reason: 'token_missing' });
  expect(fetch).not.toHaveBeenCalled();
});

it.each([
  ['a wrong token', () => Response.json(envelope('token_invalid'), { status: 401 }), { reason: 'token_wrong' }],
  [
    'a full queue with a Retry-After header',
    () => Response.json(envelope('queue_full'), { status: 503, headers: { 'Retry-After': '2' } }),
    { reason: 'server_busy', retryAfterMs: 2000 },
  ],
  [
    'a full queue without a Retry-After header',
    () => Response.json(envelope('queue_full'), { status: 503 }),
    { reason: 'server_busy' },
  ],
  [
    'an exceeded rate limit',
    () => Response.json(envelope('rate_limited'), { status: 429, headers: { 'Retry-After': '1' } }),
    { reason: 'server_busy', retryAfterMs: 1000 },
  ],
  ['an internal server error', () => Response.json(envelope('internal'), { status: 500 }), { reason: 'server_failed' }],
  [
    'a rejected request',
    () => Response.json(envelope('photo_too_large'), { status: 413 }),
    { reason: 'server_refused', detail: 'photo_too_large' },
  ],
  ['a photo limit of a proxy', () => html(413), { reason: 'proxy_body_limit', detail: '413' }],
  ['a proxy without a server', () => html(502), { reason: 'proxy_no_server', detail: '502' }],
  [
    'a proxy whose server restarts',
    () => html(503, { 'Retry-After': '3' }),
    { reason: 'proxy_no_server', detail: '503', retryAfterMs: 3000 },
  ],
  ['a proxy that stops waiting', () => html(504), { reason: 'proxy_timeout', detail: '504' }],
  [
    'a proxy that stops waiting, with JSON of its own',
    () => Response.json({ error: 'x' }, { status: 504 }),
    { reason: 'proxy_timeout', detail: '504' },
  ],
  ['a proxy on Cloudflare without a server', () => html(521), { reason: 'proxy_no_server', detail: '521' }],
  ['a sign-in of a proxy', () => html(401), { reason: 'proxy_denied', detail: '401' }],
  ['a proxy that denies access', () => html(403), { reason: 'proxy_denied', detail: '403' }],
  [
    'a request that arrived too slowly',
    () => new Response(null, { status: 408 }),
    { reason: 'server_slow', detail: '408' },
  ],
  ['a rate limit of a proxy', () => html(429), { reason: 'server_busy', detail: '429' }],
  ['a redirect', () => new Response(null, { status: 308, headers: { Location: '/' } }), { reason: 'proxy_redirect' }],
  ['a redirect, as browsers show it', () => opaqueRedirect(), { reason: 'proxy_redirect' }],
  ['a broken web server', () => html(500), { reason: 'server_unknown' }],
  ['an error from another kind of server', () => new Response('<h1>', { status: 404 }), { reason: 'server_unknown' }],
  ['a success from another kind of server', () => new Response('<h1>'), { reason: 'server_unknown' }],
  ['an invalid answer', () => Response.json({ ...MODEL, threshold: 40 }), { reason: 'server_unknown' }],
  ['an older server', () => Response.json({ contract: 0 }), { reason: 'server_older' }],
  ['a newer server', () => Response.json({ contract: 2 }), { reason: 'extension_older' }],
  ['an unreachable server', () => Promise.reject(new TypeError('Failed to fetch')), { reason: 'server_unreachable' }],
])('recognizes %s', async (_, answer, problem) => {
  expect(await problemOf(clientOf(answer).client.model())).toEqual(problem);
});

it('recognizes a server that takes too long', async () => {
  const late = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
  const client = new ApiClient(SERVER, { fetch: () => Promise.reject(late.reason), deadline: () => late });
  expect(await problemOf(client.model())).toEqual({ reason: 'server_slow' });
});

it('rejects with the reason of the caller’s signal, before and during a request', async () => {
  const off = new AbortController();
  const waiting: typeof globalThis.fetch = (_, init) =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      off.abort(new ProblemError('consent_missing'));
    });
  const fetch = vi.fn(waiting);
  const client = new ApiClient(SERVER, { fetch, deadline: () => new AbortController().signal });
  expect(await problemOf(client.model(off.signal))).toEqual({ reason: 'consent_missing' });
  expect(await problemOf(client.model(off.signal))).toEqual({ reason: 'consent_missing' });
  expect(fetch).toHaveBeenCalledTimes(1);
});

const PAIRED = { token: 'own', device: { id: '0123abcd', name: 'Chrome on Linux' } };
const request = { code: '1234-5678', name: 'Chrome on Linux' };

it('needs no token to pair with a code, and sends none', async () => {
  const { client, fetch } = clientOf(() => Response.json(PAIRED));
  expect(await client.pair(request)).toEqual(PAIRED);
  const [url, init] = fetch.mock.calls[0]!;
  expect(url).toBe('http://127.0.0.1:8787/v1/pair');
  expect(init).toMatchObject({ method: 'POST', credentials: 'omit', redirect: 'manual' });
  expect(init!.headers).toEqual({ 'Content-Type': 'application/json' });
  expect(JSON.parse(String(init!.body))).toEqual(request);
});

it('recognizes an invalid code, a server without pairing, and an invalid answer', async () => {
  const rejected = (code: string, status: number) =>
    clientOf(() => Response.json(envelope(code), { status })).client.pair(request);
  await expect(rejected('pairing_code_invalid', 403)).rejects.toMatchObject({ code: 'pairing_code_invalid' });
  expect(await problemOf(rejected('route_unknown', 404))).toEqual({ reason: 'server_older' });
  expect(await problemOf(clientOf(() => Response.json({})).client.pair(request))).toEqual({ reason: 'server_unknown' });
});

const ASKED = { id: '5d1f0c2a9b3e4f60', secret: 's', check: '7K3M', expiresInS: 180 };

it('asks to be let in without a token, and claims what was decided', async () => {
  const { client, fetch } = clientOf(() => Response.json(ASKED));
  expect(await client.askToPair({ name: 'Chrome on Linux' })).toEqual(ASKED);
  expect([fetch.mock.calls[0]![0], fetch.mock.calls[0]![1]!.headers]).toEqual([
    'http://127.0.0.1:8787/v1/pair/ask',
    { 'Content-Type': 'application/json' },
  ]);
  for (const answer of [{ state: 'waiting' }, { state: 'denied' }, { state: 'allowed', ...PAIRED }]) {
    expect(await clientOf(() => Response.json(answer)).client.claimPairing({ id: 'i', secret: 's' })).toEqual(answer);
  }
  const older = clientOf(() => Response.json(envelope('route_unknown'), { status: 404 })).client;
  expect(await problemOf(older.askToPair({ name: 'n' }))).toEqual({ reason: 'server_older' });
});

const AGREEMENT = {
  likes: { agreed: 1, disagreed: 0 },
  passes: { agreed: 0, disagreed: 0 },
  balanced: null,
  faded: null,
  lowerBound: 0,
  required: 0.6,
  isOpen: false,
  timesShut: 0,
};
const SWIPED = { id: 7, outcome: 'added', photos: 2, likes: 1, passes: 0, agreement: AGREEMENT };
const TASTE = {
  taste: 'owner',
  likes: 1,
  passes: 0,
  likeRate: 1,
  withFeatures: 1,
  withoutFeatures: 0,
  stale: 0,
  pending: 0,
  agreement: AGREEMENT,
  versions: [{ id: 'taste-0001', isActive: true, metrics: null }],
  learning: { isRunning: false, every: 10, last: null },
  profileKey: 'key',
  keepsPhotos: false,
  secondSession: null,
};
const SWIPE = { scoreId: 's', swipe: 'right', site: 'demo', profile: 'p', verdict: 'none' } as const;

it.each<[string, (client: ApiClient) => Promise<unknown>, object, string, object | undefined, unknown]>([
  ['stores a swipe', (client) => client.swipe(SWIPE, 0.5), SWIPED, 'POST /v1/swipes?threshold=0.5', SWIPE, SWIPED],
  ['deletes a swipe', (client) => client.deleteSwipe(7), { deleted: 7 }, 'DELETE /v1/swipes/7', undefined, undefined],
  ['reads a taste', (client) => client.taste(null), TASTE, 'GET /v1/taste', undefined, TASTE],
  ['reads a taste for a threshold', (client) => client.taste(0), TASTE, 'GET /v1/taste?threshold=0', undefined, TASTE],
  ['learns', (client) => client.learn(), { isRunning: true }, 'POST /v1/taste/learn', undefined, undefined],
  [
    'activates a version',
    (client) => client.activate('taste-0001'),
    { version: 'taste-0001' },
    'POST /v1/taste/activate',
    { version: 'taste-0001' },
    'taste-0001',
  ],
  [
    'goes back to the version before',
    (client) => client.rollback(),
    { version: 'taste-0001' },
    'POST /v1/taste/rollback',
    undefined,
    'taste-0001',
  ],
  [
    'deletes a taste',
    (client) => client.deleteTaste(),
    { swipes: 3, versions: 1 },
    'DELETE /v1/taste',
    undefined,
    { swipes: 3, versions: 1 },
  ],
])('%s', async (_, call, answer, request, body, result) => {
  const { client, fetch } = clientOf(() => Response.json(answer));
  expect(await call(client)).toEqual(result);
  const [url, init] = fetch.mock.calls[0]!;
  expect(`${init!.method} ${String(url).slice(SERVER.address.length)}`).toBe(request);
  expect(init!.body === undefined ? undefined : JSON.parse(String(init!.body))).toEqual(body);
  expect(await problemOf(call(clientOf(() => Response.json({})).client))).toEqual({ reason: 'server_unknown' });
});

it.each([
  ['score_unknown', 410, true],
  ['swipe_invalid', 400, true],
  ['swipe_unknown', 404, true],
  ['route_unknown', 404, false],
  ['host_refused', 403, false],
  ['request_aborted', 400, false],
  ['token_invalid', 401, false],
  ['rate_limited', 429, false],
  ['taste_unavailable', 503, false],
  ['taste_disk_full', 507, false],
  ['internal', 500, false],
])('tells that %s (%i) is permanent: %s', async (code, status, permanent) => {
  const swiping = clientOf(() => Response.json(envelope(code), { status })).client.swipe(SWIPE, null);
  const error = await swiping.catch((thrown: unknown) => thrown);
  expect([(error as ProblemError).code, isPermanent(error)]).toEqual([status === 401 ? undefined : code, permanent]);
});

it('doesn’t take an unreachable server for a permanent refusal', async () => {
  const { client } = clientOf(() => Promise.reject(new TypeError('Failed to fetch')));
  expect(isPermanent(await client.swipe(SWIPE, null).catch((thrown: unknown) => thrown))).toBe(false);
});
