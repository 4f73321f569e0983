import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Batcher, type BatcherOptions, type BatchRunner, type FlushReason } from './batcher.ts';

/** A runner whose batches end when the test says so. */
class ManualRunner implements BatchRunner<number, string> {
  readonly batches: { items: readonly number[]; end: PromiseWithResolvers<readonly (string | Error)[]> }[] = [];
  readiness = Promise.withResolvers<void>();
  alive = true;

  constructor(ready = true) {
    if (ready) this.readiness.resolve();
  }

  ready() {
    return this.readiness.promise;
  }

  run(items: readonly number[]) {
    const end = Promise.withResolvers<readonly (string | Error)[]>();
    this.batches.push({ items, end });
    return end.promise;
  }

  /** The items of each batch so far. */
  get taken() {
    return this.batches.map(({ items }) => items);
  }

  /** Ends the last batch with an answer an item. */
  answer() {
    const { items, end } = this.batches.at(-1)!;
    end.resolve(items.map((item) => `answer ${item}`));
  }
}

const never = new AbortController().signal;
const settled = () => new Promise((resolve) => setImmediate(resolve));

function setUp(options: Partial<BatcherOptions> = {}, runners = [new ManualRunner()]) {
  const flushes: { reason: FlushReason; size: number }[] = [];
  const batcher = new Batcher(runners, {
    maxBatch: 3,
    maxWaiting: 5,
    onFlush: (flush) => flushes.push(flush),
    ...options,
  });
  const submit = (item: number, priority: 'now' | 'ahead' = 'now', signal: AbortSignal = never) => {
    const result = batcher.submit(item, { priority, signal });
    result.catch(() => {});
    return result;
  };
  return { batcher, submit, flushes, runner: runners[0]! };
}

describe('the batcher', () => {
  it('gives a lone item to an idle engine without waiting', async () => {
    const { submit, runner, flushes } = setUp();
    const result = submit(1);
    await settled();
    expect(runner.taken).toEqual([[1]]);
    expect(flushes).toEqual([{ reason: 'engine_idle', size: 1 }]);
    runner.answer();
    await expect(result).resolves.toBe('answer 1');
  });

  it('lets what comes while the engine runs leave together in the next batch', async () => {
    const { submit, runner } = setUp();
    submit(1);
    await settled();
    submit(2);
    submit(3);
    await settled();
    expect(runner.taken).toEqual([[1]]);
    runner.answer();
    await settled();
    expect(runner.taken).toEqual([[1], [2, 3]]);
  });

  it('never makes a batch larger than the maximum, and says that it left because of its size', async () => {
    const { submit, runner, flushes } = setUp();
    for (const item of [1, 2, 3, 4]) submit(item);
    await settled();
    expect(runner.taken).toEqual([[1, 2, 3]]);
    expect(flushes).toEqual([{ reason: 'size', size: 3 }]);
    runner.answer();
    await settled();
    expect(runner.taken).toEqual([[1, 2, 3], [4]]);
  });

  it('shares what waits evenly between idle engines', async () => {
    const runners = [new ManualRunner(), new ManualRunner()];
    const { submit } = setUp({ maxBatch: 8, maxWaiting: 20 }, runners);
    await settled();
    for (const item of [1, 2, 3, 4, 5, 6]) submit(item);
    await settled();
    expect(runners.map(({ taken }) => taken)).toEqual([[[1, 2, 3]], [[4, 5, 6]]]);
  });

  it('returns each result to its own caller', async () => {
    const { submit, runner } = setUp();
    const results = [3, 1, 2].map((item) => submit(item));
    await settled();
    runner.answer();
    await expect(Promise.all(results)).resolves.toEqual(['answer 3', 'answer 1', 'answer 2']);
  });

  it('rejects a bad item alone', async () => {
    const { submit, runner } = setUp();
    const [good, bad] = [submit(1), submit(2)];
    await settled();
    runner.batches[0]!.end.resolve(['fine', new Error('this one is bad')]);
    await expect(good).resolves.toBe('fine');
    await expect(bad).rejects.toThrow('this one is bad');
  });

  it('rejects every waiter of a failed batch, and runs the next', async () => {
    const { submit, runner } = setUp();
    const failed = [submit(1), submit(2)];
    await settled();
    runner.batches[0]!.end.reject(new Error('the engine is gone'));
    for (const result of failed) await expect(result).rejects.toThrow('the engine is gone');
    const next = submit(3);
    await settled();
    runner.answer();
    await expect(next).resolves.toBe('answer 3');
  });

  it('takes a wrong number of results for a failure that says both numbers', async () => {
    const { submit, runner } = setUp();
    const results = [submit(1), submit(2)];
    await settled();
    runner.batches[0]!.end.resolve(['only one']);
    for (const result of results) await expect(result).rejects.toThrow('the engine gave 1 results for 2 photos');
  });

  it('drops an item past its deadline before it costs engine time', async () => {
    const { submit, runner, batcher } = setUp();
    submit(1);
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

  it('does not take in an item that is aborted already', async () => {
    const { submit, runner } = setUp();
    await expect(submit(1, 'now', AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    await settled();
    expect(runner.taken).toEqual([]);
  });

  it('lets go of a caller who leaves while the batch runs; the others get their answers', async () => {
    const { submit, runner } = setUp();
    const leaving = new AbortController();
    const [left, stayed] = [submit(1, 'now', leaving.signal), submit(2)];
    await settled();
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    runner.answer();
    await expect(stayed).resolves.toBe('answer 2');
  });

  it('refuses at once when the queue is full', async () => {
    const { submit, batcher } = setUp({ maxWaiting: 2 });
    submit(0);
    await settled();
    submit(1);
    submit(2);
    await expect(submit(3)).rejects.toMatchObject({ code: 'queue_full' });
    expect(batcher.counts).toMatchObject({ accepted: 3, refused: 1 });
  });

  it('runs what is ahead only when nothing waits that is now, and never mixes them', async () => {
    const { submit, runner } = setUp();
    submit(0);
    await settled();
    submit(1, 'ahead');
    submit(2, 'now');
    submit(3, 'ahead');
    runner.answer();
    await settled();
    runner.answer();
    await settled();
    expect(runner.taken).toEqual([[0], [2], [1, 3]]);
  });

  it('gives no batch to an engine that is not ready', async () => {
    const runner = new ManualRunner(false);
    const { submit } = setUp({}, [runner]);
    submit(1);
    await settled();
    expect(runner.taken).toEqual([]);
    runner.readiness.resolve();
    await settled();
    expect(runner.taken).toEqual([[1]]);
  });

  it('rejects everyone when the last engine is gone for good', async () => {
    const runner = new ManualRunner(false);
    const { submit } = setUp({}, [runner]);
    const waiting = submit(1);
    runner.readiness.reject(new Error('closed'));
    await expect(waiting).rejects.toMatchObject({ code: 'engine_failed' });
    await expect(submit(2)).rejects.toMatchObject({ code: 'engine_failed' });
  });

  it('passes over an engine that died while it was idle, until it is ready again', async () => {
    const [dead, healthy] = [new ManualRunner(), new ManualRunner()];
    const { submit } = setUp({}, [dead, healthy]);
    await settled();
    dead.alive = false;
    dead.readiness = Promise.withResolvers();
    for (const item of [1, 2]) submit(item);
    await settled();
    expect([dead.taken, healthy.taken]).toEqual([[], [[1, 2]]]);
    submit(3);
    dead.alive = true;
    dead.readiness.resolve();
    await settled();
    expect(dead.taken).toEqual([[3]]);
  });

  it('is not closed while a batch runs', async () => {
    const { batcher, submit, runner } = setUp();
    submit(1);
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

  it('takes in nothing after close, drains, then resolves', async () => {
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

  it('keeps accepted = resolved + rejected + waiting + running under any order of events, and leaves nobody behind', async () => {
    const event = fc.oneof(
      { weight: 5, arbitrary: fc.record({ type: fc.constant('submit' as const), ahead: fc.boolean() }) },
      {
        weight: 3,
        arbitrary: fc.record({ type: fc.constantFrom('answer' as const, 'fail' as const), engine: fc.nat(1) }),
      },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('abort' as const), which: fc.nat(20) }) },
      { weight: 2, arbitrary: fc.record({ type: fc.constant('wait' as const) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (events) => {
        const runners = [new ManualRunner(), new ManualRunner()];
        const { batcher, submit } = setUp({ maxBatch: 3, maxWaiting: 6 }, runners);
        const aborts: AbortController[] = [];
        const outcomes: Promise<unknown>[] = [];
        const end = (runner: ManualRunner, fail: boolean) => {
          if (fail) runner.batches.at(-1)?.end.reject(new Error('failed'));
          else if (runner.batches.length > 0) runner.answer();
        };
        const check = () => {
          const { accepted, refused, resolved, rejected, waiting, running } = batcher.counts;
          expect(resolved + rejected + waiting + running).toBe(accepted);
          expect(accepted + refused).toBe(outcomes.length);
          expect(waiting).toBeLessThanOrEqual(6);
        };
        for (const step of events) {
          if (step.type === 'submit') {
            const abort = new AbortController();
            aborts.push(abort);
            outcomes.push(submit(outcomes.length, step.ahead ? 'ahead' : 'now', abort.signal).catch(() => {}));
          }
          if (step.type === 'answer' || step.type === 'fail') end(runners[step.engine]!, step.type === 'fail');
          if (step.type === 'abort') aborts[step.which]?.abort(new Error('left'));
          if (step.type === 'wait') await settled();
          check();
        }
        const closing = batcher.close();
        while (batcher.counts.waiting + batcher.counts.running > 0) {
          for (const runner of runners) end(runner, false);
          await settled();
        }
        await Promise.all([closing, ...outcomes]);
        check();
        for (const runner of runners)
          for (const { items } of runner.batches) expect(items.length).toBeLessThanOrEqual(3);
      }),
      { numRuns: 200 },
    );
  });
});
