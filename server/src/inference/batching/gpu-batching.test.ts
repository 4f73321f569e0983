import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { BatchSessions } from '../batch-sessions.ts';
import { type GpuPlan, planEngines } from '../engine-plan.ts';
import { Batcher } from './batcher.ts';

// This runs without a GPU. It simulates a GPU's timing: a fixed cost per call, a small cost per photo, and new plans for
// all convolutions whenever a session gets another batch size than before. Engines that share the GPU take turns.

const CALL_MS = 2;
const PHOTO_MS = 0.25;
const PLAN_MS = 70;

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Creates a batcher with simulated GPU engines, padded and warmed up as planned for CUDA. */
async function setUp(gpu: Partial<GpuPlan> = {}) {
  const clock = new ManualClock();
  const { engines, maxBatch, batchSizes, warmSizes } = planEngines('cuda:0', 16, gpu);
  const sizes: number[] = [];
  let replanned = 0;
  let isWarm = false;
  let turn = Promise.resolve();
  const onGpu = (ms: number) => {
    turn = turn.then(() => clock.delay(ms));
    return turn;
  };
  const openOne = async () => {
    let last = 0;
    return {
      run: async ({ photos }: Parameters<Awaited<ReturnType<typeof BatchSessions.open>>['run']>[0]) => {
        const [size] = photos!.shape as [number];
        const isNew = size !== last;
        last = size;
        if (isWarm) {
          sizes.push(size);
          if (isNew) replanned += 1;
          await onGpu(CALL_MS + PHOTO_MS * size + (isNew ? PLAN_MS : 0));
        }
        return { same: { data: Float32Array.from(photos!.data), shape: photos!.shape } };
      },
      close: async () => {},
    };
  };
  const openEngine = async () => {
    const session = await BatchSessions.open(
      { model: new Uint8Array(), device: 'cuda:0', threads: 1 },
      batchSizes,
      openOne,
    );
    const run = async (photos: readonly number[]) => {
      const { same } = await session.run({ photos: { data: Float32Array.from(photos), shape: [photos.length] } });
      return [...same!.data];
    };
    for (const size of warmSizes) await run(new Array(size).fill(0));
    return { alive: true, ready: async () => {}, run };
  };
  const opened = await Promise.all(Array.from({ length: engines }, openEngine));
  isWarm = true;
  const limits = { maxBatch, smallestBatch: batchSizes[0]!, maxWaiting: 512 };
  const batcher = new Batcher<number, number>(opened, { ...limits, now: () => clock.now() });
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
  return { clock, sizes, score, pass, replanned: () => replanned };
}

describe('batching for a GPU', () => {
  it('answers a lone profile in one batch, padded to the size that is planned', async () => {
    const { sizes, score, pass } = await setUp();
    const tookMs = await pass(score(6));
    expect(sizes).toEqual([32]);
    expect(tookMs).toBeLessThanOrEqual(CALL_MS + 32 * PHOTO_MS + PHOTO_MS);
  });

  it('computes less for a lone profile if there is a smaller size', async () => {
    const { sizes, score, pass, replanned } = await setUp({ batchSizes: [8, 64] });
    await pass(score(6));
    await pass(score(20));
    await pass(score(6));
    expect(sizes).toEqual([8, 64, 8]);
    expect(replanned()).toBe(0);
  });

  it('doesn’t split a profile between engines, because each half would cost as much as the whole', async () => {
    const { sizes, score, pass } = await setUp({ engines: 2 });
    await pass(score(6));
    expect(sizes).toEqual([32]);
  });

  it('runs mostly full batches under load, near their top speed, and never plans convolutions anew', async () => {
    const { clock, sizes, score, pass, replanned } = await setUp();
    const client = async () => {
      for (let request = 0; request < 10; request += 1) await score(6);
    };
    await pass(Promise.all(Array.from({ length: 32 }, client)));
    const photosPerMs = (32 * 10 * 6) / clock.now();
    expect(photosPerMs).toBeGreaterThan((0.9 * 32) / (CALL_MS + 32 * PHOTO_MS));
    expect(sizes.length).toBeLessThan((1.1 * (32 * 10 * 6)) / 32);
    expect(replanned()).toBe(0);
  });
});
