import { expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../storage/settings.ts';
import { type ExplainParts, explainPhoto } from './explain-photo.ts';

const MAP = Array.from({ length: 7 }, (_, row) => Array.from({ length: 7 }, (_, column) => row - column));

function parts(
  changes: {
    settings?: Partial<Settings>;
    bytes?: Uint8Array<ArrayBuffer> | undefined;
    photo?: object;
    model?: string;
  } = {},
) {
  const { bytes = new Uint8Array([1]) } = changes;
  const score = vi.fn(async () => ({
    model: changes.model ?? 'm',
    photos: [changes.photo ?? { index: 0, like: 0.7, label: 'LIKE', evidence: MAP }],
  }));
  const given = {
    settings: { ...DEFAULT_SETTINGS, consent: 'loopback', mode: 'show', ...changes.settings },
    ...{ pageOrigin: 'https://tinder.com', signal: new AbortController().signal },
    client: { model: async () => ({ id: 'm', sha256: 's', preparedPhotos: { version: 1, resize: 'cover' } }), score },
    fetcher: { fetchAll: vi.fn(async () => ['bytes' in changes ? changes.bytes : bytes]) },
    preparer: { prepare: async () => new Uint8Array(65_536) },
    withheldHost: async () => undefined,
    sizeOf: async () => ({ width: 400, height: 500 }),
  };
  return { given: given as unknown as ExplainParts, score };
}

const URL = 'https://images-ssl.gotinder.com/a.jpg';

it('asks for the evidence of one photo, and has nothing learned from it', async () => {
  const { given, score } = parts();
  expect(await explainPhoto(URL, given)).toEqual({
    ...{ like: 0.7, label: 'LIKE', resize: 'cover', width: 400, height: 500, evidence: MAP.flat() },
  });
  expect(score.mock.calls[0]).toMatchObject([{ evidence: true, learn: false, photoCount: 1 }, {}]);
});

it.each([{ mode: 'learn' }, { mode: 'off' }, { consent: null }] as const)('refuses with %j', async (settings) => {
  const { given } = parts({ settings });
  await expect(explainPhoto(URL, given)).rejects.toMatchObject({ problem: { reason: 'consent_missing' } });
  expect(given.fetcher.fetchAll).not.toHaveBeenCalled();
});

it('has no answer for a photo that can’t be downloaded, decoded or scored', async () => {
  expect(await explainPhoto(URL, parts({ bytes: undefined }).given)).toBeNull();
  const unreadable = { ...parts().given, sizeOf: () => Promise.reject(new Error('no image')) };
  expect(await explainPhoto(URL, unreadable)).toBeNull();
  const failed = parts({ photo: { index: 0, error: { code: 'photo_unreadable', message: 'no' } } });
  expect(await explainPhoto(URL, failed.given)).toBeNull();
});

it('names the host that the browser withholds', async () => {
  const given = { ...parts({ bytes: undefined }).given, withheldHost: async () => 'images-ssl.gotinder.com' };
  await expect(explainPhoto(URL, given)).rejects.toMatchObject({ problem: { reason: 'photo_access' } });
});

it('labels by the threshold of the model in use, and not if the server changes its model in between', async () => {
  const chosen = [
    { model: 'm', sha256: 'another', threshold: 0.1 },
    { model: 'm', sha256: 's', threshold: 0.6 },
  ];
  const settings = { thresholds: { chosen, unassigned: null } };
  const { given, score } = parts({ settings });
  await explainPhoto(URL, given);
  expect(score.mock.calls[0]).toMatchObject([{ threshold: 0.6 }, {}]);
  const switched = parts({ settings, model: 'new' }).given;
  await expect(explainPhoto(URL, switched)).rejects.toMatchObject({ problem: { reason: 'server_unknown' } });
});
