import { errorEnvelopeSchema, SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { type ModelList, modelAnswerSchema, modelListSchema } from '@swipenet/shared/contract/model.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import type { StudioModel } from '@swipenet/shared/contract/studio/models.ts';
import { describe, expect, it, vi } from 'vitest';
import { testAccess } from '../../../../test/support/access.ts';
import { appDependencies, TOKEN } from '../../../../test/support/app-dependencies.ts';
import { testStudio } from '../../../../test/support/studio.ts';
import { createApp } from '../../app.ts';
import { CommandError } from '../../command-error.ts';
import type { Device } from '../../home/device-store.ts';
import { modelExample } from '../openapi/examples.ts';

/** Tokens of the owner, of a paired device, of one with a taste of its own, and of nobody. */
const CALLERS = { owner: TOKEN, paired: 'paired', guest: 'guest', stranger: 'stranger' } as const;

type Caller = keyof typeof CALLERS;

const device = (id: string, taste: Device['taste']) =>
  ({ ...{ format: 1, id, name: id, origin: null, pairedAt: '', taste, tokenSha256: '' } }) as Device;

const DEVICES: Readonly<Record<string, Device>> = { paired: device('d1', 'owner'), guest: device('d2', 'own') };

const usable = (parent: string | null, canScore = true): StudioModel['about'] => ({
  ...{ bytes: 1, precision: 'fp32', parent, canScore, metrics: {}, facts: [] },
});

const MODELS: readonly StudioModel[] = [
  { id: 'base', isActive: false, isServed: false, isEmbedded: true, about: usable(null, false) },
  { id: 'broken', isActive: false, isServed: false, isEmbedded: false, about: { error: 'see /home/secret' } },
  { id: 'mine', isActive: true, isServed: true, isEmbedded: false, about: usable(null) },
  { id: 'mine-int8', isActive: false, isServed: true, isEmbedded: false, about: usable('mine') },
];

/** Starts an app whose models are {@link MODELS}, and which can activate only `mine`. */
function setUp(allowModelChange: boolean) {
  const activate = vi.fn(async (id: string) => {
    if (id === 'broken') throw new CommandError('model_invalid', 'can’t open the model broken');
    if (id === 'full') throw new CommandError('home_unusable', 'can’t write to /home/secret (ENOSPC)');
    if (id === 'late') throw new SwipenetError('shutting_down', 'the server is shutting down');
    if (id !== 'mine') throw new CommandError('model_missing', 'looked in /home/secret');
  });
  const studio = Object.assign(testStudio(), {
    models: Object.assign(testStudio().models, { list: async () => MODELS, activate }),
  });
  const refresh = vi.spyOn(studio.events, 'refresh');
  const access = testAccess({
    devices: { find: (token) => DEVICES[token], add: () => Promise.reject(new Error('unexpected pairing')) },
  });
  const app = createApp(appDependencies({ studio, access, allowModelChange }).dependencies);
  const headers = (caller: Caller) => ({ Authorization: `Bearer ${CALLERS[caller]}` });
  return {
    activate,
    refresh,
    list: (caller: Caller) => app.request(ROUTES.models.path, { headers: headers(caller) }),
    use: (caller: Caller, body: string) =>
      app.request(ROUTES.modelActivate.path, { method: 'POST', body, headers: headers(caller) }),
  };
}

const failure = async (response: Response) => {
  const { code, message } = errorEnvelopeSchema.parse(await response.json()).error;
  return { status: response.status, code, message };
};

describe('GET /v1/models', () => {
  it('lists the models that can score, and those that are damaged without naming a folder', async () => {
    const response = await setUp(false).list('paired');
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(modelListSchema.parse(await response.json())).toEqual({
      models: [
        { id: 'broken', parent: null, isServed: false, isDamaged: true },
        { id: 'mine', parent: null, isServed: true, isDamaged: false },
        { id: 'mine-int8', parent: 'mine', isServed: true, isDamaged: false },
      ],
      change: 'owner_only',
    });
  });

  it.each([
    ['owner', false, 'allowed'],
    ['owner', true, 'allowed'],
    ['paired', false, 'owner_only'],
    ['paired', true, 'allowed'],
    ['guest', false, 'owner_only'],
    ['guest', true, 'own_taste'],
  ] as const)('tells %s with --allow-model-change %s: %s', async (caller, allow, change) => {
    const response = await setUp(allow).list(caller);
    expect(((await response.json()) as ModelList).change).toBe(change);
  });

  it('needs a token', async () => {
    expect(await failure(await setUp(true).list('stranger'))).toMatchObject({ status: 401, code: 'token_invalid' });
  });
});

describe('POST /v1/models/activate', () => {
  it.each([
    ['owner', false],
    ['owner', true],
    ['paired', true],
  ] as const)('activates a model for %s with --allow-model-change %s, and tells the studio', async (caller, allow) => {
    const { use, activate, refresh } = setUp(allow);
    const response = await use(caller, '{"id": "mine"}');
    expect(modelAnswerSchema.parse(await response.json()).id).toBe(modelExample.id);
    expect(activate).toHaveBeenCalledExactlyOnceWith('mine');
    expect(refresh).toHaveBeenCalledWith('models');
  });

  it.each([
    ['paired', false, 'model_change_refused'],
    ['guest', false, 'model_change_refused'],
    ['guest', true, 'model_change_refused'],
    ['stranger', true, 'token_invalid'],
  ] as const)('refuses %s with --allow-model-change %s, whatever the body is', async (caller, allow, code) => {
    for (const body of ['{"id": "mine"}', 'x']) {
      const { use, activate } = setUp(allow);
      expect(await failure(await use(caller, body))).toMatchObject({ code });
      expect(activate).not.toHaveBeenCalled();
    }
  });

  it.each([
    ['nothing', 'no model has the ID nothing, or its files are incomplete (model_missing); still using quality'],
    ['broken', 'can’t open the model broken (model_invalid); still using quality'],
    ['full', 'the server can’t write to its home folder (home_unusable); still using quality'],
  ])('says why it can’t activate the model %s, without naming a folder', async (id, message) => {
    expect(await failure(await setUp(true).use('paired', JSON.stringify({ id })))).toEqual({
      ...{ status: 409, code: 'reload_failed', message },
    });
  });

  it('returns shutting_down while the server is stopping', async () => {
    expect(await failure(await setUp(true).use('paired', '{"id": "late"}'))).toMatchObject({ status: 503 });
  });

  it.each(['', 'x', '{}', '{"id": 1}', '{"id": "a", "more": 1}'])('rejects the body %j', async (body) => {
    expect(await failure(await setUp(true).use('owner', body))).toMatchObject({ status: 400, code: 'body_malformed' });
  });
});
