import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { type ScoredProfile, scoreProfiles } from './score-profiles.ts';
import type { ScoredPhoto } from './scorer.ts';

/** Scores a photo by its first byte, in percent; counts photos under way. */
function pretendedScorer(score: (bytes: Uint8Array) => ScoredPhoto | Promise<ScoredPhoto> = likeOf) {
  let underWay = 0;
  const most = { underWay: 0, calls: 0 };
  return {
    most,
    score: async ([bytes]: readonly Uint8Array[]) => {
      underWay += 1;
      most.calls += 1;
      most.underWay = Math.max(most.underWay, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return [await score(bytes!)];
    },
  };
}

const likeOf = (bytes: Uint8Array): ScoredPhoto => ({
  like: bytes[0]! / 100,
  evidence: new Float32Array(49),
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

const options = { threshold: 0.4, photosAhead: 3 };

describe('scoring profiles on disk', () => {
  it('gives each profile in order, with its photos and its decision', async () => {
    const [a, b] = [profile(temporaryFolder(), 10, 90), profile(temporaryFolder(), 20)];
    const scored = await all(scoreProfiles(pretendedScorer(), [a, b], options));
    expect(scored).toEqual([
      {
        path: a.path,
        photos: [
          { path: a.photos[0], like: 0.1, label: 'NOPE' },
          { path: a.photos[1], like: 0.9, label: 'LIKE' },
        ],
        decision: { swipe: 'right', reason: 'like_found', photo: 1 },
      },
      {
        path: b.path,
        photos: [{ path: b.photos[0], like: 0.2, label: 'NOPE' }],
        decision: { swipe: 'left', reason: 'all_nope' },
      },
    ]);
  });

  it('holds no more photos in memory than it was told', async () => {
    const scorer = pretendedScorer();
    const folder = temporaryFolder();
    await all(scoreProfiles(scorer, [profile(folder, 1, 2, 3, 4, 5, 6), profile(folder, 7, 8, 9, 10, 11)], options));
    expect(scorer.most.calls).toBe(11);
    expect(scorer.most.underWay).toBeLessThanOrEqual(3);
  });

  it('fails as a whole, once, when an engine failed with a photo for good', async () => {
    const failing = pretendedScorer(() => {
      throw new SwipenetError('engine_failed', 'the engine stopped before it answered');
    });
    const scoring = all(scoreProfiles(failing, [profile(temporaryFolder(), 90)], options));
    await expect(scoring).rejects.toMatchObject({ code: 'engine_failed' });
    expect(failing.most.calls).toBe(1);
  });

  it('makes an entry of what cannot be read: gone, a pipe, too large', async () => {
    const folder = temporaryFolder();
    const [gone, pipe, large] = ['gone.jpg', 'pipe.jpg', 'large.jpg'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    execFileSync('mkfifo', [pipe]);
    writeFileSync(large, new Uint8Array(10_000_001));
    const [scored] = await all(
      scoreProfiles(pretendedScorer(), [{ path: folder, photos: [gone, pipe, large] }], options),
    );
    expect(scored?.photos).toMatchObject([
      { error: { code: 'photo_unreadable' } },
      { error: { code: 'photo_unreadable', message: 'it is not a file' } },
      { error: { code: 'photo_too_many_bytes' } },
    ]);
    expect(scored?.decision).toEqual({ swipe: 'hold', reason: 'photos_failed' });
  });
});
