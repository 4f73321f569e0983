import { errorEnvelopeSchema, SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CommandError } from '../../command-error.ts';
import type { AnsweringModel, AppEnv } from '../dependencies.ts';
import { errorHandler } from '../errors.ts';
import { HTTP_LIMITS, listen } from '../listen.ts';
import { reloadRoute } from './reload-route.ts';

const modelNamed = (id: string) => ({ answer: { id } }) as AnsweringModel;

/** Posts a body to the route; `missing` and `broken` are models that cannot be taken. */
async function post(body: string) {
  const reload = async (id: string) => {
    if (id === 'missing') throw new CommandError('model_missing', 'there is none (looked in /home/secret)');
    if (id === 'broken') throw new CommandError('model_invalid', 'the model broken cannot be opened');
    if (id === 'late') throw new SwipenetError('shutting_down', 'the server is shutting down');
    return modelNamed(id);
  };
  const app = new Hono<AppEnv>();
  app.post('/v1/model', reloadRoute({ served: () => modelNamed('old'), reload }));
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
  it('answers with the model that answers now', async () => {
    expect(await post('{"id": "new"}')).toEqual({ status: 200, json: { id: 'new' } });
  });

  it.each(['', 'x', '{}', '{"id": 1}', '{"id": "a", "more": 1}'])('with the body %j is refused', async (body) => {
    expect(await failure(body)).toMatchObject({ status: 400, code: 'body_malformed' });
  });

  it('says why a model was not taken and that the old one goes on, and names no folder', async () => {
    expect(await failure('{"id": "broken"}')).toEqual({
      status: 409,
      code: 'reload_failed',
      message: 'the model broken cannot be opened (model_invalid); old goes on',
    });
    const { message } = await failure('{"id": "missing"}');
    expect(message).toBe('there is no model missing with its model.onnx (model_missing); old goes on');
  });

  it('is answered however long it takes, though nothing moves meanwhile', async () => {
    const [begun, ready] = [Promise.withResolvers<void>(), Promise.withResolvers<AnsweringModel>()];
    const reload = () => {
      begun.resolve();
      return ready.promise;
    };
    const app = new Hono<AppEnv>();
    app.post('/v1/model', reloadRoute({ served: () => modelNamed('old'), reload }));
    app.get('/never', () => new Promise<Response>(() => {}));
    const { url, close } = await listen(app, '127.0.0.1', 0, { limits: { ...HTTP_LIMITS, timeout: 60 } });
    onTestFinished(close);
    const answer = fetch(`${url}/v1/model`, { method: 'POST', body: '{"id": "new"}' });
    await begun.promise;
    await expect(fetch(`${url}/never`)).rejects.toThrow(); // it began later, and its time is over
    ready.resolve(modelNamed('new'));
    expect(await (await answer).json()).toEqual({ id: 'new' });
    const again = fetch(`${url}/never`); // perhaps on the same connection
    await expect(again).rejects.toThrow();
  });

  it('is shutting_down while the server ends', async () => {
    expect(await failure('{"id": "late"}')).toMatchObject({ status: 503, code: 'shutting_down' });
  });
});
