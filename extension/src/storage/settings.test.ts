import { beforeEach, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import {
  changeSettings,
  changeTasteSettings,
  DEFAULT_SETTINGS,
  hasConsent,
  hasTasteConsent,
  keepsHistory,
  mayLearn,
  readSettings,
  type Settings,
  usesWords,
  watchSettings,
} from './settings.ts';

beforeEach(() => fakeBrowser.reset());

const SERVER = DEFAULT_SETTINGS.server;

it('starts with Show and without consent', async () => {
  expect(await readSettings()).toMatchObject({ mode: 'show', consent: null });
});

it('stores a change and leaves the rest alone', async () => {
  await changeSettings({ mode: 'swipe' });
  await changeSettings({ patience: 2 });
  expect(await readSettings()).toEqual({ ...DEFAULT_SETTINGS, mode: 'swipe', patience: 2 });
});

it('loses no change that is made during another', async () => {
  await Promise.all([
    changeSettings({ server: { address: 'http://127.0.0.1:1', token: 't', profileKey: 'k' } }),
    changeSettings({ mode: 'off' }), // the panic stop
    changeSettings({ patience: 2 }),
  ]);
  expect(await readSettings()).toMatchObject({ mode: 'off', patience: 2, server: { token: 't' } });
});

it('rejects a change to an invalid value', async () => {
  await expect(changeSettings({ thresholds: { chosen: [], unassigned: 40 } })).rejects.toThrow();
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
  await expect(changeSettings({ historyDays: 366 })).rejects.toThrow();
  await expect(changeTasteSettings({ spotCheckEvery: 1 })).rejects.toThrow();
  expect(await readSettings()).toEqual(DEFAULT_SETTINGS);
});

it('reports changes until the signal aborts', async () => {
  const end = new AbortController();
  const changed = vi.fn();
  watchSettings(changed, end.signal);
  await changeSettings({ mode: 'off' });
  end.abort();
  await changeSettings({ mode: 'swipe' });
  expect(changed.mock.calls.map(([settings]) => settings.mode)).toEqual(['off']);
});

/** Settings as versions 2 and 1 store them. */
const VERSION_2 = {
  version: 2,
  mode: 'swipe',
  consent: 'https://swipenet.example',
  server: { address: 'https://swipenet.example', token: 't' },
  threshold: 0.5,
  limits: {
    perMinute: 30,
    perSession: 50,
    perDay: null,
    likesPerDay: 20,
    activeHours: { from: '08:00', to: '22:00' },
    rightShare: 0.6,
  },
  patience: 2,
};
const VERSION_1 = {
  version: 1,
  mode: 'swipe',
  consent: 'loopback',
  server: { address: 'http://127.0.0.1:8787', token: 't' },
  threshold: null,
};

it('reads what version 2 stored', async () => {
  await browser.storage.local.set({ settings: VERSION_2 });
  const { version, threshold, ...settings } = VERSION_2;
  const server = { ...settings.server, profileKey: '' };
  const thresholds = { chosen: [], unassigned: threshold };
  const added = { thresholds, historyDays: 90, taste: DEFAULT_SETTINGS.taste, rules: DEFAULT_SETTINGS.rules };
  expect(await readSettings()).toEqual({ ...settings, ...added, server, consent: null });
});

it.each([30, null])(
  'reads what version 1 stored with a pace of %j, and sets the other limits to their defaults',
  async (pace) => {
    await browser.storage.local.set({ settings: { ...VERSION_1, swipesPerMinute: pace } });
    const { version, threshold, ...settings } = VERSION_1;
    const limits = { ...DEFAULT_SETTINGS.limits, perMinute: pace };
    const server = { ...settings.server, profileKey: '' };
    const changed = { server, limits, patience: 1, consent: null };
    expect(await readSettings()).toEqual({ ...DEFAULT_SETTINGS, ...settings, ...changed });
  },
);

it('asks for consent again where version 3 had it, because now a history is kept', async () => {
  const { historyDays, ...version3 } = { ...DEFAULT_SETTINGS, consent: 'loopback', threshold: null, version: 3 };
  await browser.storage.local.set({ settings: version3 });
  expect(await readSettings()).toEqual(DEFAULT_SETTINGS);
});

it('keeps the threshold of version 6, which was for all models, until it knows whose it is', async () => {
  const { thresholds, ...version6 } = { ...DEFAULT_SETTINGS, consent: 'loopback', threshold: 0.55, version: 6 };
  await browser.storage.local.set({ settings: version6 });
  expect(await readSettings()).toEqual({
    ...DEFAULT_SETTINGS,
    consent: 'loopback',
    thresholds: { ...thresholds, unassigned: 0.55 },
  });
});

it('leaves the words of bios alone where version 5 knew nothing of them, and keeps the consents', async () => {
  const { words, ...taste } = { ...DEFAULT_SETTINGS.taste, consent: 'loopback' };
  const { thresholds, ...rest } = { ...DEFAULT_SETTINGS, consent: 'loopback' };
  const version5 = { ...rest, threshold: null, taste, version: 5 };
  await browser.storage.local.set({ settings: version5 });
  expect(words).toBe(false);
  expect(await readSettings()).toEqual({ ...rest, thresholds, taste: { ...taste, words } });
});

it('uses the words of bios only if the person wants that and agreed to learning', () => {
  const taste = { ...DEFAULT_SETTINGS.taste, consent: 'loopback', words: true };
  const uses = (change: Partial<Settings>) => usesWords({ ...DEFAULT_SETTINGS, consent: 'loopback', taste, ...change });
  expect(uses({})).toBe(true);
  expect(uses({ consent: null })).toBe(false);
  expect(uses({ taste: { ...taste, consent: null } })).toBe(false);
  expect(uses({ taste: { ...taste, words: false } })).toBe(false);
});

it('starts without rules about profiles where version 4 had none, and keeps the consent', async () => {
  const { rules, ...version4 } = { ...DEFAULT_SETTINGS, consent: 'loopback', threshold: null, version: 4 };
  await browser.storage.local.set({ settings: version4 });
  expect(await readSettings()).toEqual({ ...DEFAULT_SETTINGS, consent: 'loopback' });
  expect(Object.values(rules).filter((rule) => typeof rule === 'object' && rule.on)).toEqual([]);
});

it('keeps a history with consent, outside Off, and for the days that the person wants', () => {
  const kept = (change: Partial<Settings>) => keepsHistory({ ...DEFAULT_SETTINGS, consent: 'loopback', ...change });
  expect([kept({}), kept({ mode: 'off' }), kept({ consent: null }), kept({ historyDays: 0 })]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

it.each([
  ['a word'],
  [{}],
  [{ ...VERSION_1, swipesPerMinute: 'fast' }],
  [{ ...VERSION_2, version: 99 }],
  [{ ...VERSION_2, mode: 'fast' }],
])('logs invalid settings and falls back to the defaults, which contain no consent: %j', async (stored) => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  warn.mockClear();
  await browser.storage.local.set({ settings: stored });
  expect(await readSettings()).toEqual(DEFAULT_SETTINGS);
  expect(hasConsent(await readSettings())).toBe(false);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('settings'));
});

it('has consent only for the place that the person agreed to', () => {
  const given = { ...DEFAULT_SETTINGS, consent: 'loopback' };
  expect(hasConsent(given)).toBe(true);
  expect(hasConsent({ ...given, server: { ...SERVER, address: 'http://localhost:9999' } })).toBe(true);
  expect(hasConsent({ ...given, server: { ...SERVER, address: 'https://swipenet.example' } })).toBe(false);
});

it('loses no change to a setting about learning that is made during another', async () => {
  await Promise.all([changeTasteSettings({ consent: 'loopback' }), changeTasteSettings({ fromShow: true })]);
  expect(await readSettings()).toEqual({
    ...DEFAULT_SETTINGS,
    taste: { ...DEFAULT_SETTINGS.taste, consent: 'loopback', fromShow: true },
  });
});

/** Settings with which Swipenet may learn. */
const LEARNING: Settings = {
  ...DEFAULT_SETTINGS,
  mode: 'learn',
  consent: 'loopback',
  server: { ...SERVER, profileKey: 'k' },
  taste: { ...DEFAULT_SETTINGS.taste, consent: 'loopback' },
};
const learning = (change: Partial<Settings>, taste: Partial<Settings['taste']> = {}) =>
  mayLearn({ ...LEARNING, ...change, taste: { ...LEARNING.taste, ...taste } });

it('may learn in Learn and Swipe, and in Show only if the person wants it', () => {
  expect([learning({}), learning({ mode: 'swipe' }), learning({ mode: 'show' }), learning({ mode: 'off' })]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect([learning({ mode: 'show' }, { fromShow: true }), learning({ mode: 'off' }, { fromShow: true })]).toEqual([
    true,
    false,
  ]);
});

it('may learn only with both consents for this server and a key for profile IDs', () => {
  const elsewhere = { ...LEARNING.server, address: 'https://swipenet.example' };
  expect(learning({ consent: null })).toBe(false);
  expect(learning({}, { consent: null })).toBe(false);
  expect(learning({ server: SERVER })).toBe(false);
  expect(learning({ server: elsewhere })).toBe(false);
  expect(learning({ server: elsewhere, consent: 'https://swipenet.example' })).toBe(false);
  expect(hasTasteConsent({ ...LEARNING, server: elsewhere })).toBe(false);
});
