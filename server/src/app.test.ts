import { type ErrorCode, errorEnvelopeSchema, SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { ARTICLE_RULE } from '@swipenet/shared/decision.ts';
import { describe, expect, it } from 'vitest';
import { testAccess } from '../../test/support/access.ts';
import { describeNothing, inferNothing } from '../../test/support/app-dependencies.ts';
import { testStudio } from '../../test/support/studio.ts';
import { newDesk } from '../../test/support/taste-desk.ts';
import { UNSAFE_ON_TERMINAL } from '../../test/support/unsafe-on-terminal.ts';
import { createApp } from './app.ts';
import { CommandError } from './command-error.ts';
import type { AnsweringModel, AppDependencies } from './http/dependencies.ts';
import { statusExample } from './http/openapi/examples.ts';
import { createLog } from './observe/log.ts';
import { Metrics } from './observe/metrics.ts';

const TOKEN = 'a-token-that-nobody-may-see';

/** The app with a scorer that the test controls. */
function setUp(dependencies: Partial<AppDependencies> & { score?: AnsweringModel['scorer']['score'] } = {}) {
  const reports: { error: Error; requestId: string }[] = [];
  const { score = async () => [], ...rest } = dependencies;
  const app = createApp({
    served: () => ({
      scorer: { score, infer: inferNothing },
      outputs: ['confidence', 'evidence'],
      withEvidence: (_, scoring) => scoring,
      describe: describeNothing,
      answer: { id: 'm', sha256: 'abc', threshold: 0.4 } as AnsweringModel['answer'],
      rule: ARTICLE_RULE,
    }),
    reload: failing(new CommandError('model_missing', 'looked in /home/secret')),
    state: () => 'ready',
    token: TOKEN,
    taste: newDesk(),
    studio: testStudio(),
    access: testAccess(),
    deadline: () => new AbortController().signal,
    now: () => 0,
    report: (error, requestId) => reports.push({ error, requestId }),
    log: createLog('silent', { write: () => {} }),
    metrics: new Metrics(),
    metricsOpen: false,
    allowModelChange: false,
    status: async () => statusExample,
    ...rest,
  });
  const post = (body: FormData | ReadableStream<Uint8Array> = photoForm(), headers: Record<string, string> = {}) =>
    app.request(ROUTES.score.path, {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { Authorization: `Bearer ${TOKEN}`, ...headers },
    } as RequestInit);
  return { app, post, reports };
}

function photoForm(): FormData {
  const form = new FormData();
  form.append('photo', new Blob([new Uint8Array(10)]), 'photo.jpg');
  return form;
}

const never = new AbortController().signal;

/** A scorer that never finishes and rejects when its signal aborts. */
const forever: AnsweringModel['scorer']['score'] = (_photos, { signal }) =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });

const codeOf = async (response: Response) => errorEnvelopeSchema.parse(await response.json()).error.code;

const failing = (error: Error) => async () => {
  throw error;
};

describe('an error response', () => {
  it.each<[ErrorCode, number, string | null]>([
    ['queue_full', 503, '2'],
    ['engine_failed', 503, '1'],
    ['shutting_down', 503, '5'],
    ['deadline_exceeded', 503, '2'],
  ])('for %s is immediate, has status %i, and says when to retry', async (code, status, retryAfter) => {
    const { post } = setUp({ score: failing(new SwipenetError(code, 'why')) });
    const response = await post();
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, retryAfter]);
    expect(errorEnvelopeSchema.parse(await response.json()).error).toMatchObject({ code, message: 'why' });
  });

  it('is deadline_exceeded if the photos aren’t scored in time', async () => {
    const deadline = new AbortController();
    const { post } = setUp({ score: forever, deadline: (ms) => (ms === 20_000 ? deadline.signal : never) });
    const answering = post();
    deadline.abort(new DOMException('20 s', 'TimeoutError'));
    const response = await answering;
    expect(response.status).toBe(503);
    expect(await codeOf(response)).toBe('deadline_exceeded');
  });

  it('hides the cause of an internal error, which goes to the report with the request ID', async () => {
    const { post, reports } = setUp({ score: failing(new TypeError('/home/secret/path is undefined')) });
    const response = await post();
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toContain('secret');
    const { error } = errorEnvelopeSchema.parse(JSON.parse(text));
    expect(error.code).toBe('internal');
    expect(reports).toMatchObject([
      { requestId: error.requestId, error: { cause: { message: '/home/secret/path is undefined' } } },
    ]);
  });

  it('shows control characters in a name from the request as escapes, and at most 300 characters', async () => {
    const form = photoForm();
    form.set(`\u001b[2J\u202e${'x'.repeat(500)}`, '1');
    const { error } = errorEnvelopeSchema.parse(await (await setUp().post(form)).json());
    expect(error.code).toBe('field_unknown');
    expect(error.message).toContain('[2J');
    expect(error.message).not.toMatch(UNSAFE_ON_TERMINAL);
    expect(error.message.length).toBeLessThanOrEqual(300);
  });

  it('isn’t reported if the request is at fault, and never contains the token', async () => {
    const { app, reports } = setUp();
    const response = await app.request(ROUTES.model.path, { headers: { Authorization: 'Bearer wrong' } });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.text()).not.toContain(TOKEN);
    expect(reports).toEqual([]);
  });

  it('comes before any work if no engine is ready or the server is shutting down', async () => {
    let scored = 0;
    const score = async () => {
      scored += 1;
      return [];
    };
    for (const state of ['not_ready', 'shutting_down'] as const) {
      const response = await setUp({ score, state: () => state }).post();
      expect([response.status, await codeOf(response)]).toEqual([503, state]);
    }
    expect(scored).toBe(0);
  });

  it('stops the scoring when the client disconnects', async () => {
    const client = new AbortController();
    const ended = Promise.withResolvers<unknown>();
    const score: AnsweringModel['scorer']['score'] = (_photos, { signal }) => {
      client.abort();
      signal.addEventListener('abort', () => ended.resolve(signal.reason));
      if (signal.aborted) ended.resolve(signal.reason);
      return forever(_photos, { signal, priority: 'now' });
    };
    const { app } = setUp({ score });
    const headers = { Authorization: `Bearer ${TOKEN}` };
    const request = new Request(`http://localhost${ROUTES.score.path}`, {
      method: 'POST',
      body: photoForm(),
      headers,
      signal: client.signal,
    });
    await app.request(request);
    expect(await ended.promise).toMatchObject({ name: 'AbortError' });
  });

  it('is deadline_exceeded after 20 s, before a browser kills the extension’s worker', async () => {
    const asked: number[] = [];
    const deadline = (ms: number) => {
      asked.push(ms);
      return new AbortController().signal;
    };
    await setUp({ deadline }).post();
    expect(asked).toContain(20_000);
    expect(Math.max(...asked)).toBe(20_000);
  });

  it('is not_ready if no engine is ready', async () => {
    const { app } = setUp({ state: () => 'not_ready' });
    const response = await app.request(ROUTES.ready.path);
    expect([response.status, await codeOf(response)]).toEqual([503, 'not_ready']);
  });

  it('is body_too_large if a body without a declared length never ends', async () => {
    const { app } = setUp();
    const kilobyte = new Uint8Array(1000);
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1;
        controller.enqueue(kilobyte);
      },
    });
    const response = await app.request(ROUTES.swipes.path, {
      method: 'POST',
      body: endless,
      duplex: 'half',
      headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' },
    } as RequestInit);
    expect([response.status, await codeOf(response)]).toEqual([413, 'body_too_large']);
    expect(sent).toBeLessThan(20);
  });
});

describe('a request', () => {
  it('keeps its own ID, or gets a new one', async () => {
    const { app } = setUp();
    const own = await app.request(ROUTES.health.path, { headers: { 'X-Request-Id': 'mine-1' } });
    expect(own.headers.get('x-request-id')).toBe('mine-1');
    const assigned = await app.request(ROUTES.health.path);
    expect(assigned.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    '',
    'Bearer',
    'Bearer ',
    `bearer${TOKEN}`,
    `Bearer ${TOKEN.slice(0, -1)}`,
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN} x`,
    `Bearer ${TOKEN.toUpperCase()}`,
    TOKEN,
  ])('with the authorization %j is rejected', async (authorization) => {
    const { app } = setUp();
    const response = await app.request(ROUTES.model.path, { headers: { Authorization: authorization } });
    expect(response.status).toBe(401);
  });
});
