import { Home } from '@swipenet/server/home/home.ts';
import { TasteLearner } from '@swipenet/server/taste/learning/taste-learner.ts';
import { TasteStore } from '@swipenet/server/taste/store/taste-store.ts';
import { TasteDesk, type TasteDeskOptions } from '@swipenet/server/taste/taste-desk.ts';
import { onTestFinished } from 'vitest';
import { ManualClock } from './manual-clock.ts';
import { BODY } from './taste-store.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A desk on a real database in a folder of its own, which is created when it is used. Nothing is ever learned. */
export function newDesk(options: Partial<TasteDeskOptions> = {}): TasteDesk {
  const start = () => {
    throw new Error('this test doesn’t learn');
  };
  let home: Home | undefined;
  const openStore = () => {
    home ??= new Home(temporaryFolder());
    const store = TasteStore.open(home, { now: () => new Date('2026-11-27T12:00:00Z') });
    onTestFinished(() => store.close());
    return store;
  };
  return new TasteDesk({
    home: new Home('/a home without models'),
    openStore,
    key: new Uint8Array(32).fill(7),
    required: 0.6,
    threshold: undefined,
    keepsPhotos: false,
    learner: new TasteLearner({
      ...{ every: 10, start, clock: new ManualClock(), onOutcome: () => {} },
      question: start,
      database: start,
    }),
    secondSession: () => null,
    base: () => BODY.sha256,
    use: async () => {},
    ...options,
  });
}
