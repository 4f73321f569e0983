import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { Batcher } from './batcher.ts';
import { paddedSize, planEngines } from './engine-plan.ts';

// No GPU has run this. What is known of one is its timing: a call costs something, a photo little, and a batch size that
// was never seen costs a search of algorithms.

const CALL_MS = 2;
const PHOTO_MS = 0.25;
const SEARCH_MS = 700;

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A batcher before an engine with a GPU's timing, padded and warmed as the plan for CUDA says. */
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
  /** Lets time pass until everything that was asked has its answer. */
  const pass = async <Result>(asked: Promise<Result>): Promise<Result> => {
    let over = false;
    const ended = asked.finally(() => {
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

describe('a GPU', () => {
  it('answers a lone profile in one batch, padded to a size that is warm', async () => {
    const { sizes, score, pass } = setUp();
    const tookMs = await pass(score(6));
    expect(sizes).toEqual([8]);
    expect(tookMs).toBeLessThanOrEqual(CALL_MS + 8 * PHOTO_MS + PHOTO_MS);
  });

  it('under load runs full batches, near the speed of the largest, and never searches algorithms', async () => {
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

  it('has a warm size for every number of photos that a batch may have', () => {
    const { maxBatch, batchSizes, warmSizes } = planEngines('cuda:0', 16);
    for (let count = 1; count <= maxBatch; count += 1) {
      const size = paddedSize(count, batchSizes);
      expect(size).toBeGreaterThanOrEqual(count);
      expect(warmSizes).toContain(size);
    }
  });
});
