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
} from './options-form.ts';

const { server, threshold, limits, patience } = DEFAULT_SETTINGS;
const VALUES: OptionValues = { server, threshold, limits, patience };
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
  { threshold: 0.07 },
  { threshold: 0.405, limits: NO_LIMITS },
  { limits: { ...limits, likesPerDay: 20, activeHours: { from: '22:00', to: '02:30' }, rightShare: 0.6 } },
  { patience: 0.1 },
  { patience: 2 },
])('gives back the settings that it shows, with %j', (change) => {
  const values = { ...VALUES, ...change };
  expect(readOptions(optionEntries(values))).toEqual(values);
});

it.each([
  [{ address: 'not an address' }, 'address'],
  [{ threshold: '101' }, 'threshold'],
  [{ threshold: 'half' }, 'threshold'],
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
  [{ patience: '0', perDay: '0' }, 'perDay'], // the one that stands higher on the page
])('names the field of %j', (change, field) => {
  expect(readOptions(typed(change))).toMatchObject({ field });
});

it('says which number a field takes', () => {
  expect(readOptions(typed({ perDay: 'many' }))).toEqual({
    field: 'perDay',
    says: 'options_whole_wrong',
    name: 'options_per_day',
    range: ['1', '10000'],
  });
});

it('takes exactly the numbers that a setting may have', async () => {
  for (const name of ['perMinute', 'perSession', 'perDay', 'likesPerDay'] as const) {
    const { least, most } = NUMBER_FIELDS[name];
    const stored = (number: number) =>
      changeSettings({ limits: { ...limits, [name]: number } }).then(
        () => true,
        () => false,
      );
    expect(await Promise.all([least - 1, least, most, most + 1].map(stored))).toEqual([false, true, true, false]);
  }
});

it('needs the permission for one origin, and none for this machine', () => {
  expect(permissionFor('http://127.0.0.1:8787')).toBeUndefined();
  expect(permissionFor('https://swipenet.example:8443')).toBe('https://swipenet.example/*');
});

it.each(['threshold', 'perMinute', 'patience'] as const)(
  'refuses what the browser could not read as the number of %s',
  (field) => expect(readOptions(typed({ [field]: '' }), [field])).toMatchObject({ field }),
);

it('has no limit where that was said, whatever its field holds, and only there', () => {
  const emptied = { perMinute: '', perSession: 'x', perDay: '0', likesPerDay: '', from: '', to: '', rightShare: '' };
  expect(readOptions(typed(emptied, ALL_OFF), ['perMinute'])).toMatchObject({ limits: NO_LIMITS });
  for (const name of LIMIT_NAMES) {
    expect(readOptions(typed(emptied, { ...ALL_OFF, [name]: true }))).toHaveProperty('field');
  }
});
