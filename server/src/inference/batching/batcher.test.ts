import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { ManualRunner } from '../../../../test/support/manual-runner.ts';
import type { BatchEnd, Flush } from './batch.ts';
import { Batcher, type BatcherOptions } from './batcher.ts';

const never = new AbortController().signal;
const settled = () => new Promise((resolve) => setImmediate(resolve));

function setUp(options: Partial<BatcherOptions> = {}, runners = [new ManualRunner()]) {
  const flushes: Flush[] = [];
  const ends: BatchEnd[] = [];
  const clock = new ManualClock();
  const batcher = new Batcher(runners, {
    maxBatch: 3,
    maxWaiting: 5,
    now: () => clock.now(),
    onEnd: (end) => ends.push(end),
    onFlush: (flush) => flushes.push(flush),
    ...options,
  });
  const submit = (item: number, priority: 'now' | 'ahead' = 'now', signal: AbortSignal = never, caller?: string) => {
    const result = batcher.submit(item, { priority, signal, caller });
    result.catch(() => {});
    return result;
  };
  return { batcher, submit, flushes, ends, clock, runner: runners[0]! };
}

describe('the batcher', () => {
  it('sends a lone item to an idle engine immediately', async () => {
    const { submit, runner, flushes } = setUp();
    const result = submit(1);
    await settled();
    expect(runner.taken).toEqual([[1]]);
    expect(flushes).toMatchObject([{ reason: 'engine_idle', size: 1 }]);
    runner.answer();
    await expect(result).resolves.toBe('answer 1');
  });

  it('groups items that arrive while the engine is busy into the next batch', async () => {
    const { submit, runner } = setUp();
    void submit(1);
    await settled();
    void submit(2);
    void submit(3);
    await settled();
    expect(runner.taken).toEqual([[1]]);
    runner.answer();
    await settled();
    expect(runner.taken).toEqual([[1], [2, 3]]);
  });

  it('sends a full batch immediately, never exceeds the maximum, and reports size as the reason', async () => {
    const { submit, runner, flushes } = setUp();
    for (const item of [1, 2, 3, 4]) void submit(item);
    await settled();
    expect(runner.taken).toEqual([[1, 2, 3]]);
    expect(flushes).toMatchObject([{ reason: 'size', size: 3 }]);
    runner.answer();
    await settled();
    expect(runner.taken).toEqual([[1, 2, 3], [4]]);
  });

  it('splits the waiting items evenly between idle engines', async () => {
    const runners = [new ManualRunner(), new ManualRunner()];
    const { submit } = setUp({ maxBatch: 8, maxWaiting: 20 }, runners);
    await settled();
    for (const item of [1, 2, 3, 4, 5, 6]) void submit(item);
    await settled();
    expect(runners.map(({ taken }) => taken)).toEqual([[[1, 2, 3]], [[4, 5, 6]]]);
  });

  it('leaves the engines that are busy an even share of what waits and runs', async () => {
    const runners = [new ManualRunner(), new ManualRunner(), new ManualRunner()];
    const { submit } = setUp({ maxBatch: 8, maxWaiting: 20 }, runners);
    await settled();
    for (const item of [1, 2]) void submit(item);
    await settled();
    for (const item of [3, 4, 5, 6, 7, 8, 9]) void submit(item);
    await settled();
    runners[0]!.answer();
    await settled();
    expect(runners.map(({ taken }) => taken)).toEqual([[[1], [6, 7, 8]], [[2]], [[3, 4, 5]]]);
  });

  it('returns each result to its own caller', async () => {
    const { submit, runner } = setUp();
    const results = [3, 1, 2].map((item) => submit(item));
    await settled();
    runner.answer();
    await expect(Promise.all(results)).resolves.toEqual(['answer 3', 'answer 1', 'answer 2']);
  });

  it('rejects only the bad item of a batch', async () => {
    const { submit, runner } = setUp();
    const [good, bad] = [submit(1), submit(2)];
    await settled();
    runner.batches[0]!.end.resolve(['fine', new Error('this one is bad')]);
    await expect(good).resolves.toBe('fine');
    await expect(bad).rejects.toThrow('this one is bad');
  });

  it('retries the items of a failed batch on another engine, one at a time and before all others', async () => {
    const runners = [new ManualRunner(), new ManualRunner()];
    const { submit, batcher } = setUp({ maxBatch: 8 }, runners);
    const [failing, other] = runners as [ManualRunner, ManualRunner];
    await settled();
    const results = [1, 2, 3, 4].map((item) => submit(item));
    await settled();
    void submit(5);
    failing.fail();
    other.answer();
    await settled();
    expect(other.taken).toEqual([[3, 4], [1]]);
    expect(failing.taken).toEqual([[1, 2], [5]]); // 2 waits for the other engine, and this one doesn't idle
    other.answer();
    await settled();
    other.answer();
    await expect(Promise.all(results)).resolves.toEqual([1, 2, 3, 4].map((item) => `answer ${item}`));
    expect(batcher.counts).toMatchObject({ retried: 2, rejected: 0 });
  });

  it('retries on the same engine when there is no other', async () => {
    const { submit, runner } = setUp();
    const result = submit(1);
    await settled();
    runner.fail();
    await settled();
    runner.answer();
    await expect(result).resolves.toBe('answer 1');
  });

  it('retries on the same engine when the other one stays dead', async () => {
    const runners = [new ManualRunner(), new ManualRunner()];
    const [alive, dead] = runners as [ManualRunner, ManualRunner];
    const { submit } = setUp({ maxBatch: 1 }, runners);
    await settled();
    const [first, second] = [submit(1), submit(2)];
    await settled();
    alive.fail();
    await settled();
    expect(alive.taken).toEqual([[1]]); // the other engine is alive but busy
    dead.alive = false;
    dead.readiness = Promise.withResolvers();
    dead.fail();
    for (const result of [first, second]) {
      await settled();
      alive.answer();
      await expect(result).resolves.toMatch('answer');
    }
    expect(dead.taken).toEqual([[2]]);
  });

  it('rejects only the item that failed twice, and runs the next one', async () => {
    const { submit, runner } = setUp();
    const [poison, good] = [submit(1), submit(2)];
    await settled();
    runner.fail();
    await settled();
    expect(runner.taken).toEqual([[1, 2], [1]]);
    runner.fail('gone again');
    await expect(poison).rejects.toThrow('gone again');
    await settled();
    runner.answer();
    await expect(good).resolves.toBe('answer 2');
  });

  it('drops an item that waits for its retry at its deadline', async () => {
    const { submit, runner, batcher } = setUp();
    const late = new AbortController();
    const result = submit(1, 'now', late.signal);
    await settled();
    runner.readiness = Promise.withResolvers();
    runner.fail();
    await settled();
    late.abort(new Error('too late'));
    await expect(result).rejects.toThrow('too late');
    runner.readiness.resolve();
    await settled();
    expect(runner.taken).toEqual([[1]]);
    expect(batcher.counts).toMatchObject({ waiting: 0, running: 0, rejected: 1 });
  });

  it('fails on a wrong number of results, and names both numbers', async () => {
    const { submit, runner } = setUp();
    const result = submit(1);
    await settled();
    runner.batches[0]!.end.resolve([]);
    await settled();
    runner.batches[1]!.end.resolve(['one', 'two']);
    await expect(result).rejects.toThrow('the engine returned 2 results for 1 photos');
  });

  it('reports how long items waited, how long a batch took, and whether it failed', async () => {
    const { submit, runner, flushes, ends, clock } = setUp();
    void submit(1);
    await settled();
    void submit(2);
    void submit(3);
    clock.advance(10);
    runner.answer();
    await settled();
    clock.advance(7);
    runner.fail();
    await settled();
    expect(flushes.map(({ waitedMs }) => waitedMs)).toEqual([0, 20, 0]);
    expect(ends).toEqual([
      { size: 1, computeMs: 10, failed: false },
      { size: 2, computeMs: 7, failed: true },
    ]);
  });

  it('drops an item past its deadline before it takes up engine time', async () => {
    const { submit, runner, batcher } = setUp();
    void submit(1);
    await settled();
    const late = new AbortController();
    const result = submit(2, 'now', late.signal);
    late.abort(new Error('too late'));
    await expect(result).rejects.toThrow('too late');
    runner.answer();
    await settled();
    expect(runner.taken).toEqual([[1]]);
    expect(batcher.counts).toMatchObject({ waiting: 0, running: 0, resolved: 1, rejected: 1 });
  });

  it('rejects an item that is already aborted', async () => {
    const { submit, runner } = setUp();
    await expect(submit(1, 'now', AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    await settled();
    expect(runner.taken).toEqual([]);
  });

  it('releases a caller who leaves while the batch runs, and still answers the others', async () => {
    const { submit, runner } = setUp();
    const leaving = new AbortController();
    const [left, stayed] = [submit(1, 'now', leaving.signal), submit(2)];
    await settled();
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    runner.answer();
    await expect(stayed).resolves.toBe('answer 2');
  });

  it('rejects an item immediately when the queue is full', async () => {
    const { submit, batcher } = setUp({ maxWaiting: 2 });
    void submit(0);
    await settled();
    void submit(1);
    void submit(2);
    await expect(submit(3)).rejects.toMatchObject({ code: 'queue_full' });
    expect(batcher.counts).toMatchObject({ accepted: 3, refused: 1 });
  });

  it('runs `ahead` items only when no `now` item is waiting, and never mixes them', async () => {
    const { submit, runner } = setUp();
    void submit(0);
    await settled();
    void submit(1, 'ahead');
    void submit(2, 'now');
    void submit(3, 'ahead');
    runner.answer();
    await settled();
    runner.answer();
    await settled();
    expect(runner.taken).toEqual([[0], [2], [1, 3]]);
  });

  it('lets callers take turns, so a flood of urgent items from a device delays nobody else’s', async () => {
    const { submit, runner } = setUp({ maxBatch: 1, maxWaiting: 10 });
    void submit(0);
    await settled();
    for (const item of [1, 2, 3]) void submit(item, 'now', never, 'a');
    void submit(10, 'ahead');
    void submit(20, 'ahead', never, 'b');
    for (let batch = 0; batch < 5; batch += 1) {
      runner.answer();
      await settled();
    }
    expect(runner.taken.flat()).toEqual([0, 1, 10, 20, 2, 3]);
  });

  it('fills a batch from all callers in turn', async () => {
    const { submit, runner } = setUp({ maxBatch: 4, maxWaiting: 10 });
    for (const item of [1, 2, 3, 4]) void submit(item, 'now', never, 'a');
    void submit(10);
    void submit(20, 'now', never, 'b');
    await settled();
    expect(runner.taken).toEqual([[10, 1, 20, 2]]);
  });

  it('sends no batch to an engine that is not ready', async () => {
    const runner = new ManualRunner(false);
    const { submit } = setUp({}, [runner]);
    void submit(1);
    await settled();
    expect(runner.taken).toEqual([]);
    runner.readiness.resolve();
    await settled();
    expect(runner.taken).toEqual([[1]]);
  });

  it('rejects every item when the last engine is gone for good', async () => {
    const runner = new ManualRunner(false);
    const { submit } = setUp({}, [runner]);
    const waiting = submit(1);
    runner.readiness.reject(new Error('closed'));
    await expect(waiting).rejects.toMatchObject({ code: 'engine_failed' });
    await expect(submit(2)).rejects.toMatchObject({ code: 'engine_failed' });
  });

  it('skips an engine that died while idle until it is ready again', async () => {
    const [dead, healthy] = [new ManualRunner(), new ManualRunner()];
    const { submit } = setUp({}, [dead, healthy]);
    await settled();
    dead.alive = false;
    dead.readiness = Promise.withResolvers();
    for (const item of [1, 2]) void submit(item);
    await settled();
    expect([dead.taken, healthy.taken]).toEqual([[], [[1, 2]]]);
    void submit(3);
    dead.alive = true;
    dead.readiness.resolve();
    await settled();
    expect(dead.taken).toEqual([[3]]);
  });

  it('stays open until the running batch ends', async () => {
    const { batcher, submit, runner } = setUp();
    void submit(1);
    await settled();
    let closed = false;
    const closing = batcher.close().then(() => {
      closed = true;
    });
    await settled();
    expect(closed).toBe(false);
    runner.answer();
    await closing;
  });

  it('leaves no listener on a signal that outlives its items', async () => {
    const { submit, runner } = setUp();
    const listeners = new Set<unknown>();
    const signal = {
      aborted: false,
      addEventListener: (_: string, listener: unknown) => listeners.add(listener),
      removeEventListener: (_: string, listener: unknown) => listeners.delete(listener),
    } as unknown as AbortSignal;
    const result = submit(1, 'now', signal);
    await settled();
    expect(listeners.size).toBe(1);
    runner.answer();
    await result;
    expect(listeners.size).toBe(0);
  });

  it('accepts nothing after close, drains, then resolves', async () => {
    const { batcher, submit, runner, flushes } = setUp();
    const running = submit(1);
    await settled();
    const waiting = submit(2);
    let closed = false;
    const closing = batcher.close().then(() => {
      closed = true;
    });
    await expect(submit(3)).rejects.toMatchObject({ code: 'shutting_down' });
    runner.answer();
    await expect(running).resolves.toBe('answer 1');
    await settled();
    expect(closed).toBe(false);
    runner.answer();
    await expect(waiting).resolves.toBe('answer 2');
    await closing;
    expect(flushes.map(({ reason }) => reason)).toEqual(['engine_idle', 'close']);
  });

  it('gives an engine as many batches at once as it has slots, and the next one where the load is least', async () => {
    const runners = [0, 1].map(() => Object.assign(new ManualRunner(), { slots: 2 }));
    const { submit } = setUp({}, runners);
    for (const item of [1, 2, 3, 4, 5]) {
      void submit(item);
      await settled();
    }
    expect(runners.map(({ taken }) => taken)).toEqual([
      [[1], [3]],
      [[2], [4]],
    ]);
  });

  it('fills the second slot of an engine only up to its even share', async () => {
    const runners = [0, 1].map(() => Object.assign(new ManualRunner(), { slots: 2 }));
    const { submit } = setUp({ maxBatch: 8, maxWaiting: 20 }, runners);
    await settled();
    for (const item of [1, 2, 3, 4]) void submit(item);
    await settled();
    for (const item of [5, 6, 7, 8]) void submit(item);
    await settled();
    expect(runners.map(({ taken }) => taken)).toEqual([
      [
        [1, 2],
        [5, 6],
      ],
      [
        [3, 4],
        [7, 8],
      ],
    ]);
  });

  it('passes on the priority of a batch, and when the last of its items stops being of use', async () => {
    const { batcher, runner } = setUp();
    const submit = (until: number | undefined, priority: 'now' | 'ahead' = 'now') =>
      void batcher.submit(0, { priority, signal: never, until });
    submit(undefined, 'ahead');
    await settled();
    for (const until of [5, 9, 7]) submit(until);
    for (const until of [5, undefined]) submit(until, 'ahead');
    for (let batch = 0; batch < 2; batch += 1) {
      runner.answer();
      await settled();
    }
    expect(runner.batches.map(({ options }) => options)).toEqual([
      { priority: 'ahead', until: undefined },
      { priority: 'now', until: 9 },
      { priority: 'ahead', until: undefined },
    ]);
  });
});
