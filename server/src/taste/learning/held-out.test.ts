import { describe, expect, it } from 'vitest';
import { newStore, swipeOn } from '../../../../test/support/taste-store.ts';
import { type HeldOut, isWorse, keepHeldOut } from './held-out.ts';

/** A store with three swipes, IDs 1 to 3, and what an earlier version lost on them. */
function withSwipes(losses: readonly HeldOut[]) {
  const { store } = newStore();
  for (const profile of ['one', 'two', 'three']) store.record(swipeOn(profile), { photos: [] });
  keepHeldOut(store.database, { version: 'taste-0001', losses }, new Set(['taste-0001']));
  return store;
}

describe('a version against an earlier one', () => {
  it('is judged by the swipes that both were tested on', () => {
    const { database } = withSwipes([
      { swipe: 1, loss: 0.5 },
      { swipe: 2, loss: 0.7 },
    ]);
    const hard = { swipe: 3, loss: 4 }; // it says nothing about the earlier version
    const lossesOf = (one: number, two: number) => [{ swipe: 1, loss: one }, { swipe: 2, loss: two }, hard];
    expect(isWorse(database, lossesOf(0.5, 0.6), 'taste-0001')).toBe(false);
    expect(isWorse(database, lossesOf(0.5, 0.8), 'taste-0001')).toBe(true);
    expect(isWorse(database, lossesOf(0.7, 0.4), 'taste-0001')).toBe(false);
  });

  it('isn’t worse if it is equal or nothing is known', () => {
    const losses = [{ swipe: 1, loss: 0.5 }];
    const { database } = withSwipes(losses);
    expect(isWorse(database, losses, 'taste-0001')).toBe(false);
    expect(isWorse(database, losses, 'taste-0009')).toBe(false);
  });

  it('isn’t judged by a swipe that was deleted or replaced', () => {
    const store = withSwipes([1, 2, 3].map((swipe) => ({ swipe, loss: 0.1 })));
    store.remove('owner', 1);
    store.record(swipeOn('two', { swipe: 'right' }), { photos: [] });
    const losses = [
      { swipe: 1, loss: 9 },
      { swipe: 2, loss: 9 },
      { swipe: 3, loss: 0.1 },
    ];
    expect(isWorse(store.database, losses, 'taste-0001')).toBe(false);
  });

  it('is forgotten when it is gone, and keeps nothing of a swipe that is gone', () => {
    const store = withSwipes([{ swipe: 1, loss: 1 }]);
    store.remove('owner', 2);
    const losses = [1, 2, 3].map((swipe) => ({ swipe, loss: 1 }));
    keepHeldOut(store.database, { version: 'taste-0002', losses }, new Set(['taste-0002']));
    expect(store.database.all('SELECT version, swipe FROM held_out ORDER BY swipe')).toEqual(
      [1, 3].map((swipe) => ({ version: 'taste-0002', swipe })),
    );
  });
});
