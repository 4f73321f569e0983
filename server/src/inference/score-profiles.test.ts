import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { ARTICLE_RULE } from '@swipenet/shared/decision.ts';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { type ScoredProfile, scoreProfiles } from './score-profiles.ts';
import type { ScoredPhoto } from './scorer.ts';

/** A scorer that takes a photo's first byte as its confidence in percent, and counts the photos in progress. */
function fakeScorer(score: (bytes: Uint8Array) => ScoredPhoto | Promise<ScoredPhoto> = likeOf) {
  let inProgress = 0;
  const most = { inProgress: 0, calls: 0 };
  return {
    most,
    score: async ([bytes]: readonly Uint8Array[]) => {
      inProgress += 1;
      most.calls += 1;
      most.inProgress = Math.max(most.inProgress, inProgress);
      await new Promise((resolve) => setImmediate(resolve));
      inProgress -= 1;
      return [await score(bytes!)];
    },
  };
}

const likeOf = (bytes: Uint8Array): ScoredPhoto => ({
  like: bytes[0]! / 100,
  evidence: new Float32Array(49),
  features: new Float16Array(),
  decodeMs: 0,
  queueMs: 0,
  inferenceMs: 0,
});

function profile(folder: string, ...likes: number[]) {
  const photos = likes.map((like, index) => {
    const path = join(folder, `${likes.length}-${index}.jpg`);
    writeFileSync(path, Uint8Array.of(like));
    return path;
  });
  return { path: folder, photos };
}

async function all(scoring: AsyncGenerator<ScoredProfile>): Promise<ScoredProfile[]> {
  const scored: ScoredProfile[] = [];
  for await (const profile of scoring) scored.push(profile);
  return scored;
}

const options = { rule: ARTICLE_RULE, photosAhead: 3 };

describe('scoring profiles on disk', () => {
  it('yields each profile in order, with its photos and its decision', async () => {
    const [a, b] = [profile(temporaryFolder(), 10, 90), profile(temporaryFolder(), 20)];
    const scored = await all(scoreProfiles(fakeScorer(), [a, b], options));
    expect(scored).toEqual([
      {
        path: a.path,
        photos: [
          { path: a.photos[0], like: 0.1, label: 'NOPE' },
          { path: a.photos[1], like: 0.9, label: 'LIKE' },
        ],
        decision: { swipe: 'right', reason: 'like_found', like: 0.9, photo: 1 },
      },
      {
        path: b.path,
        photos: [{ path: b.photos[0], like: 0.2, label: 'NOPE' }],
        decision: { swipe: 'left', reason: 'all_nope', like: 0.2 },
      },
    ]);
  });

  it('decides by the model’s rule', async () => {
    const rule = { rule: 'profile', threshold: 0.4, largestShare: 0, perLogCount: 0 } as const;
    const folder = temporaryFolder();
    const [scored] = await all(scoreProfiles(fakeScorer(), [profile(folder, 10, 90)], { rule, photosAhead: 3 }));
    expect(scored?.decision).toMatchObject({
      swipe: 'right',
      reason: 'profile_liked',
      like: expect.closeTo(0.5),
      photo: 1,
    });
  });

  it('holds no more photos in memory than allowed', async () => {
    const scorer = fakeScorer();
    const folder = temporaryFolder();
    await all(scoreProfiles(scorer, [profile(folder, 1, 2, 3, 4, 5, 6), profile(folder, 7, 8, 9, 10, 11)], options));
    expect(scorer.most.calls).toBe(11);
    expect(scorer.most.inProgress).toBeLessThanOrEqual(3);
  });

  it('fails as a whole when an engine fails for good, without retrying', async () => {
    const failing = fakeScorer(() => {
      throw new SwipenetError('engine_failed', 'the engine stopped before it returned a result');
    });
    const scoring = all(scoreProfiles(failing, [profile(temporaryFolder(), 90)], options));
    await expect(scoring).rejects.toMatchObject({ code: 'engine_failed' });
    expect(failing.most.calls).toBe(1);
  });

  it('reports a file that is missing, a pipe or too large as an error in its place', async () => {
    const folder = temporaryFolder();
    const [gone, pipe, large] = ['gone.jpg', 'pipe.jpg', 'large.jpg'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    execFileSync('mkfifo', [pipe]);
    writeFileSync(large, new Uint8Array(10_000_001));
    const [scored] = await all(scoreProfiles(fakeScorer(), [{ path: folder, photos: [gone, pipe, large] }], options));
    expect(scored?.photos).toMatchObject([
      { error: { code: 'photo_unreadable' } },
      { error: { code: 'photo_unreadable', message: 'it is not a regular file' } },
      { error: { code: 'photo_too_many_bytes' } },
    ]);
    expect(scored?.decision).toEqual({ swipe: 'hold', reason: 'photos_failed', like: null });
  });
});
