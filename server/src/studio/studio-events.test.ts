import { STUDIO_EVENTS } from '@swipenet/shared/contract/studio/events.ts';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { statusExample } from '../http/openapi/examples.ts';
import { StudioEvents } from './studio-events.ts';

const NAMES = Object.keys(STUDIO_EVENTS);

const settled = () => new Promise((done) => setImmediate(done));

/** Events of a status that the test changes. */
function setUp() {
  const clock = new ManualClock();
  let reads = 0;
  let status = statusExample;
  let failure: Error | undefined;
  let slow: PromiseWithResolvers<void> | undefined;
  const troubles: string[] = [];
  const read = async () => {
    reads += 1;
    if (failure) throw failure;
    const seen = status;
    const held = slow;
    slow = undefined; // only the next look is slow
    await held?.promise;
    return seen;
  };
  const machine = { cpu: 0, memoryUsedBytes: 1, memoryTotalBytes: 2 };
  const events = new StudioEvents(
    {
      status: { everyMs: 1_000, read },
      machine: { everyMs: 60_000, read: async () => machine },
      datasets: { everyMs: 60_000, read: async () => ({ version: '1' }) },
      models: { everyMs: 60_000, read: async () => ({ models: [] }) },
      jobs: { everyMs: 60_000, read: async () => ({ jobs: [], version: '1' }) },
      runs: { everyMs: 60_000, read: async () => ({ running: [], version: '1' }) },
      evaluations: { everyMs: 60_000, read: async () => ({ evaluations: [] }) },
      reviews: { everyMs: 60_000, read: async () => ({ reviews: [] }) },
    },
    clock,
    ({ message }) => troubles.push(message),
  );
  const heard = (stop = new AbortController()) => {
    const names: string[] = [];
    events.listen((name, json) => names.push(`${name} ${json.length}`), stop.signal);
    return { names, stop };
  };
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settled();
  };
  return {
    ...{ events, troubles, heard, pass },
    reads: () => reads,
    change: (uptimeMs: number) => {
      status = { ...statusExample, uptimeMs };
    },
    fail: (error?: Error) => {
      failure = error;
    },
    slowDown: () => {
      const held = Promise.withResolvers<void>();
      slow = held;
      return held.resolve;
    },
  };
}

describe('the studio’s events', () => {
  it('come once for everything there is, and then for what changes', async () => {
    const { heard, pass, change } = setUp();
    const { names } = heard();
    await settled();
    expect(names.map((line) => line.split(' ')[0]).toSorted()).toEqual(NAMES.toSorted());
    await pass(1_000);
    expect(names).toHaveLength(NAMES.length); // nothing has changed
    change(5);
    await pass(1_000);
    expect(names).toHaveLength(NAMES.length + 1);
  });

  it('tell a page that comes later everything at once', async () => {
    const { heard } = setUp();
    heard();
    await settled();
    expect(heard().names).toHaveLength(NAMES.length);
  });

  it('cost nothing while nobody listens', async () => {
    const { heard, pass, reads } = setUp();
    await pass(5_000);
    expect(reads()).toBe(0);
    const { stop } = heard();
    await settled();
    stop.abort();
    await pass(60_000);
    expect(reads()).toBe(1);
    heard();
    await settled();
    expect(reads()).toBe(2);
  });

  it('tell last what was seen last, also if an earlier look takes longer', async () => {
    const { events, heard, pass, change, slowDown } = setUp();
    heard();
    await settled();
    const told: number[] = [];
    events.listen(
      (name, json) => name === 'status' && told.push(JSON.parse(json).uptimeMs),
      new AbortController().signal,
    );
    change(1);
    const goOn = slowDown();
    await pass(1_000); // looks, and sees 1
    change(2);
    const refreshed = events.refresh('status');
    await settled();
    goOn();
    await refreshed;
    expect(told.slice(1)).toEqual([1, 2]);
  });

  it('survive a source that fails', async () => {
    const { heard, pass, fail, troubles } = setUp();
    fail(new Error('a disk was unplugged'));
    const { names } = heard();
    await settled();
    expect([names.length, troubles]).toEqual([NAMES.length - 1, ['a disk was unplugged']]);
    fail();
    await pass(1_000);
    expect(names).toHaveLength(NAMES.length);
  });
});
