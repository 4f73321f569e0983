import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../settings.ts';
import { optionEntries, permissionFor, readOptions } from './options-form.ts';

const { texts } = optionEntries(DEFAULT_SETTINGS);

it('gives back the settings that it shows', () => {
  for (const change of [{}, { threshold: 0.07 }, { threshold: 0.405, swipesPerMinute: null }]) {
    const { server, threshold, swipesPerMinute } = { ...DEFAULT_SETTINGS, ...change };
    const values = { server, threshold, swipesPerMinute };
    expect(readOptions(optionEntries(values))).toEqual(values);
  }
});

it.each([
  [{ address: 'not an address' }, 'address'],
  [{ threshold: '101' }, 'threshold'],
  [{ threshold: 'half' }, 'threshold'],
  [{ pace: '' }, 'pace'],
  [{ pace: '0' }, 'pace'],
  [{ pace: '1.5' }, 'pace'],
  [{ pace: '301' }, 'pace'],
])('names the field of %j', (change, field) => {
  expect(readOptions({ texts: { ...texts, ...change }, noPause: false })).toMatchObject({ field });
});

it('needs the permission for one origin, and none for this machine', () => {
  expect(permissionFor('http://127.0.0.1:8787')).toBeUndefined();
  expect(permissionFor('https://swipenet.example:8443')).toBe('https://swipenet.example/*');
});

it.each(['threshold', 'pace'] as const)('refuses what the browser could not read as the number of %s', (field) => {
  const entries = { texts: { ...texts, [field]: '' }, noPause: false };
  expect(readOptions(entries, [field])).toEqual({ field, says: 'options_number_wrong' });
});

it('swipes without a pause only where that was said, whatever the field holds', () => {
  expect(readOptions({ texts: { ...texts, pace: '' }, noPause: true }, ['pace'])).toMatchObject({
    swipesPerMinute: null,
  });
});
