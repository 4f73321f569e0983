import { beforeEach, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import {
  changeSettings,
  DEFAULT_SETTINGS,
  hasConsent,
  type Migration,
  migrate,
  readSettings,
  watchSettings,
} from './settings.ts';

beforeEach(() => fakeBrowser.reset());

it('starts with Show and without consent', async () => {
  expect(await readSettings()).toMatchObject({ mode: 'show', consent: null });
});

it('keeps a change and leaves the rest alone', async () => {
  await changeSettings({ mode: 'swipe' });
  await changeSettings({ threshold: 0.5 });
  expect(await readSettings()).toEqual({ ...DEFAULT_SETTINGS, mode: 'swipe', threshold: 0.5 });
});

it('loses no change that is made while another is', async () => {
  await Promise.all([
    changeSettings({ server: { address: 'http://127.0.0.1:1', token: 't' } }),
    changeSettings({ mode: 'off' }), // the panic stop
    changeSettings({ threshold: 0.5 }),
  ]);
  expect(await readSettings()).toMatchObject({ mode: 'off', threshold: 0.5, server: { token: 't' } });
});

it('refuses a change that no setting may have', async () => {
  await expect(changeSettings({ threshold: 40 })).rejects.toThrow();
  const { limits } = DEFAULT_SETTINGS;
  for (const change of [
    { perMinute: 0 },
    { perMinute: 301 },
    { perDay: 1.5 },
    { activeHours: { from: '24:00', to: '08:00' } },
    { rightShare: 60 },
  ]) {
    await expect(changeSettings({ limits: { ...limits, ...change } })).rejects.toThrow();
  }
  await expect(changeSettings({ patience: 0 })).rejects.toThrow();
  expect(await readSettings()).toEqual(DEFAULT_SETTINGS);
});

it('tells of changes until it is told to stop', async () => {
  const end = new AbortController();
  const changed = vi.fn();
  watchSettings(changed, end.signal);
  await changeSettings({ mode: 'off' });
  end.abort();
  await changeSettings({ mode: 'swipe' });
  expect(changed.mock.calls.map(([settings]) => settings.mode)).toEqual(['off']);
});

it('takes stored settings through every migration that they lack, in order', () => {
  const migrations: Migration[] = [
    ({ control, ...rest }) => ({ ...rest, mode: control }),
    (old) => ({ ...old, pace: 30 }),
  ];
  expect(migrate({ version: 1, control: 'off' }, migrations)).toEqual({ version: 3, mode: 'off', pace: 30 });
  expect(migrate({ version: 2, mode: 'show' }, migrations)).toEqual({ version: 3, mode: 'show', pace: 30 });
  expect(migrate({ version: 3, mode: 'show' }, migrations)).toEqual({ version: 3, mode: 'show' });
});

it.each([30, null])(
  'takes over a pace of %j from the time before the other limits, which begin as the defaults',
  async (pace) => {
    const { limits, patience, ...rest } = { ...DEFAULT_SETTINGS, mode: 'swipe' as const, consent: 'loopback' };
    await browser.storage.local.set({ settings: { ...rest, version: 1, swipesPerMinute: pace } });
    expect(await readSettings()).toEqual({ ...rest, limits: { ...limits, perMinute: pace }, patience });
  },
);

it.each([
  ['a word'],
  [{}],
  [{ ...DEFAULT_SETTINGS, version: 1, consent: 'loopback' }],
  [{ version: 99 }],
  [{ ...DEFAULT_SETTINGS, mode: 'fast', consent: 'loopback' }],
])('falls back to the defaults, which hold no consent, for %j', async (stored) => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  await browser.storage.local.set({ settings: stored });
  expect(hasConsent(await readSettings())).toBe(false);
});

it('holds a consent for the place it was given for alone', () => {
  const given = { ...DEFAULT_SETTINGS, consent: 'loopback' };
  expect(hasConsent(given)).toBe(true);
  expect(hasConsent({ ...given, server: { address: 'http://localhost:9999', token: '' } })).toBe(true);
  expect(hasConsent({ ...given, server: { address: 'https://swipenet.example', token: '' } })).toBe(false);
});
