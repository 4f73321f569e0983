import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../settings.ts';
import { optionTexts, permissionFor, readOptions } from './options-form.ts';

const texts = optionTexts(DEFAULT_SETTINGS);

it('gives back the settings that it shows', () => {
  for (const change of [{}, { threshold: 0.07 }, { threshold: 0.405, swipesPerMinute: null }]) {
    const { server, threshold, swipesPerMinute } = { ...DEFAULT_SETTINGS, ...change };
    const values = { server, threshold, swipesPerMinute };
    expect(readOptions(optionTexts(values))).toEqual(values);
  }
});

it.each([
  [{ address: 'not an address' }, 'address'],
  [{ threshold: '101' }, 'threshold'],
  [{ threshold: 'half' }, 'threshold'],
  [{ pace: '0' }, 'pace'],
  [{ pace: '1.5' }, 'pace'],
  [{ pace: '301' }, 'pace'],
])('names the field of %j', (change, field) => {
  expect(readOptions({ ...texts, ...change })).toMatchObject({ field });
});

it('needs the permission for one origin, and none for this machine', () => {
  expect(permissionFor('http://127.0.0.1:8787')).toBeUndefined();
  expect(permissionFor('https://swipenet.example:8443')).toBe('https://swipenet.example/*');
});
