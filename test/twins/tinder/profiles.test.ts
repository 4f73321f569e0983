import { expect, it } from 'vitest';
import { DEFAULT_RATES, indexOfProfile, placeOfToken, stillsOf, truthOf, twinProfile } from './profiles.ts';

const today = new Date('2026-09-01T10:00:00Z');
const deck = (seed: number, rates = DEFAULT_RATES) =>
  Array.from({ length: 1_000 }, (_, index) => twinProfile(seed, index, { today, rates }));

const profiles = deck(1);

it('makes the same people of the same seed, and others of another', () => {
  expect(deck(1)).toEqual(profiles);
  expect(deck(2)[0]).not.toEqual(profiles[0]);
});

it('lets half of them go right and half left, and holds none while every photo comes', () => {
  const swipes = profiles.map((profile) => truthOf(profile).swipe);
  expect(swipes.filter((swipe) => swipe === 'right').length).toBeGreaterThan(430);
  expect(swipes.filter((swipe) => swipe === 'left').length).toBeGreaterThan(430);
  expect(swipes).not.toContain('hold');
});

it('gives one to nine photos, never a video alone, sometimes a video first', () => {
  const counts = new Set(profiles.map(({ photos }) => photos.length));
  expect([...counts].toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(profiles.every((profile) => stillsOf(profile).length > 0)).toBe(true);
  expect(profiles.some(({ photos }) => photos[0]!.video)).toBe(true);
});

it('has neighbours of the same name and age, with ids and photos of their own', () => {
  const twins = profiles.filter(
    ({ name, age }, at) => profiles[at - 1]?.name === name && profiles[at - 1]?.age === age,
  );
  expect(twins.length).toBeGreaterThan(20);
  expect(new Set(profiles.map(({ id }) => id)).size).toBe(profiles.length);
  const tokens = profiles.flatMap(({ photos }) => photos.map(({ token }) => token));
  expect(new Set(tokens).size).toBe(tokens.length);
});

it('knows whose an id and a token are, and none of another seed', () => {
  for (const { index, id, photos } of profiles) {
    expect(indexOfProfile(1, id)).toBe(index);
    for (const [photo, { token }] of photos.entries())
      expect(placeOfToken(1, token)).toEqual({ profile: index, photo });
  }
  expect(indexOfProfile(2, profiles[0]!.id)).toBeUndefined();
  expect(placeOfToken(2, profiles[0]!.photos[0]!.token)).toBeUndefined();
  expect(indexOfProfile(1, 'not an id')).toBeUndefined();
});

it('says an age that the date of birth makes for two days more', () => {
  for (const { age, birthDate } of profiles) {
    for (const day of [today, new Date(today.getTime() + 86_400_000)]) {
      const birthday = new Date(birthDate);
      birthday.setUTCFullYear(birthday.getUTCFullYear() + age);
      expect(birthday.getTime()).toBeLessThanOrEqual(day.getTime());
      birthday.setUTCFullYear(birthday.getUTCFullYear() + 1);
      expect(birthday.getTime()).toBeGreaterThan(day.getTime());
    }
  }
});

it('holds who has a dead photo and no LIKE', () => {
  const dead = deck(1, { ...DEFAULT_RATES, dead: 1 });
  expect(new Set(dead.map((profile) => truthOf(profile).swipe))).toEqual(new Set(['hold']));
});
