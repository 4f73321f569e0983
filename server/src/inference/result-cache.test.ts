import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PermitOptions } from './priority-semaphore.ts';
import { cacheOf, ResultCache } from './result-cache.ts';

const never = new AbortController().signal;
const now = { priority: 'now', signal: never } as const;
const ahead = { priority: 'ahead', signal: never } as const;

/** A cache whose computations end when the test decides. */
function setUp(capacity = 3) {
  const cache = new ResultCache<string>(capacity);
  const runs: (PromiseWithResolvers<string> & { key: string; options: PermitOptions })[] = [];
  const get = (key: string, options: PermitOptions = now) => {
    const got = cache.get(key, options, (shared) => {
      const run = { ...Promise.withResolvers<string>(), key, options: shared };
      shared.signal.addEventListener('abort', () => run.reject(shared.signal.reason));
      runs.push(run);
      return run.promise;
    });
    got.catch(() => {});
    return got;
  };
  return { cache, runs, get };
}

describe('the result cache', () => {
  it('computes a key once, and reports whether the result was already stored', async () => {
    const { cache, runs, get } = setUp();
    const first = get('a');
    runs[0]!.resolve('A');
    expect(await first).toEqual({ value: 'A', kept: false });
    expect(await get('a')).toEqual({ value: 'A', kept: true });
    expect(runs).toHaveLength(1);
    expect(cache.counts).toEqual({ hits: 1, joined: 0, misses: 1, kept: 1 });
  });

  it('starts a key again for another caller, who doesn’t wait for the first one’s turn', async () => {
    const { cache, runs, get } = setUp();
    const both = [get('a', { ...now, caller: 'device' }), get('a'), get('a')];
    expect(runs.map(({ options }) => options.caller)).toEqual(['device', 'local']);
    runs[1]!.resolve('A');
    expect(await Promise.all(both)).toMatchObject([{ value: 'A' }, { value: 'A' }, { value: 'A' }]);
    expect(runs[0]!.options.signal.aborted).toBe(true);
    expect(cache.counts).toMatchObject({ misses: 1, joined: 2 });
  });

  it('joins lookups of a key that is being computed', async () => {
    const { cache, runs, get } = setUp();
    const both = [get('a'), get('a')];
    runs[0]!.resolve('A');
    expect(await Promise.all(both)).toEqual([
      { value: 'A', kept: false },
      { value: 'A', kept: false },
    ]);
    expect(cache.counts).toEqual({ hits: 0, joined: 1, misses: 1, kept: 1 });
  });

  it('lets one caller leave without failing the other', async () => {
    const { runs, get } = setUp();
    const gone = new AbortController();
    const leaving = get('a', { priority: 'now', signal: gone.signal });
    const staying = get('a');
    gone.abort(new Error('gone'));
    await expect(leaving).rejects.toThrow('gone');
    expect(runs[0]!.options.signal.aborted).toBe(false);
    runs[0]!.resolve('A');
    expect(await staying).toMatchObject({ value: 'A' });
  });

  it('aborts the computation when the last caller leaves, and starts over for the next', async () => {
    const { runs, get } = setUp();
    const gone = new AbortController();
    const leaving = [1, 2].map(() => get('a', { priority: 'now', signal: gone.signal }));
    gone.abort(new Error('gone'));
    for (const result of leaving) await expect(result).rejects.toThrow('gone');
    expect(runs[0]!.options.signal.aborted).toBe(true);
    const next = get('a');
    expect(runs).toHaveLength(2);
    runs[1]!.resolve('A');
    expect(await next).toMatchObject({ value: 'A' });
  });

  it('passes a failure to all waiting callers and doesn’t keep it', async () => {
    const { cache, runs, get } = setUp();
    const both = [get('a'), get('a')];
    runs[0]!.reject(new Error('broken'));
    for (const result of both) await expect(result).rejects.toThrow('broken');
    expect(cache.counts.kept).toBe(0);
    void get('a');
    expect(runs).toHaveLength(2);
  });

  it('doesn’t let `now` wait for an `ahead` computation: the first to finish answers both', async () => {
    const { runs, get } = setUp();
    const [early, urgent] = [get('a', ahead), get('a', now)];
    void get('a', now);
    expect(runs.map(({ options }) => options.priority)).toEqual(['ahead', 'now']);
    runs[1]!.resolve('A');
    expect(await early).toMatchObject({ value: 'A' });
    expect(await urgent).toMatchObject({ value: 'A' });
    expect(runs[0]!.options.signal.aborted).toBe(true);
  });

  it('fails only when every attempt has failed', async () => {
    const { runs, get } = setUp();
    const [early, urgent] = [get('a', ahead), get('a', now)];
    runs[1]!.reject(new Error('broken'));
    await new Promise((resolve) => setImmediate(resolve));
    runs[0]!.resolve('A');
    expect(await urgent).toMatchObject({ value: 'A' });
    expect(await early).toMatchObject({ value: 'A' });
  });

  it('never exceeds its capacity, and evicts the least recently used result', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(9), { maxLength: 40 }), async (lookups) => {
        const cache = new ResultCache<number>(4);
        const recent: number[] = [];
        for (const key of lookups) {
          const { kept } = await cache.get(String(key), now, async () => key);
          expect(kept).toBe(recent.slice(-4).includes(key));
          if (recent.includes(key)) recent.splice(recent.indexOf(key), 1);
          recent.push(key);
          expect(cache.counts.kept).toBe(Math.min(4, recent.length));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('doesn’t exist for a capacity of 0', () => {
    expect(cacheOf(0)).toBeUndefined();
    expect(cacheOf(1)).toBeInstanceOf(ResultCache);
  });
});
