import { expect, it } from 'vitest';
import { changeSettings, DEFAULT_SETTINGS, type Limits } from '../../storage/settings.ts';
import {
  LIMIT_NAMES,
  NUMBER_FIELDS,
  type OptionEntries,
  type OptionValues,
  optionEntries,
  permissionFor,
  readOptions,
  serverWithKey,
} from './options-form.ts';

const { server: SERVER, limits, patience, historyDays } = DEFAULT_SETTINGS;
const server = { address: SERVER.address, token: 't' };
const VALUES: OptionValues = { server, limits, patience, historyDays };
const ENTRIES = optionEntries(VALUES);
const ALL_ON = Object.fromEntries(LIMIT_NAMES.map((name) => [name, true])) as OptionEntries['on'];
const ALL_OFF = Object.fromEntries(LIMIT_NAMES.map((name) => [name, false])) as OptionEntries['on'];
const NO_LIMITS = Object.fromEntries(LIMIT_NAMES.map((name) => [name, null])) as unknown as Limits;

const typed = (change: Partial<OptionEntries['texts']>, on = ALL_ON) => ({
  texts: { ...ENTRIES.texts, ...change },
  on,
});

it.each<Partial<OptionValues>>([
  {},
  { limits: NO_LIMITS },
  { limits: { ...limits, likesPerDay: 20, activeHours: { from: '22:00', to: '02:30' }, rightShare: 0.6 } },
  { patience: 0.1 },
  { patience: 2 },
  { historyDays: 0 },
  { historyDays: 365 },
])('reads back the settings that it shows, with %j', (change) => {
  const values = { ...VALUES, ...change };
  expect(readOptions(optionEntries(values))).toEqual(values);
});

it.each([
  [{ address: 'not an address' }, 'address'],
  [{ patience: 'half' }, 'patience'],
  [{ perMinute: '' }, 'perMinute'],
  [{ perMinute: '0' }, 'perMinute'],
  [{ perMinute: '1.5' }, 'perMinute'],
  [{ perMinute: '301' }, 'perMinute'],
  [{ perSession: '10001' }, 'perSession'],
  [{ perDay: '-1' }, 'perDay'],
  [{ likesPerDay: '0' }, 'likesPerDay'],
  [{ from: '' }, 'from'],
  [{ to: '' }, 'to'],
  [{ rightShare: '0' }, 'rightShare'],
  [{ rightShare: '101' }, 'rightShare'],
  [{ patience: '' }, 'patience'],
  [{ patience: '9' }, 'patience'],
  [{ patience: '1001' }, 'patience'],
  [{ historyDays: '366' }, 'historyDays'],
  [{ historyDays: '1.5' }, 'historyDays'],
  [{ patience: '0', perDay: '0' }, 'perDay'], // the field that is higher on the page
])('names the invalid field of %j', (change, field) => {
  expect(readOptions(typed(change))).toMatchObject({ field });
});

it('says which numbers a field accepts', () => {
  expect(readOptions(typed({ perDay: 'many' }))).toEqual({
    field: 'perDay',
    text: 'options_whole_wrong',
    name: 'options_per_day',
    range: [1, 10_000],
  });
});

it('accepts exactly the numbers that can be stored', async () => {
  for (const name of ['perMinute', 'perSession', 'perDay', 'likesPerDay'] as const) {
    const { min, max } = NUMBER_FIELDS[name];
    const stored = (number: number) =>
      changeSettings({ limits: { ...limits, [name]: number } }).then(
        () => true,
        () => false,
      );
    expect(await Promise.all([min - 1, min, max, max + 1].map(stored))).toEqual([false, true, true, false]);
  }
});

it('keeps the key for profile IDs as long as the server stays', () => {
  const before = { ...SERVER, profileKey: 'key' };
  expect(serverWithKey({ address: SERVER.address, token: 'new' }, before)).toEqual({ ...before, token: 'new' });
  expect(serverWithKey({ address: 'https://swipenet.example', token: 'new' }, before).profileKey).toBe('');
});

it('needs permission for the server’s host, and none for this machine', () => {
  expect(permissionFor('http://127.0.0.1:8787')).toBeUndefined();
  expect(permissionFor('https://swipenet.example:8443')).toBe('https://swipenet.example/*');
});

it.each(['perMinute', 'patience'] as const)('rejects text in %s that the browser can’t read as a number', (field) =>
  expect(readOptions(typed({ [field]: '' }), [field])).toMatchObject({ field }),
);

it('turns a limit off only by its checkbox, whatever its fields contain', () => {
  const emptied = { perMinute: '', perSession: 'x', perDay: '0', likesPerDay: '', from: '', to: '', rightShare: '' };
  expect(readOptions(typed(emptied, ALL_OFF), ['perMinute'])).toMatchObject({ limits: NO_LIMITS });
  for (const name of LIMIT_NAMES) {
    expect(readOptions(typed(emptied, { ...ALL_OFF, [name]: true }))).toHaveProperty('field');
  }
});
