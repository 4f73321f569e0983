import { describe, expect, it } from 'vitest';
import { newStore, swipeOn } from '../../../test/support/taste-store.ts';
import { forgetVersions, isWorse, keepHeldOut } from './held-out.ts';

/** A store with three swipes, IDs 1 to 3. */
function withSwipes() {
  const { store } = newStore();
  for (const profile of ['one', 'two', 'three']) store.record(swipeOn(profile), { photos: [] });
  return store;
}

describe('a version against an earlier one', () => {
  it('is judged by the swipes that both were tested on', () => {
    const { database } = withSwipes();
    keepHeldOut(database, 'taste-0001', [
      { swipe: 1, loss: 0.5 },
      { swipe: 2, loss: 0.7 },
    ]);
    keepHeldOut(database, 'taste-0002', [
      { swipe: 1, loss: 0.5 },
      { swipe: 2, loss: 0.6 },
      { swipe: 3, loss: 4 }, // a hard one, which says nothing about the earlier version
    ]);
    expect(isWorse(database, 'taste-0002', 'taste-0001')).toBe(false);
    expect(isWorse(database, 'taste-0001', 'taste-0002')).toBe(true);
  });

  it('isn’t worse if it is equal or nothing is known', () => {
    const { database } = withSwipes();
    keepHeldOut(database, 'taste-0001', [{ swipe: 1, loss: 0.5 }]);
    keepHeldOut(database, 'taste-0002', [{ swipe: 1, loss: 0.5 }]);
    expect(isWorse(database, 'taste-0002', 'taste-0001')).toBe(false);
    expect(isWorse(database, 'taste-0002', 'taste-0009')).toBe(false);
  });

  it('isn’t judged by a swipe that was deleted or replaced', () => {
    const store = withSwipes();
    const { database } = store;
    keepHeldOut(
      database,
      'taste-0001',
      [1, 2, 3].map((swipe) => ({ swipe, loss: 0.1 })),
    );
    store.remove('owner', 1);
    store.record(swipeOn('two', { swipe: 'right' }), { photos: [] });
    keepHeldOut(database, 'taste-0002', [
      { swipe: 1, loss: 9 },
      { swipe: 2, loss: 9 },
      { swipe: 3, loss: 0.1 },
    ]);
    expect(isWorse(database, 'taste-0002', 'taste-0001')).toBe(false);
  });

  it('is forgotten when it is gone', () => {
    const { database } = withSwipes();
    for (const version of ['taste-0001', 'taste-0002']) keepHeldOut(database, version, [{ swipe: 1, loss: 1 }]);
    forgetVersions(database, ['taste-0002']);
    expect(database.all('SELECT version FROM held_out')).toEqual([{ version: 'taste-0002' }]);
  });
});
