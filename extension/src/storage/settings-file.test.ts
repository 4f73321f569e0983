import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { DEFAULT_RULES, RULE_RANGES, type Rules } from '../rules/rules.ts';
import { DEFAULT_SETTINGS, readSettings, replaceSettings, type Settings } from './settings.ts';
import {
  MAX_FILE_BYTES,
  portable,
  readSettingsFile,
  settingsFile,
  sideEffects,
  withPortable,
} from './settings-file.ts';

beforeEach(() => fakeBrowser.reset());

const orNull = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const fraction = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0); // JSON has no −0
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const rule = <Value>(value: fc.Arbitrary<Value>) =>
  fc.record({
    on: fc.boolean(),
    action: fc.constantFrom('left' as const, 'hold' as const),
    unknown: fc.constantFrom('ignore' as const, 'hold' as const),
    value,
  });
const words = fc.array(fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }), { maxLength: 5 });
const short = words.map((all) => all.map((word) => word.slice(0, 60)));
const anyRules: fc.Arbitrary<Rules> = fc.record({
  minAge: rule(fc.integer(RULE_RANGES.minAge)),
  maxAge: rule(fc.integer(RULE_RANGES.maxAge)),
  maxDistance: rule(fc.integer(RULE_RANGES.maxDistance)),
  minPhotos: rule(fc.integer(RULE_RANGES.minPhotos)),
  mustHave: rule(short),
  mustNotHave: rule(short),
  verifiedOnly: fc.constantFrom(DEFAULT_RULES.verifiedOnly, { on: true, action: 'hold', unknown: 'ignore' } as const),
  unit: fc.constantFrom('km' as const, 'mi' as const),
  holdsSeen: fc.boolean(),
});
const count = (max: number) => orNull(fc.integer({ min: 1, max }));
const anySettings: fc.Arbitrary<Settings> = fc.record({
  mode: fc.constantFrom('off' as const, 'show' as const, 'learn' as const, 'swipe' as const),
  consent: orNull(fc.constant('https://home.example')),
  server: fc.constant({ address: 'https://home.example', token: 'the-token', profileKey: 'the-key' }),
  thresholds: fc.record({
    chosen: fc.uniqueArray(fc.record({ model: fc.string(), sha256: fc.string(), threshold: fraction }), {
      selector: ({ model, sha256 }) => JSON.stringify([model, sha256]),
      maxLength: 5,
    }),
    unassigned: orNull(fraction),
  }),
  limits: fc.record({
    perMinute: count(300),
    perSession: count(10_000),
    perDay: count(10_000),
    likesPerDay: count(10_000),
    activeHours: orNull(fc.record({ from: time, to: time })),
    rightShare: orNull(fraction),
  }),
  patience: fc.double({ min: 0.1, max: 10, noNaN: true }),
  historyDays: fc.integer({ min: 0, max: 365 }),
  taste: fc.record({
    consent: orNull(fc.constant('https://home.example')),
    fromShow: fc.boolean(),
    asksMe: fc.boolean(),
    spotCheckEvery: orNull(fc.integer({ min: 2, max: 1_000 })),
    swipeAnyway: orNull(fc.constant('taste-0007')),
    words: fc.boolean(),
    knowsQuality: fc.boolean(),
  }),
  rules: anyRules,
});

const holds = (property: (from: Settings, to: Settings) => void) =>
  fc.assert(fc.property(anySettings, anySettings, property));

it('imports exactly what was exported', () => {
  holds((settings) => {
    expect(readSettingsFile(settingsFile(settings))).toEqual(portable(settings));
  });
});

it('never grants consent, permission or Swipe, and changes neither the server nor what is learned from', () => {
  holds((from, to) => {
    const read = readSettingsFile(settingsFile(from));
    if ('problem' in read) throw new Error(read.problem);
    const { mode, consent, server, taste } = withPortable(to, read);
    expect({ mode, consent, server }).toEqual({ mode: to.mode, consent: to.consent, server: to.server });
    const { asksMe: _asksMe, spotCheckEvery: _every, ...kept } = taste;
    expect(to.taste).toMatchObject(kept);
  });
});

it('also ignores a consent, a token or a mode that somebody wrote into the file', () => {
  const file = JSON.parse(settingsFile(DEFAULT_SETTINGS));
  Object.assign(file.settings, {
    mode: 'swipe',
    consent: 'loopback',
    server: { address: 'a', token: 't', profileKey: '' },
  });
  Object.assign(file.settings.taste, { consent: 'loopback', swipeAnyway: 'taste-0001', words: true, fromShow: true });
  const read = readSettingsFile(JSON.stringify(file));
  expect('problem' in read || withPortable(DEFAULT_SETTINGS, read)).toEqual(DEFAULT_SETTINGS);
});

it('writes no token, key, address or consent into the file', () => {
  holds((settings) => {
    expect(settingsFile(settings)).not.toMatch(/the-token|the-key|home\.example|taste-0007/);
  });
});

it('keeps even the longest rules below the limit of the file', () => {
  const long = { on: true, action: 'left', unknown: 'hold', value: new Array(200).fill('“'.repeat(60)) } as const;
  const rules = {
    ...DEFAULT_RULES,
    mustHave: { ...long, value: [...long.value] },
    mustNotHave: { ...long, value: [...long.value] },
  };
  expect(new Blob([settingsFile({ ...DEFAULT_SETTINGS, rules })]).size).toBeLessThan(MAX_FILE_BYTES / 5);
});

it('reads the file of an earlier version through the migrations of the storage', () => {
  const {
    rules: _rules,
    thresholds: _thresholds,
    ...old
  } = JSON.parse(settingsFile({ ...DEFAULT_SETTINGS, patience: 3 })).settings;
  const file = { format: 'swipenet-settings', settings: { ...old, threshold: 0.55, version: 4 } };
  expect(readSettingsFile(JSON.stringify(file))).toEqual({
    ...{ ...portable(DEFAULT_SETTINGS), patience: 3 },
    thresholds: { chosen: [], unassigned: 0.55 },
  });
});

const sample = JSON.parse(settingsFile(DEFAULT_SETTINGS));

it.each([
  ['a newer version', { ...sample, settings: { ...sample.settings, version: 99 } }, 'file_newer'],
  ['no version', { ...sample, settings: { ...sample.settings, version: undefined } }, 'file_damaged'],
  ['a strange version', { ...sample, settings: { ...sample.settings, version: '6' } }, 'file_damaged'],
  ['an invalid value', { ...sample, settings: { ...sample.settings, patience: 0 } }, 'file_damaged'],
  ['a missing part', { ...sample, settings: { ...sample.settings, limits: undefined } }, 'file_damaged'],
  ['no settings', { ...sample, settings: null }, 'file_damaged'],
  ['another format', { ...sample, format: 'swipenet-history' }, 'file_not_settings'],
  ['a list', [], 'file_not_settings'],
  ['null', null, 'file_not_settings'],
])('refuses a file with %s', (_, content, problem) => {
  expect(readSettingsFile(JSON.stringify(content))).toEqual({ problem });
});

it('refuses every file that was cut off, and text that is no JSON', () => {
  const text = settingsFile(DEFAULT_SETTINGS).trimEnd();
  for (let length = 0; length < text.length; length += 7) {
    expect(readSettingsFile(text.slice(0, length))).toEqual({ problem: 'file_not_settings' });
  }
});

it('stores what is imported with the rest as it was', async () => {
  await browser.storage.local.set({
    settings: { ...DEFAULT_SETTINGS, mode: 'learn', consent: 'loopback', version: 7 },
  });
  await replaceSettings((before) => withPortable(before, { ...portable(DEFAULT_SETTINGS), patience: 2 }));
  expect(await readSettings()).toEqual({ ...DEFAULT_SETTINGS, mode: 'learn', consent: 'loopback', patience: 2 });
});

it('names what a change also does', () => {
  const after = (change: Partial<Settings>) => portable({ ...DEFAULT_SETTINGS, ...change });
  const limits = { ...DEFAULT_SETTINGS.limits, perMinute: null };
  expect(sideEffects(DEFAULT_SETTINGS, after({}))).toEqual([]);
  expect(sideEffects(DEFAULT_SETTINGS, after({ limits, historyDays: 30 }))).toEqual(['pauses_end', 'history_shrinks']);
  expect(sideEffects(DEFAULT_SETTINGS, after({ historyDays: 0 }))).toEqual(['history_ends']);
  expect(sideEffects({ ...DEFAULT_SETTINGS, limits, historyDays: 1 }, after({ limits }))).toEqual([]);
});
