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

it('asks with the token, without cookies, and follows no redirect', async () => {
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

it('sends the photos in order, their count, whether they are needed now, and the threshold only where one is set', async () => {
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

it('asks nobody without a token', async () => {
  const { client, fetch } = clientOf(() => Response.json(MODEL), { ...SERVER, token: '' });
  expect(await problemOf(client.model())).toEqual({ reason: 'token_missing' });
  expect(fetch).not.toHaveBeenCalled();
});

it.each([
  ['a wrong token', () => Response.json(envelope('token_invalid'), { status: 401 }), { reason: 'token_wrong' }],
  [
    'an overload, with its wait',
    () => Response.json(envelope('queue_full'), { status: 503, headers: { 'Retry-After': '2' } }),
    { reason: 'server_busy', detail: 'said', retryAfterMs: 2000 },
  ],
  [
    'an overload without a wait',
    () => Response.json(envelope('queue_full'), { status: 503 }),
    { reason: 'server_busy', detail: 'said' },
  ],
  [
    'a rate that is exceeded, with its wait',
    () => Response.json(envelope('rate_limited'), { status: 429, headers: { 'Retry-After': '1' } }),
    { reason: 'server_busy', detail: 'said', retryAfterMs: 1000 },
  ],
  [
    'a mistake of the server',
    () => Response.json(envelope('internal'), { status: 500 }),
    { reason: 'server_failed', detail: 'said' },
  ],
  [
    'a refused request',
    () => Response.json(envelope('photo_too_large'), { status: 413 }),
    { reason: 'server_refused', detail: 'said' },
  ],
  ['a page of somebody else', () => new Response('<h1>', { status: 404 }), { reason: 'server_unknown' }],
  ['a success of somebody else', () => new Response('<h1>'), { reason: 'server_unknown' }],
  ['an answer of another shape', () => Response.json({ ...MODEL, threshold: 40 }), { reason: 'server_unknown' }],
  ['an older server', () => Response.json({ contract: 0 }), { reason: 'server_older' }],
  ['a newer server', () => Response.json({ contract: 2 }), { reason: 'extension_older' }],
  ['no server', () => Promise.reject(new TypeError('Failed to fetch')), { reason: 'server_unreachable' }],
])('knows %s', async (_, answer, problem) => {
  expect(await problemOf(clientOf(answer).client.model())).toEqual(problem);
});

it('knows a server that takes too long', async () => {
  const late = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
  const client = new ApiClient(SERVER, { fetch: () => Promise.reject(late.reason), deadline: () => late });
  expect(await problemOf(client.model())).toEqual({ reason: 'server_slow' });
});

it('ends with the reason of the signal that is given, before and while it asks', async () => {
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

it('pairs with a code alone: no token is needed, and none is sent', async () => {
  const { client, fetch } = clientOf(() => Response.json(PAIRED));
  expect(await client.pair(request)).toEqual(PAIRED);
  const [url, init] = fetch.mock.calls[0]!;
  expect(url).toBe('http://127.0.0.1:8787/v1/pair');
  expect(init).toMatchObject({ method: 'POST', credentials: 'omit', redirect: 'error' });
  expect(init!.headers).toEqual({ 'Content-Type': 'application/json' });
  expect(JSON.parse(String(init!.body))).toEqual(request);
});

it('knows a code that does not count, a server that knows no pairing, and an answer that is none', async () => {
  const refusing = (code: string, status: number) =>
    clientOf(() => Response.json(envelope(code), { status })).client.pair(request);
  await expect(refusing('pairing_code_invalid', 403)).rejects.toMatchObject({ code: 'pairing_code_invalid' });
  expect(await problemOf(refusing('route_unknown', 404))).toEqual({ reason: 'server_older' });
  expect(await problemOf(clientOf(() => Response.json({})).client.pair(request))).toEqual({ reason: 'server_unknown' });
});
