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
    for (const profile of deck) expect(profileOf(5, profile.id)).toEqual(profile);
  });

  it.each(['p', 'p-1', `p${MAX_PROFILES}`, 'p1.5', 'q1', '', 'p0 '])('has no profile with the id %j', (id) => {
    expect(profileOf(1, id)).toBeUndefined();
  });

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
