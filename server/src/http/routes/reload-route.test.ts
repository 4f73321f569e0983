import { errorEnvelopeSchema, SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CommandError } from '../../command-error.ts';
import type { AnsweringModel, AppEnv } from '../dependencies.ts';
import { errorHandler } from '../errors.ts';
import { bodyGuards } from '../guards/body-bounds.ts';
import { HTTP_LIMITS, listen } from '../listen.ts';
import { reloadRoute } from './reload-route.ts';

const boundBody = bodyGuards({ deadline: () => new AbortController().signal })('reload');

const modelNamed = (id: string) => ({ answer: { id } }) as AnsweringModel;

/** Posts a body to the route. The models `missing` and `broken` can't be loaded. */
async function post(body: string) {
  const reload = async (id: string) => {
    if (id === 'missing') throw new CommandError('model_missing', 'there is none (looked in /home/secret)');
    if (id === 'broken') throw new CommandError('model_invalid', 'the model broken cannot be opened');
    if (id === 'late') throw new SwipenetError('shutting_down', 'the server is shutting down');
    return modelNamed(id);
  };
  const app = new Hono<AppEnv>();
  app.post('/v1/model', boundBody, reloadRoute({ served: () => modelNamed('old'), reload }));
  app.onError(errorHandler({ report: () => {} }));
  const answer = await app.request('/v1/model', { method: 'POST', body });
  return { status: answer.status, json: (await answer.json()) as { error?: object } };
}

const failure = async (...parameters: Parameters<typeof post>) => {
  const { status, json } = await post(...parameters);
  const { code, message } = errorEnvelopeSchema.parse({ error: { requestId: '', ...json.error } }).error;
  return { status, code, message };
};

describe('POST /v1/model', () => {
  it('returns the new model once it is in use', async () => {
    expect(await post('{"id": "new"}')).toEqual({ status: 200, json: { id: 'new' } });
  });

  it.each(['', 'x', '{}', '{"id": 1}', '{"id": "a", "more": 1}'])('rejects the body %j', async (body) => {
    expect(await failure(body)).toMatchObject({ status: 400, code: 'body_malformed' });
  });

  it('says why it couldn’t switch and which model it keeps, without naming a folder', async () => {
    expect(await failure('{"id": "broken"}')).toEqual({
      status: 409,
      code: 'reload_failed',
      message: 'the model broken cannot be opened (model_invalid); still using old',
    });
    const { message } = await failure('{"id": "missing"}');
    expect(message).toBe('no model has the ID missing, or its files are incomplete (model_missing); still using old');
  });

  it('responds however long the switch takes, even though the connection is idle', async () => {
    const [started, ready] = [Promise.withResolvers<void>(), Promise.withResolvers<AnsweringModel>()];
    const reload = () => {
      started.resolve();
      return ready.promise;
    };
    const app = new Hono<AppEnv>();
    app.post('/v1/model', boundBody, reloadRoute({ served: () => modelNamed('old'), reload }));
    app.get('/never', () => new Promise<Response>(() => {}));
    const { url, close } = await listen(app, '127.0.0.1', 0, { limits: { ...HTTP_LIMITS, timeout: 500 } }); // a busy machine needs it
    onTestFinished(close);
    const answer = fetch(`${url}/v1/model`, { method: 'POST', body: '{"id": "new"}' });
    await started.promise;
    await expect(fetch(`${url}/never`)).rejects.toThrow(); // this later request has already timed out
    ready.resolve(modelNamed('new'));
    expect(await (await answer).json()).toEqual({ id: 'new' });
    const again = fetch(`${url}/never`); // possibly on the same connection
    await expect(again).rejects.toThrow();
  });

  it('returns shutting_down while the server is stopping', async () => {
    expect(await failure('{"id": "late"}')).toMatchObject({ status: 503, code: 'shutting_down' });
  });
});
