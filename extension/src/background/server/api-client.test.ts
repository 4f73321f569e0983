import { expect, it, vi } from 'vitest';
import { ApiClient } from './api-client.ts';
import { ProblemError } from './problem.ts';

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
    redirect: 'error',
  });
});

it('sends the photos in order with their count and priority, and the threshold only if one is set', async () => {
  const { client, fetch } = clientOf(() => Response.json(SCORE));
  await client.score({
    photos: [new Uint8Array([1]), new Uint8Array([2, 3])],
    photoCount: 4,
    threshold: null,
    priority: 'now',
  });
  await client.score({ photos: [new Uint8Array([1])], photoCount: 1, threshold: 0.5, priority: 'ahead' });
  const [first, second] = fetch.mock.calls.map(([, init]) => init?.body as FormData);
  expect(first!.getAll('photo').map((file) => (file as File).size)).toEqual([1, 2]);
  expect(first!.get('photoCount')).toBe('4');
  expect(first!.get('priority')).toBe('now');
  expect(second!.get('priority')).toBe('ahead');
  expect(first!.get('threshold')).toBeNull();
  expect(second!.get('threshold')).toBe('0.5');
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
    { reason: 'server_busy', detail: 'said', retryAfterMs: 2000 },
  ],
  [
    'a full queue without a Retry-After header',
    () => Response.json(envelope('queue_full'), { status: 503 }),
    { reason: 'server_busy', detail: 'said' },
  ],
  [
    'an exceeded rate limit',
    () => Response.json(envelope('rate_limited'), { status: 429, headers: { 'Retry-After': '1' } }),
    { reason: 'server_busy', detail: 'said', retryAfterMs: 1000 },
  ],
  [
    'an internal server error',
    () => Response.json(envelope('internal'), { status: 500 }),
    { reason: 'server_failed', detail: 'said' },
  ],
  [
    'a rejected request',
    () => Response.json(envelope('photo_too_large'), { status: 413 }),
    { reason: 'server_refused', detail: 'said' },
  ],
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
  expect(init).toMatchObject({ method: 'POST', credentials: 'omit', redirect: 'error' });
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
