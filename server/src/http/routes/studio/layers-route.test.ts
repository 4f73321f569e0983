import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { SESSION_HEADER } from '@swipenet/shared/contract/session.ts';
import { describe, expect, it } from 'vitest';
import { testAccess } from '../../../../../test/support/access.ts';
import { appDependencies } from '../../../../../test/support/app-dependencies.ts';
import { testStudio } from '../../../../../test/support/studio.ts';
import { createApp } from '../../../app.ts';

const SESSION = { 'Sec-Fetch-Site': 'same-origin', [SESSION_HEADER]: 'k', Cookie: 'swipenet-default=c' };
const HERE = { incoming: { socket: { remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', setTimeout: () => {} } } };

/** Asks for a layer of a photo that no decoder can read. */
async function ask(query: string, headers: Readonly<Record<string, string>> = {}) {
  const decode = async () => {
    throw new SwipenetError('photo_undecodable', 'the photo is damaged or truncated');
  };
  const session = {
    format: 1,
    id: '0a1b2c3d',
    name: 'start page',
    origin: null,
    pairedAt: '',
    taste: 'owner',
  } as const;
  const sessions = {
    offerLink: () => 'code',
    open: async () => undefined,
    find: () => ({ ...session, endsAt: '', tokenSha256: '' }),
  };
  const studio = testStudio({ decoders: { decode } });
  const app = createApp(appDependencies({ access: testAccess({ sessions }), studio }).dependencies);
  const sent = { method: 'POST', headers: { ...SESSION, ...headers }, body: 'photo' };
  const response = await app.request(ROUTES.studioLayers.path + query, sent, HERE);
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  return [response.status, error.code, error.message];
}

describe('a look into the layers', () => {
  it('says what is wrong with the photo', async () => {
    const why = 'the photo is damaged or truncated';
    expect(await ask('?layer=conv1')).toEqual([409, 'studio_refused', why]);
  });

  it('names the layers that there are', async () => {
    expect(await ask('?layer=conv9')).toEqual([
      400,
      'query_invalid',
      expect.stringMatching(/^layer must be one of conv1/),
    ]);
  });

  it('takes photos of up to 10 MB', async () => {
    expect(await ask('?layer=conv1', { 'Content-Length': '10000001' })).toEqual([
      413,
      'body_too_large',
      expect.any(String),
    ]);
  });
});
