import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import type { ChildRestart } from '../child/kept-child.ts';
import { encodedPhoto, type PhotoCrop, photoCrop } from '../image/photo-bytes.ts';
import { Batcher } from './batching/batcher.ts';
import { ChildEngine } from './child-engine.ts';
import type { PhotoInference } from './engine.ts';
import { type PermitOptions, PrioritySemaphore } from './priority-semaphore.ts';
import { ResultCache } from './result-cache.ts';
import { Scorer, type TimedInference } from './scorer.ts';

const signal = new AbortController().signal;
const answer: PhotoInference = { like: 0.5, evidence: new Float32Array(49), features: new Float16Array() };

/** Creates a scorer with one engine whose batches take the given clock time, then return results or fail. */
function setUp(runs: readonly { ms: number; results: readonly PhotoInference[] | Error }[]) {
  const clock = new ManualClock();
  const events: unknown[] = [];
  const remaining = [...runs];
  const runner = {
    alive: true,
    ready: async () => {},
    run: async () => {
      const { ms, results } = remaining.shift()!;
      clock.advance(ms);
      if (results instanceof Error) throw results;
      return results;
    },
  };
  const batcher = new Batcher<PhotoCrop, PhotoInference>([runner], {
    maxBatch: 2,
    maxWaiting: 10,
    now: () => clock.now(),
    onFlush: (flush) => events.push(flush),
    onEnd: (end) => events.push(end),
  });
  const oneAtATime = new PrioritySemaphore(1);
  const decode = async () => {
    clock.advance(3);
    return { crop: photoCrop(), decodeMs: 3 };
  };
  const preprocess = (_photo: unknown, permit: PermitOptions) => oneAtATime.withPermit(decode, permit);
  const cache = { results: new ResultCache<TimedInference>(10), keyOf: (bytes: Uint8Array) => bytes.join() };
  const options = { preprocess, batcher, maxPhotosInFlight: 10, clock };
  return { events, scorer: new Scorer(options), withCache: new Scorer({ ...options, cache }) };
}

const photos = (count: number) => Array.from({ length: count }, () => encodedPhoto(new Uint8Array(1)));

describe('inference events', () => {
  it('report when each batch is sent and when it ends, and whether its engine failed', async () => {
    const { scorer, events } = setUp([
      { ms: 10, results: [answer] },
      { ms: 20, results: new Error('it died') },
      { ms: 30, results: [answer] },
    ]);
    await scorer.score(photos(1), { priority: 'now', signal });
    await scorer.score(photos(1), { priority: 'now', signal });
    const sent = { reason: 'engine_idle', size: 1, waitedMs: 0 };
    expect(events).toEqual([
      sent,
      { size: 1, computeMs: 10, failed: false },
      sent,
      { size: 1, computeMs: 20, failed: true },
      sent,
      { size: 1, computeMs: 30, failed: false },
    ]);
  });

  it('report a batch with a wrong number of results as failed', async () => {
    const wrong = { ms: 1, results: [answer, answer] };
    const { scorer, events } = setUp([wrong, wrong]);
    await scorer.score(photos(1), { priority: 'now', signal }).catch(() => {});
    expect(events.at(-1)).toEqual({ size: 1, computeMs: 1, failed: true });
  });

  it('report a photo’s start once, even when its batch is retried', async () => {
    const { scorer } = setUp([
      { ms: 20, results: new Error('it died') },
      { ms: 30, results: [answer] },
    ]);
    const onStart = vi.fn();
    const scored = await scorer.score(photos(1), { priority: 'now', signal, onStart });
    expect(onStart).toHaveBeenCalledTimes(1);
    expect(scored).toMatchObject([{ queueMs: 0, inferenceMs: 50 }]); // what the first engine wasted is the engine's time
  });

  it('report the start of identical photos once, and none for a cached photo, which takes no time', async () => {
    const { withCache } = setUp([{ ms: 20, results: [answer] }]);
    const onStart = vi.fn();
    const options = { priority: 'now', signal, onStart } as const;
    await withCache.score(photos(2), options);
    expect(onStart).toHaveBeenCalledTimes(1);
    const cached = await withCache.score(photos(1), options);
    expect(onStart).toHaveBeenCalledTimes(1);
    expect(cached).toMatchObject([{ decodeMs: 0, queueMs: 0, inferenceMs: 0 }]);
  });

  it('report when a photo reaches an engine, and how long it waited', async () => {
    const { scorer } = setUp([
      { ms: 20, results: [answer] },
      { ms: 50, results: [answer] },
    ]);
    const onStart = vi.fn();
    const scored = await scorer.score(photos(2), { priority: 'now', signal, onStart });
    expect(onStart).toHaveBeenCalledTimes(2);
    // The second was decoded (3 ms) while the first was running, or after it, so it waits at most for that run.
    expect(scored[0]).toMatchObject({ decodeMs: 3, queueMs: 0 });
    for (const photo of scored) {
      if ('error' in photo) throw photo.error;
      expect(photo.inferenceMs - photo.queueMs).toBeGreaterThanOrEqual(20);
      expect(photo.queueMs).toBeLessThanOrEqual(20);
    }
  });

  it('report each restart of an engine with its reason, process and count, but not the first start', async () => {
    const modelPath = join(temporaryFolder(), 'model');
    writeFileSync(modelPath, '');
    const restarts: ChildRestart[] = [];
    const engine = await ChildEngine.open({
      settings: { modelPath, sha256: '', device: 'cpu', threads: 1, batchSizes: [], warmSizes: [] },
      clock: new ManualClock(),
      program: new URL('../../../test/fixtures/fake-engine.ts', import.meta.url),
      onRestart: (restart) => restarts.push(restart),
      maxRssBytes: 1e9,
    });
    onTestFinished(() => engine.close());
    const first = engine.pid!;
    expect(restarts).toEqual([]);
    process.kill(first, 'SIGKILL');
    await vi.waitFor(() => expect(restarts).toHaveLength(1), 20_000);
    expect(restarts).toEqual([{ reason: 'died', pid: engine.pid, restarts: 1 }]);
    expect(engine.pid).not.toBe(first);
    await engine.run([photoCrop(new Uint8Array(224 * 224).fill(16))]); // 16 makes it report too much memory
    await vi.waitFor(() => expect(restarts).toHaveLength(2), 20_000);
    expect(restarts[1]).toEqual({ reason: 'recycled', pid: engine.pid, restarts: 2 });
  });
});
