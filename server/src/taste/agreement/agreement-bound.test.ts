import { seededRandom } from '@swipenet/shared/random.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Agreement, balancedAgreement, type CountedSwipe, NO_AGREEMENT, withSwipe } from './agreement.ts';
import { CONFIDENCE, FIRST_GUESS, logWealth, lowerBound, REJECTING_LOG_WEALTH } from './agreement-bound.ts';

const tally = fc.record({ agreed: fc.nat(60), disagreed: fc.nat(60) });
const agreements = fc.record({ likes: tally, passes: tally });
const history = fc.array(fc.record({ liked: fc.boolean(), agreed: fc.boolean() }), { maxLength: 80 });

const agreementOf = (swipes: readonly CountedSwipe[]) => swipes.reduce(withSwipe, NO_AGREEMENT);

/** Claims per label in the oracle's grid. */
const GRID = 400;

/** Plays the game bet by bet against each claim `g / 400` about a label's share. Returns the wealth per claim. */
function wealthOfBets(swipes: readonly CountedSwipe[], liked: boolean): number[] {
  return Array.from({ length: GRID - 1 }, (_, at) => {
    const claim = (at + 1) / GRID;
    let wealth = 1;
    let { agreed, disagreed } = FIRST_GUESS;
    for (const swipe of swipes) {
      if (swipe.liked !== liked) continue;
      const bet = (agreed / (agreed + disagreed) - claim) / (claim * (1 - claim));
      wealth *= 1 + bet * ((swipe.agreed ? 1 : 0) - claim);
      if (swipe.agreed) agreed += 1;
      else disagreed += 1;
    }
    return wealth;
  });
}

/** The smallest mean of two shares in the grid that the bets don't reject. */
function slowLowerBound(swipes: readonly CountedSwipe[]): number {
  const [likes, passes] = [wealthOfBets(swipes, true), wealthOfBets(swipes, false)];
  let bound = 1;
  for (const [one, ofLikes] of likes.entries()) {
    for (const [other, ofPasses] of passes.entries()) {
      if (ofLikes * ofPasses < 1 / (1 - CONFIDENCE)) bound = Math.min(bound, (one + other + 2) / (2 * GRID));
    }
  }
  return bound;
}

describe('the lower bound of balanced agreement', () => {
  it('is the one that betting swipe by swipe against every pair of shares gives', () => {
    fc.assert(
      fc.property(history, (swipes) => {
        const [fast, slow] = [lowerBound(agreementOf(swipes)), slowLowerBound(swipes)];
        return slow > fast - 1e-9 && slow < fast + 1.5 / GRID;
      }),
      { numRuns: 60 },
    );
  });

  // 2,000 people for each pair of shares, looked at after each of 400 swipes. The standard error of 5% is 0.5%.
  it.each([
    [0.5, 0.5, 0.2],
    [0.75, 0.75, 0.5],
    [0.9, 0.3, 0.35],
    [0, 1, 0.15],
    [0.95, 0.95, 0.2],
  ])('is too high at any of 400 looks for at most 5% of people (likes %d, passes %d, like rate %d)', (a1, a0, rate) => {
    const random = seededRandom(Math.round(1000 * (a1 + 10 * a0 + 100 * rate)));
    let wrong = 0;
    for (let person = 0; person < 2_000; person += 1) {
      let agreement: Agreement = NO_AGREEMENT;
      for (let look = 0; look < 400; look += 1) {
        const liked = random() < rate;
        agreement = withSwipe(agreement, { liked, agreed: random() < (liked ? a1 : a0) });
        // The bound exceeds the truth exactly if the truth is rejected.
        if (logWealth(agreement, (a1 + a0) / 2) < REJECTING_LOG_WEALTH) continue;
        wrong += 1;
        break;
      }
    }
    expect(wrong / 2_000).toBeLessThanOrEqual(1 - CONFIDENCE);
  });

  it('is below the balanced agreement, and in the range of a share', () => {
    fc.assert(
      fc.property(agreements, (agreement) => {
        const bound = lowerBound(agreement);
        return bound >= 0 && bound <= (balancedAgreement(agreement) ?? 0.5);
      }),
    );
  });

  it('rises with each agreement, falls with each disagreement, and approaches the truth', () => {
    fc.assert(
      fc.property(agreements, fc.boolean(), (agreement, liked) => {
        const bound = lowerBound(agreement);
        const better = lowerBound(withSwipe(agreement, { liked, agreed: true }));
        const worse = lowerBound(withSwipe(agreement, { liked, agreed: false }));
        return better >= bound - 1e-9 && worse <= bound + 1e-9;
      }),
    );
    const of = (count: number) => ({ agreed: 0.8 * count, disagreed: 0.2 * count });
    const bounds = [10, 100, 1_000, 10_000, 100_000].map((count) =>
      lowerBound({ likes: of(count), passes: of(count) }),
    );
    expect(bounds).toEqual(bounds.toSorted((one, other) => one - other));
    expect(bounds.at(-1)).toBeGreaterThan(0.795);
  });

  it('treats likes and passes alike', () => {
    fc.assert(
      fc.property(agreements, ({ likes, passes }) => {
        const bound = lowerBound({ likes, passes });
        return Math.abs(lowerBound({ likes: passes, passes: likes }) - bound) < 1e-9;
      }),
    );
  });

  it('never exceeds 50% without swipes of both labels, or for a network that always says the same', () => {
    for (const count of [0, 1, 20, 300, 5_000]) {
      const [all, none] = [
        { agreed: count, disagreed: 0 },
        { agreed: 0, disagreed: count },
      ];
      const empty = { agreed: 0, disagreed: 0 };
      for (const [likes, passes] of [
        [all, empty],
        [empty, all],
        [all, none],
        [none, all],
      ] as const) {
        expect(lowerBound({ likes, passes })).toBeLessThanOrEqual(0.5);
      }
    }
  });
});
