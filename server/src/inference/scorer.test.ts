import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { encodedPhoto, type PhotoCrop, photoCrop } from '../image/photo-bytes.ts';
import { Batcher } from './batching/batcher.ts';
import type { PhotoInference } from './engine.ts';
import { ResultCache } from './result-cache.ts';
import { Scorer, type TimedInference } from './scorer.ts';

const never = new AbortController().signal;
const now = { priority: 'now', signal: never } as const;
const photo = (like: number) => encodedPhoto(Uint8Array.of(like));
const broken = photo(255);

/**
 * Creates a scorer whose photos are one byte: the LIKE confidence in percent, or 255 for a photo that can't be decoded.
 */
function setUp({
  engine,
  maxPhotosInFlight = 10,
  cached = false,
}: {
  engine?: () => Promise<void>;
  maxPhotosInFlight?: number;
  cached?: boolean;
} = {}) {
  let decoded = 0;
  const runner = {
    alive: true,
    ready: async () => {},
    run: async (photos: readonly PhotoCrop[]): Promise<PhotoInference[]> => {
      await engine?.();
      return photos.map((bytes) => ({
        like: bytes[0]! / 100,
        evidence: new Float32Array(49),
        features: new Float16Array(),
      }));
    },
  };
  const batcher = new Batcher<PhotoCrop, PhotoInference>([runner], { maxBatch: 4, maxWaiting: 10, now: () => 0 });
  const preprocess = async (bytes: Uint8Array) => {
    decoded += 1;
    await new Promise((resolve) => setImmediate(resolve));
    if (bytes[0] === 255) throw new SwipenetError('photo_undecodable', 'broken');
    return { crop: photoCrop(new Uint8Array(224 * 224).fill(bytes[0]!)), decodeMs: 7 };
  };
  const cache = { results: new ResultCache<TimedInference>(10), keyOf: (bytes: Uint8Array) => String(bytes) };
  const clock = new ManualClock();
  const busy: boolean[] = [];
  const onBusy = (isBusy: boolean) => void busy.push(isBusy);
  const options = { preprocess, batcher, maxPhotosInFlight, clock, onBusy };
  const scorer = new Scorer({ ...options, ...(cached && { cache }) });
  return { scorer, batcher, busy, decoded: () => decoded };
}

describe('the scorer', () => {
  it('says when it becomes busy and when it no longer is, however many requests there are', async () => {
    const { scorer, busy } = setUp();
    const requests = [[photo(1), photo(2)], [photo(3)]].map((some) => scorer.score(some, now));
    expect(busy).toEqual([true]);
    await Promise.all(requests);
    expect(busy).toEqual([true, false]);
    await scorer.score([photo(255)], now);
    expect(busy).toEqual([true, false, true, false]);
  });

  it('scores photos in order, and only the broken one fails', async () => {
    const { scorer } = setUp();
    const scored = await scorer.score([photo(10), broken, photo(90)], now);
    expect(scored).toMatchObject([{ like: 0.1 }, { error: { code: 'photo_undecodable' } }, { like: 0.9 }]);
  });

  it('refuses a request immediately while too many photos are in flight, and accepts it afterwards', async () => {
    const { scorer } = setUp({ maxPhotosInFlight: 3 });
    const first = scorer.score([photo(1), photo(2)], now);
    await expect(scorer.score([photo(3), photo(4)], now)).rejects.toMatchObject({ code: 'queue_full' });
    await first;
    await expect(scorer.score([photo(3), photo(4)], now)).resolves.toHaveLength(2);
  });

  it('accepts the owner’s photos, whatever devices have in flight', async () => {
    const { scorer } = setUp({ maxPhotosInFlight: 10 });
    const ofDevices = Promise.allSettled(
      ['a', 'b', 'c'].flatMap((caller) => [1, 2, 3, 4].map((like) => scorer.score([photo(like)], { ...now, caller }))),
    );
    const own = scorer.score([5, 6, 7, 8, 9].map(photo), now);
    await expect(own).resolves.toHaveLength(5);
    expect((await ofDevices).filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
  });

  it('rejects the request when its engine fails, and stops working on it', async () => {
    const engine = async () => {
      throw new SwipenetError('engine_failed', 'gone');
    };
    const { scorer, batcher } = setUp({ engine });
    await expect(scorer.score([1, 2, 3, 4, 5, 6].map(photo), now)).rejects.toMatchObject({ code: 'engine_failed' });
    await new Promise((resolve) => setImmediate(resolve));
    const { waiting, running, accepted } = batcher.counts;
    expect({ waiting, running }).toEqual({ waiting: 0, running: 0 });
    expect(accepted).toBeLessThan(6);
  });

  it('rejects with the signal’s reason when the client disconnects', async () => {
    const gone = new AbortController();
    const { scorer } = setUp({ engine: () => new Promise(() => {}) });
    const scoring = scorer.score([photo(1)], { priority: 'now', signal: gone.signal });
    gone.abort(new Error('the client disconnected'));
    await expect(scoring).rejects.toThrow('the client disconnected');
  });

  it('scores photos with identical bytes once, within a request and across requests', async () => {
    const { scorer, decoded } = setUp({ cached: true });
    const scored = await scorer.score([photo(10), photo(90), photo(10)], now);
    expect(scored).toMatchObject([{ like: 0.1 }, { like: 0.9 }, { like: 0.1 }]);
    expect(await scorer.score([photo(90)], now)).toMatchObject([{ like: 0.9, decodeMs: 0, inferenceMs: 0 }]);
    expect(decoded()).toBe(2);
    expect(scorer.stats.cache).toEqual({ hits: 1, joined: 1, misses: 2, kept: 2 });
  });

  it('computes every photo when there is no cache', async () => {
    const { scorer, decoded } = setUp();
    await scorer.score([photo(10), photo(10)], now);
    expect(decoded()).toBe(2);
    expect(scorer.stats.cache).toBeUndefined();
  });

  it('doesn’t cache errors: a broken photo is decoded each time', async () => {
    const { scorer, decoded } = setUp({ cached: true });
    for (const _ of [1, 2]) {
      expect(await scorer.score([broken], now)).toMatchObject([{ error: { code: 'photo_undecodable' } }]);
    }
    expect(decoded()).toBe(2);
  });

  it('still answers a request when another one for the same photo is aborted', async () => {
    const gate = Promise.withResolvers<void>();
    const { scorer } = setUp({ cached: true, engine: () => gate.promise });
    const gone = new AbortController();
    const leaving = scorer.score([photo(30)], { priority: 'now', signal: gone.signal });
    const staying = scorer.score([photo(30)], now);
    gone.abort(new Error('the client disconnected'));
    await expect(leaving).rejects.toThrow('the client disconnected');
    gate.resolve();
    expect(await staying).toMatchObject([{ like: 0.3 }]);
  });

  it('scores all photos in flight when it is closed, and accepts no more', async () => {
    const { scorer } = setUp();
    const scoring = scorer.score([1, 2, 3, 4, 5].map(photo), now);
    const closing = scorer.close();
    await expect(scorer.score([photo(1)], now)).rejects.toMatchObject({ code: 'shutting_down' });
    expect(await scoring).toHaveLength(5);
    await closing;
    expect(scorer.stats).toMatchObject({ photosInFlight: 0, batcher: { resolved: 5, waiting: 0, running: 0 } });
  });

  it('runs the network on photos that are ready for it, with the same limits and without the cache', async () => {
    const { scorer, busy, decoded } = setUp({ cached: true });
    const levels = new Uint8Array(3 * 224 ** 2);
    for (const [at, level] of [30, 10, 30].entries()) levels.fill(level, at * 224 ** 2, (at + 1) * 224 ** 2);
    const inferred = await scorer.infer(levels, now);
    expect(inferred.map(({ like, decodeMs }) => [like, decodeMs])).toEqual([
      [0.3, 0],
      [0.1, 0],
      [0.3, 0],
    ]);
    expect([decoded(), busy, scorer.stats.cache?.kept]).toEqual([0, [true, false], 0]);
    await expect(scorer.infer(new Uint8Array(11 * 224 ** 2), now)).rejects.toMatchObject({ code: 'queue_full' });
  });
});
