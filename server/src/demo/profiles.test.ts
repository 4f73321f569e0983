import { describe, expect, it } from 'vitest';
import { MAX_PROFILES, profileOf, profilesOf } from './profiles.ts';

describe('the deck', () => {
  it('is the same for the same seed and different for another', () => {
    expect(profilesOf(1, 20)).toEqual(profilesOf(1, 20));
    expect(profilesOf(2, 20)).not.toEqual(profilesOf(1, 20));
  });

  it('begins the same whatever its length, and finds every profile by its id', () => {
    const deck = profilesOf(5, 40);
    expect(profilesOf(5, 7)).toEqual(deck.slice(0, 7));
    for (const profile of deck) expect(profileOf(profile.id)).toEqual(profile);
  });

  it('shows a portrait in every profile without a taste, none twice among 100 profiles, and most of them first', () => {
    const portraits = profilesOf(3, 100).map(({ photos }) => photos.filter(({ scene }) => scene === 'portrait'));
    expect(portraits.map(({ length }) => length)).toEqual(Array(100).fill(1));
    expect(new Set(portraits.flat().map(({ seed }) => seed)).size).toBe(100);
    const first = profilesOf(3, 100).filter(({ photos }) => photos[0]!.scene === 'portrait');
    expect(first.length).toBeGreaterThan(60);
  });

  it('gives no two profiles the same ID, whatever their seed and kind of deck', () => {
    const decks = [1, 2, 11].flatMap((seed) => [profilesOf(seed, 30), profilesOf(seed, 30, 'themes')]);
    const ids = decks.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('shows distances in kilometers, or in miles for even seeds, and hides a few', () => {
    const distances = (seed: number) => profilesOf(seed, 100).map(({ distance }) => distance);
    for (const distance of distances(1)) if (distance) expect(distance).toMatch(/^\d+ km$/);
    for (const distance of distances(2)) if (distance) expect(distance).toMatch(/^(1 mile|\d+ miles)$/);
    expect(distances(1).filter((distance) => !distance).length).toBeGreaterThan(2);
    expect(new Set(profilesOf(1, 100).map(({ isVerified }) => isVerified)).size).toBe(2);
  });

  it.each(['p', 'p1', 'p1-', 'p-1', `p1-${MAX_PROFILES}`, 'p1-1.5', 'q1-0', '', 'p1-0 ', 'p01-0', 'p4294967296-0'])(
    'has no profile with the id %j',
    (id) => expect(profileOf(id)).toBeUndefined(),
  );

  it.each([1, 2, 77, 4_294_967_295])(
    'has 3 to 6 photos per profile and one broken photo per 20 profiles: seed %i',
    (seed) => {
      const deck = profilesOf(seed, 20);
      for (const { name, age, bio, photos } of deck) {
        expect(photos.length).toBeGreaterThanOrEqual(3);
        expect(photos.length).toBeLessThanOrEqual(6);
        expect(age).toBeGreaterThanOrEqual(21);
        expect(name.length * bio.length).toBeGreaterThan(0);
      }
      expect(new Set(deck.map(({ name }) => name)).size).toBe(20);
      expect(deck.flatMap(({ photos }) => photos).filter(({ broken }) => broken)).toHaveLength(1);
    },
  );
});
