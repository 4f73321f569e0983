import { SESSION_HEADER } from '@swipenet/shared/contract/session.ts';
import { MOST_DROPS } from '@swipenet/shared/contract/studio/photos.ts';
import { describe, expect, it } from 'vitest';
import { testAccess } from '../../../../../test/support/access.ts';
import { appDependencies } from '../../../../../test/support/app-dependencies.ts';
import { testStudio } from '../../../../../test/support/studio.ts';
import { createApp } from '../../../app.ts';

const SESSION = { 'Sec-Fetch-Site': 'same-origin', [SESSION_HEADER]: 'k', Cookie: 'swipenet-default=c' };
const HERE = { incoming: { socket: { remoteAddress: '127.0.0.1', localAddress: '127.0.0.1', setTimeout: () => {} } } };

/** Asks a server without datasets about one. */
async function ask(method: 'GET' | 'POST', path: string, body?: string) {
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
  const app = createApp(appDependencies({ access: testAccess({ sessions }), studio: testStudio() }).dependencies);
  const sent = { method, headers: SESSION, ...(body !== undefined && { body }) };
  const response = await app.request(`/v1/studio/datasets/c0ffee/${path}`, sent, HERE);
  const { error } = (await response.json()) as { error: { code: string } };
  return [response.status, error.code];
}

describe('look-alikes of a dataset', () => {
  it.each([
    ['no JSON', '{'],
    ['no list of photos to keep', '{"drop": [1]}'],
    ['a number that no photo has', '{"drop": [-1], "keep": []}'],
    ['too many photos', JSON.stringify({ drop: Array.from({ length: MOST_DROPS + 1 }, (_, at) => at), keep: [] })],
    ['an unknown field', '{"drop": [1], "keep": [], "label": "LIKE"}'],
  ])('aren’t dropped by a body with %s', async (_, body) => {
    expect(await ask('POST', 'drops', body)).toEqual([400, 'body_malformed']);
  });

  it('are unknown if the dataset was deleted', async () => {
    expect(await ask('GET', 'pairs')).toEqual([404, 'studio_unknown']);
    expect(await ask('POST', 'drops', '{"drop": [1], "keep": []}')).toEqual([404, 'studio_unknown']);
  });
});
