import { join } from 'node:path';
import type { NetworkBody } from '@swipenet/server/registry/network-body.ts';
import { TasteDatabase } from '@swipenet/server/taste/store/database.ts';
import type { DescribedPhoto } from '@swipenet/server/taste/store/described-photo.ts';
import type { ScoreLimits } from '@swipenet/server/taste/store/pending-scores.ts';
import type { NewSwipe } from '@swipenet/server/taste/store/swipe-record.ts';
import { TasteStore } from '@swipenet/server/taste/store/taste-store.ts';
import { OWNER_TASTE } from '@swipenet/shared/contract/taste.ts';
import { seededRandom } from '@swipenet/shared/random.ts';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

export const BODY: NetworkBody = { sha256: 'ab'.repeat(32), precision: 'fp32' };

/** A store in a folder of its own, with a clock that the test moves. */
export function newStore(options: { readonly path?: string; readonly limits?: ScoreLimits } = {}) {
  const path = options.path ?? join(temporaryFolder(), 'taste', 'taste.db');
  const clock = { now: new Date('2026-11-27T12:00:00Z') };
  const { limits } = options;
  const store = new TasteStore(new TasteDatabase(path), { now: () => clock.now, ...(limits && { limits }) });
  onTestFinished(() => store.close());
  return { store, clock, path };
}

let kept = 0;

/** Keeps a score under a new ID, and returns the ID. */
export function keepScore(store: TasteStore, ...score: Rest<Parameters<TasteStore['scores']['keep']>>): string {
  kept += 1;
  store.scores.keep(`score-${kept}`, ...score);
  return `score-${kept}`;
}

type Rest<Parameters extends unknown[]> = Parameters extends [unknown, ...infer Others] ? Others : never;

/** A photo with random features, which float16 represents exactly. */
export function photoOf(seed: number, body = BODY): DescribedPhoto {
  const random = seededRandom(seed);
  return { features: Float16Array.from({ length: 1856 }, () => Math.floor(random() * 2048) / 1024), body };
}

/** A left swipe that the network had predicted behind a hidden verdict. */
export function swipeOn(profile: string, change: Partial<NewSwipe> = {}): NewSwipe {
  return {
    ...{ taste: OWNER_TASTE, site: 'demo', profile, swipe: 'left', photoCount: 2, verdict: 'hidden' },
    before: { decision: 'left', decidedBy: 'network', probability: 0.25, threshold: 0.5, model: 'taste-0001' },
    ...change,
  };
}
