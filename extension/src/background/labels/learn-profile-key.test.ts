import { beforeEach, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { changeSettings, DEFAULT_SETTINGS, readSettings, type Settings } from '../../storage/settings.ts';
import { learnProfileKey } from './learn-profile-key.ts';

const TALLY = { agreed: 0, disagreed: 0 };
const ANSWER = {
  ...{ taste: 'owner', likes: 0, passes: 0, likeRate: null, withFeatures: 0, withoutFeatures: 0, stale: 0, pending: 0 },
  agreement: {
    ...{ likes: TALLY, passes: TALLY, balanced: null, faded: null, lowerBound: 0, required: 0.6, isOpen: false },
    timesShut: 0,
  },
  ...{ versions: [], learning: { isRunning: false, every: 10, last: null }, profileKey: 'the-key', keepsPhotos: false },
  secondSession: null,
};
const deadline = () => new AbortController().signal;
const server = { address: DEFAULT_SETTINGS.server.address, token: 'local', profileKey: '' };
const READY: Partial<Settings> = {
  consent: 'loopback',
  server,
  taste: { ...DEFAULT_SETTINGS.taste, consent: 'loopback' },
};

beforeEach(() => fakeBrowser.reset());

it('stores the server’s key if the person wants to learn and it isn’t known', async () => {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => Response.json(ANSWER));
  await learnProfileKey(await changeSettings(READY), { fetch, deadline });
  expect((await readSettings()).server).toEqual({ ...server, profileKey: 'the-key' });
  await learnProfileKey(await readSettings(), { fetch, deadline });
  expect(fetch).toHaveBeenCalledTimes(1);
});

it.each<[string, Partial<Settings>]>([
  ['without consent to learning', { taste: DEFAULT_SETTINGS.taste }],
  ['without consent to sending photos', { consent: null }],
  ['while the control is set to Off', { mode: 'off' }],
  ['without a token', { server: { ...server, token: '' } }],
])('asks nothing %s', async (_what, change) => {
  const fetch = vi.fn<typeof globalThis.fetch>();
  await learnProfileKey(await changeSettings({ ...READY, ...change }), { fetch, deadline });
  expect(fetch).not.toHaveBeenCalled();
});

it('stores nothing if the server is away, or was replaced in the meantime', async () => {
  const away = () => Promise.reject(new TypeError('Failed to fetch'));
  const settings = await changeSettings(READY);
  await learnProfileKey(settings, { fetch: away, deadline });
  const fetch = async () => {
    await changeSettings({ server: { ...server, address: 'http://127.0.0.1:9999' } });
    return Response.json(ANSWER);
  };
  await learnProfileKey(settings, { fetch, deadline });
  expect((await readSettings()).server.profileKey).toBe('');
});
