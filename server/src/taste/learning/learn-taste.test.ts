import { OWNER_TASTE } from '@swipenet/shared/contract/taste.ts';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { ProcessLock } from '../../files/process-lock.ts';
import { Home } from '../../home/home.ts';
import { TasteStore } from '../store/taste-store.ts';
import { learnTaste } from './learn-taste.ts';

it('lets one process learn at a time', async () => {
  const home = new Home(temporaryFolder());
  const store = TasteStore.open(home, { now: () => new Date('2026-11-28T00:00:00Z') });
  onTestFinished(() => store.close());
  const learn = () => learnTaste(store.database, { home, taste: OWNER_TASTE, target: { kind: 'balanced-accuracy' } });
  {
    using _held = ProcessLock.take(home.tasteLearning);
    await expect(learn()).rejects.toMatchObject({ code: 'taste_busy' });
  }
  await expect(learn()).rejects.toMatchObject({ code: 'dataset_too_small' }); // there are no swipes yet
});
