import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { ROUTES } from '@swipenet/shared/contract/routes.ts';
import { describe, expect, it } from 'vitest';
import { testStudio } from '../../../../../test/support/studio.ts';
import { requestStudio } from '../../../../../test/support/studio-request.ts';

/** Asks for a layer of a photo that no decoder can read. */
async function ask(query: string, headers: Readonly<Record<string, string>> = {}) {
  const decode = async () => {
    throw new SwipenetError('photo_undecodable', 'the photo is damaged or truncated');
  };
  const studio = testStudio({ decoders: { decode } });
  const sent = { method: 'POST', headers, body: 'photo' };
  const response = await requestStudio(studio, ROUTES.studioLayers.path + query, sent);
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
