import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../files/sha256.ts';
import { encodedPhoto } from '../image/photo-bytes.ts';
import type { Manifest } from '../registry/manifest.ts';
import type { OpenScorer } from './open-scorer.ts';
import { PhotoDescriber } from './photo-describer.ts';
import type { ScoredPhoto } from './scorer.ts';

const BASE = 'ab'.repeat(32);
const now = { priority: 'now', signal: new AbortController().signal } as const;
const photos = [1, 2, 3].map((byte) => encodedPhoto(Uint8Array.of(byte)));

const manifest = (change: Partial<Manifest>) => ({ model: { sha256: 'x', storage: 'float16' }, ...change }) as Manifest;
const OTHER = manifest({});
const HEAD = manifest({ headOf: { id: 'base', sha256: BASE } });
const HEAD_ON_OLD_BASE = manifest({ headOf: { id: 'base', sha256: 'cd'.repeat(32) } });

const scored = (feature: number): ScoredPhoto => ({
  ...{ like: 0.5, evidence: new Float32Array(49), features: new Float16Array([feature]) },
  ...{ decodeMs: 0, queueMs: 0, inferenceMs: 0 },
});
const broken = { error: new SwipenetError('photo_undecodable', 'the photo is damaged') };

/** A describer whose second session answers 10 plus the photo's byte. */
function setUp({ failures = 0 } = {}) {
  const log: string[] = [];
  let failing = failures;
  const base = manifest({
    id: 'base-int8',
    model: { sha256: 'y', bytes: 1, storage: 'int8' },
    spareFilters: { filters: [1, 2], largestMean: 1 },
    quantization: { parentSha256: BASE } as Manifest['quantization'],
  });
  const open = async () => {
    log.push('open');
    failing -= 1;
    if (failing >= 0) throw new Error('no memory');
    return {
      model: { manifest: base },
      scorer: { score: async (given: readonly Uint8Array[]) => given.map(([byte]) => scored(10 + byte!)) },
      stats: () => ({ engines: [{ photos: 4, busyMs: 40, rssBytes: 1e8 }] }),
      close: async () => void log.push('close'),
    } as unknown as OpenScorer;
  };
  const onTrouble = (error: Error) => void log.push(error.message);
  return { describer: new PhotoDescriber({ base: BASE, open, onTrouble }), log };
}

describe('photos', () => {
  it('are described by a head on base while it scores them, except those that can’t be read', async () => {
    const { describer, log } = setUp();
    const scoring = Promise.resolve([scored(1), broken, scored(3)]);
    const { readable, sha256: hashes } = await describer.describe(photos, HEAD, scoring, now);
    const body = { sha256: BASE, precision: 'fp32' };
    expect(readable).toEqual([1, 3].map((feature) => ({ features: new Float16Array([feature]), body })));
    expect(hashes).toEqual(photos.map((photo) => sha256(photo)));
    expect([log, describer.secondSession]).toEqual([[], null]);
  });

  it.each([
    ['another model', OTHER],
    ['a head on an earlier base', HEAD_ON_OLD_BASE],
  ])('are described beside %s, in one session for all', async (_what, model) => {
    const { describer, log } = setUp();
    const all = [1, 2, 3].map(() => describer.describe(photos, model, Promise.resolve(photos.map(() => broken)), now));
    for (const { readable } of await Promise.all(all)) {
      expect(readable.map(({ features: [feature], body }) => [feature, body])).toEqual(
        [11, 12, 13].map((feature) => [feature, { sha256: BASE, precision: 'int8' }]),
      );
    }
    expect(log).toEqual(['open']);
    expect(describer.secondSession).toEqual({ model: 'base-int8', photos: 4, msPerPhoto: 10, memoryBytes: 1e8 });
  });

  it('fail to be described if base can’t be opened, which is tried again the next time', async () => {
    const { describer, log } = setUp({ failures: 1 });
    const attempt = () => describer.describe(photos, OTHER, Promise.resolve([]), now);
    await expect(attempt()).rejects.toThrow('no memory');
    expect((await attempt()).readable).toHaveLength(3);
    expect(log).toEqual(['open', 'no memory', 'open']);
  });

  it('no longer need the second session once it is released, and open another one later', async () => {
    const { describer, log } = setUp();
    await describer.release();
    await describer.describe(photos, OTHER, Promise.resolve([]), now);
    await describer.release();
    expect(describer.secondSession).toBeNull();
    await describer.describe(photos, OTHER, Promise.resolve([]), now);
    expect(log).toEqual(['open', 'close', 'open']);
  });

  it('keep no second session that was released while it opened', async () => {
    const { describer, log } = setUp();
    const described = describer.describe(photos, OTHER, Promise.resolve([]), now);
    await describer.release();
    expect((await described).readable).toHaveLength(3);
    expect([log, describer.secondSession]).toEqual([['open', 'close'], null]);
  });
});
