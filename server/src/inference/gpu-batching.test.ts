import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { Batcher } from './batcher.ts';
import { paddedSize, planEngines } from './engine-plan.ts';

// This runs without a GPU. It simulates a GPU's timing: a fixed cost per call, a small cost per photo, and an algorithm
// search for each batch size that is new.

const CALL_MS = 2;
const PHOTO_MS = 0.25;
const SEARCH_MS = 700;

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Creates a batcher with a simulated GPU, padded and warmed up as planned for CUDA. */
function setUp() {
  const clock = new ManualClock();
  const { maxBatch, batchSizes, warmSizes } = planEngines('cuda:0', 16);
  const warm = new Set(warmSizes);
  const sizes: number[] = [];
  const engine = {
    alive: true,
    ready: async () => {},
    run: async (photos: readonly number[]) => {
      const size = paddedSize(photos.length, batchSizes);
      sizes.push(size);
      await clock.delay(CALL_MS + PHOTO_MS * size + (warm.has(size) ? 0 : SEARCH_MS));
      return photos.map((photo) => photo);
    },
  };
  const batcher = new Batcher<number, number>([engine], { maxBatch, maxWaiting: 512, now: () => clock.now() });
  const signal = new AbortController().signal;
  const score = async (photos: number): Promise<number> => {
    const begin = clock.now();
    const submitted = Array.from({ length: photos }, (_, photo) => batcher.submit(photo, { priority: 'now', signal }));
    expect(await Promise.all(submitted)).toEqual(Array.from({ length: photos }, (_, photo) => photo));
    return clock.now() - begin;
  };
  /** Advances the clock until the promise settles. */
  const pass = async <Result>(pending: Promise<Result>): Promise<Result> => {
    let over = false;
    const ended = pending.finally(() => {
      over = true;
    });
    while (!over) {
      await settled();
      clock.advance(PHOTO_MS);
    }
    return ended;
  };
  return { clock, sizes, score, pass };
}

describe('batching for a GPU', () => {
  it('answers a lone profile in one batch, padded to a warm size', async () => {
    const { sizes, score, pass } = setUp();
    const tookMs = await pass(score(6));
    expect(sizes).toEqual([8]);
    expect(tookMs).toBeLessThanOrEqual(CALL_MS + 8 * PHOTO_MS + PHOTO_MS);
  });

  it('runs mostly full batches under load, near their top speed, and never searches for algorithms', async () => {
    const { clock, sizes, score, pass } = setUp();
    const client = async () => {
      const times: number[] = [];
      for (let request = 0; request < 10; request += 1) times.push(await score(6));
      return times;
    };
    const times = await pass(Promise.all(Array.from({ length: 32 }, client)));
    const photosPerMs = (32 * 10 * 6) / clock.now();
    expect(photosPerMs).toBeGreaterThan((0.9 * 32) / (CALL_MS + 32 * PHOTO_MS));
    expect(Math.max(...times.flat())).toBeLessThan(SEARCH_MS);
    expect(sizes.filter((size) => size === 32).length / sizes.length).toBeGreaterThan(0.9);
  });

  it('has a warm size for every possible number of photos in a batch', () => {
    const { maxBatch, batchSizes, warmSizes } = planEngines('cuda:0', 16);
    for (let count = 1; count <= maxBatch; count += 1) {
      const size = paddedSize(count, batchSizes);
      expect(size).toBeGreaterThanOrEqual(count);
      expect(warmSizes).toContain(size);
    }
  });
});
