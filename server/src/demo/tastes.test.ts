import { describe, expect, it } from 'vitest';
import { profilesOf } from './profiles.ts';
import { answersOf, BIO_TASTES, likes, TASTES } from './tastes.ts';

const SEEDS = [1, 2, 3, 77, 4_294_967_295];

describe.each([...TASTES, ...BIO_TASTES])('a person with the taste %s', (taste) => {
  it.each(SEEDS)('likes 25 to 50% of a deck, and answers so: seed %i', (seed) => {
    const deck = profilesOf(seed, 120, 'themes');
    const shareOf = (answers: readonly boolean[]) => answers.filter(Boolean).length / answers.length;
    for (const share of [
      shareOf(deck.map((profile, place) => likes({ taste }, place, profile))),
      shareOf(answersOf({ taste }, seed, deck)),
    ]) {
      expect(share).toBeGreaterThanOrEqual(0.25);
      expect(share).toBeLessThanOrEqual(0.5);
    }
  });

  it('makes one mistake in every 20 answers, the same ones for the same seed', () => {
    const deck = profilesOf(5, 200, 'themes');
    const answers = answersOf({ taste }, 5, deck);
    const mistakes = deck.map((profile, place) => likes({ taste }, place, profile) !== answers[place]);
    for (let first = 0; first < deck.length; first += 20) {
      expect(mistakes.slice(first, first + 20).filter(Boolean)).toHaveLength(1);
    }
    expect(answersOf({ taste }, 5, profilesOf(5, 200, 'themes'))).toEqual(answers);
    const elsewhere = profilesOf(6, 200, 'themes');
    const others = answersOf({ taste }, 6, elsewhere);
    expect(elsewhere.map((profile, place) => likes({ taste }, place, profile) !== others[place])).not.toEqual(mistakes);
  });

  it('likes exactly the other profiles once it has drifted', () => {
    const deck = profilesOf(3, 60, 'themes');
    const before = answersOf({ taste }, 3, deck);
    const after = answersOf({ taste, drift: 25 }, 3, deck);
    expect(after.slice(0, 25)).toEqual(before.slice(0, 25));
    expect(after.slice(25)).toEqual(before.slice(25).map((answer) => !answer));
    expect(answersOf({ taste, drift: 0 }, 3, deck)).toEqual(before.map((answer) => !answer));
  });
});

it('shows the tastes of bios in nothing but the bio', () => {
  const [taste] = BIO_TASTES;
  for (const [place, profile] of profilesOf(1, 40, 'themes').entries()) {
    const [liked, other] = ['Cartographer. I like pine trees. My plants have names.', 'Cartographer. I like fog.'];
    expect(likes({ taste }, place, { ...profile, bio: liked })).toBe(true);
    expect(likes({ taste }, place, { ...profile, bio: other })).toBe(false);
  }
});

describe('the deck of themes', () => {
  it.each(SEEDS)('has 3 to 6 photos per profile and none that is broken: seed %i', (seed) => {
    for (const { photos } of profilesOf(seed, 40, 'themes')) {
      expect(photos.length).toBeGreaterThanOrEqual(3);
      expect(photos.length).toBeLessThanOrEqual(6);
      expect(photos.some(({ broken }) => broken)).toBe(false);
    }
  });
});
