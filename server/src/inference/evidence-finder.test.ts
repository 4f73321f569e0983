import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { describe, expect, it } from 'vitest';
import { encodedPhoto } from '../image/photo-bytes.ts';
import { EvidenceFinder } from './evidence-finder.ts';
import type { ScoredPhoto } from './scorer.ts';

const now = { priority: 'now', signal: new AbortController().signal } as const;
const photos = [1, 2].map((byte) => encodedPhoto(Uint8Array.of(byte)));
const scored = (like: number, evidence: Float32Array): ScoredPhoto => ({
  ...{ like, evidence, features: new Float16Array() },
  ...{ decodeMs: 0, queueMs: 0, inferenceMs: 0 },
});
const broken = { error: new SwipenetError('photo_undecodable', 'the photo is damaged') };

/** A finder whose own engine finds 7 everywhere. */
function setUp() {
  const log: string[] = [];
  const held = Promise.withResolvers<void>();
  const open = async () => {
    log.push('open');
    const score = async (given: readonly object[]) => {
      await held.promise;
      return given.map(() => scored(0.1, new Float32Array(49).fill(7)));
    };
    return { scorer: { score }, close: async () => void log.push('close') };
  };
  return { finder: new EvidenceFinder(open), log, held };
}

describe('evidence that replicas don’t return', () => {
  it('is added to scores, and changes nothing else of them', async () => {
    const { finder, held } = setUp();
    held.resolve();
    const found = await finder.find(photos, Promise.resolve([scored(0.9, new Float32Array()), broken]), now);
    expect(found).toEqual([scored(0.9, new Float32Array(49).fill(7)), broken]);
  });

  it('is found before the engine on this machine ends, and opens none if nobody asks', async () => {
    const { finder, log, held } = setUp();
    const finding = finder.find(photos, Promise.resolve([broken, broken]), now);
    const closing = finder.close().then(() => log.push('closed'));
    held.resolve();
    expect(await finding).toEqual([broken, broken]);
    await closing;
    expect(log).toEqual(['open', 'close', 'closed']);
    const unused = setUp();
    await unused.finder.close();
    expect(unused.log).toEqual([]);
  });

  it('fails with the scores, and the engine still ends', async () => {
    const { finder, log, held } = setUp();
    const failed = new SwipenetError('engine_failed', 'no engine');
    const finding = finder.find(photos, Promise.reject(failed), now);
    await expect(finding).rejects.toBe(failed);
    held.resolve();
    await finder.close();
    expect(log).toEqual(['open', 'close']);
  });
});
