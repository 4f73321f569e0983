import { readFile } from 'node:fs/promises';
import { constants, getPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@swipenet/server/clock.ts';
import { Home } from '@swipenet/server/home/home.ts';
import { grayLevels } from '@swipenet/server/image/photo-bytes.ts';
import { centerCrop } from '@swipenet/server/image/preprocess.ts';
import { loadEmbeddedModel } from '@swipenet/server/registry/model-folders.ts';
import { openSession } from '@swipenet/server/runtime/session.ts';
import { describeStalePhotos } from '@swipenet/server/taste/learning/describe-stale-photos.ts';
import { type LearnerChild, startLearner, TasteLearner } from '@swipenet/server/taste/learning/taste-learner.ts';
import { listVersions } from '@swipenet/server/taste/learning/versions.ts';
import { TasteStore } from '@swipenet/server/taste/store/taste-store.ts';
import { refreshFeatures, trainingProfiles, unusableSwipes } from '@swipenet/server/taste/store/training-profiles.ts';
import { readPretrained } from '@swipenet/server/training/run/start/pretrained.ts';
import { expect, it, onTestFinished, vi } from 'vitest';
import { newStore, photoOf, swipeOn } from '../support/taste-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Far more than learning takes. The process that learns has the lowest priority, so on a busy machine it gets little time. */
const HANG_MS = 240_000;
vi.setConfig({ testTimeout: HANG_MS });

/** A home folder with swipes on `base`, whose likes differ in some features. */
async function homeWithSwipes(likes: number, passes: number) {
  const home = new Home(temporaryFolder());
  const store = TasteStore.open(home, { now: () => new Date('2026-11-27T12:00:00Z') });
  onTestFinished(() => store.close());
  const body = { sha256: (await readPretrained('base'))!.forHeads!.sha256, precision: 'fp32' } as const;
  const swipe = (seed: number, isLike: boolean) => {
    const { features } = photoOf(seed, body);
    if (isLike) for (let at = 0; at < 200; at += 1) features[at]! += 0.5;
    store.record(swipeOn(`profile ${seed}`, { swipe: isLike ? 'right' : 'left' }), { photos: [{ features, body }] });
  };
  for (let seed = 0; seed < likes + passes; seed += 1) swipe(seed, seed < likes);
  return { home, store, swipe };
}

const questionIn = (home: Home) =>
  ({ home: home.folder, taste: 'owner', target: { kind: 'balanced-accuracy' } }) as const;

function learnerIn(home: Home, { database }: TasteStore) {
  const priorities: number[] = [];
  const start = (): LearnerChild => {
    const child = startLearner(systemClock);
    const ask: LearnerChild['ask'] = async (...question) => {
      const answer = await child.ask(...question);
      priorities.push(getPriority(child.pid));
      return answer;
    };
    return {
      ...{ ask, kill: () => child.kill(), exited: child.exited },
      ...{ pause: () => child.pause(), resume: () => child.resume() },
    };
  };
  const learner = new TasteLearner({
    ...{ every: 10, question: () => questionIn(home), database: () => database, start, clock: systemClock },
    onOutcome: () => {},
  });
  onTestFinished(() => learner.close());
  return { learner, priorities };
}

it('learns in another process, at the lowest priority, replaces the active version, and lets no swipe wait', async () => {
  const { home, store, swipe } = await homeWithSwipes(22, 28);
  const { learner, priorities } = learnerIn(home, store);
  const first = learner.learn();
  let turns = 0;
  const turning = setInterval(() => {
    turns += 1;
  }, 10);
  expect(await first).toEqual({ kind: 'learned', version: 'taste-0001', likes: 22, passes: 28, activated: true });
  clearInterval(turning);
  expect(turns).toBeGreaterThan(5); // this process’s event loop kept turning
  expect(new Set(priorities)).toEqual(new Set([constants.priority.PRIORITY_LOW]));

  // Again, without the learner: whatever the process does when it is paused, a swipe needn't wait.
  store.database.run('PRAGMA busy_timeout = 0'); // whatever holds the lock fails the swipe
  const child = startLearner(systemClock);
  onTestFinished(() => child.kill());
  let isOver = false;
  const again = child.ask('learn', questionIn(home), { idleMs: HANG_MS }).finally(() => {
    isOver = true;
  });
  for (let seed = 100; !isOver; seed += 1) {
    child.pause();
    swipe(seed, seed % 2 === 0);
    child.resume();
    await delay(5);
  }
  expect(await again).toMatchObject({ kind: 'learned', version: 'taste-0002', activated: true });
  expect((await listVersions(home)).map(({ id }) => id)).toEqual(['taste-0001', 'taste-0002']);
});

it('refuses to learn from too few swipes, and publishes nothing', async () => {
  const { home, store } = await homeWithSwipes(19, 28);
  const { learner } = learnerIn(home, store);
  const message = expect.stringContaining('28 NOPE and 19 LIKE');
  expect(await learner.learn()).toEqual({ kind: 'refused', code: 'dataset_too_small', message });
  expect(await listVersions(home)).toEqual([]);
});

it('publishes nothing if it is closed while it learns', async () => {
  const { home, store } = await homeWithSwipes(22, 28);
  const { learner } = learnerIn(home, store);
  const run = learner.learn();
  await learner.close();
  expect(await run).toMatchObject({ kind: 'failed' });
  expect(await listVersions(home)).toEqual([]);
});

it('describes kept photos again if they come from an earlier base, and no others', async () => {
  const { store } = newStore();
  const base = (await readPretrained('base'))!;
  const earlier = { sha256: 'cd'.repeat(32), precision: 'fp32' } as const;
  const gray = Uint8Array.from({ length: 256 * 256 }, (_, at) => at % 251);
  store.record(swipeOn('kept'), { photos: [{ ...photoOf(1, earlier), gray }] });
  store.record(swipeOn('not kept'), { photos: [photoOf(2, earlier)] });
  const described = await describeStalePhotos(store.database, base);
  expect(described).toHaveLength(1);
  refreshFeatures(store.database, described);
  const { sha256 } = base.forHeads!;
  const [profile, ...others] = trainingProfiles(store.database, 'owner', sha256);
  expect([profile!.id, others]).toEqual([1, []]);
  expect(unusableSwipes(store.database, 'owner', sha256)).toEqual({ stale: 1, withoutFeatures: 0 });
  // The served model computes the same features from the same pixels.
  const { modelPath } = await loadEmbeddedModel('base');
  const session = await openSession({ model: await readFile(modelPath), device: 'cpu', threads: 1 });
  const { features } = await session.run({ photos: { data: centerCrop(grayLevels(gray)), shape: [1, 1, 224, 224] } });
  const furthest = Math.max(...features!.data.map((feature, at) => Math.abs(feature - profile!.features[at]!)));
  expect(furthest).toBeLessThan(0.01);
  expect(await describeStalePhotos(store.database, base)).toEqual([]);
});
