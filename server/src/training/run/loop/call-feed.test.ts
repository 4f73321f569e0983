import { describe, expect, it } from 'vitest';
import type { TrainingBatch } from '../../dataset/batches/batch-stream.ts';
import { CallFeed } from './call-feed.ts';

/** A feed over numbered batches, of `stepsPerCall` steps in each of three calls. A batch takes a turn of the event loop. */
function setUp(stepsPerCall: number, fails = Number.POSITIVE_INFINITY) {
  let batches = 0;
  const stream = {
    next: async () => {
      const batch = batches;
      batches += 1;
      await turn();
      if (batch === fails) throw new Error(`batch ${batch} is unreadable`);
      return { photos: Uint8Array.of(batch), epoch: 0 } as unknown as TrainingBatch;
    },
  };
  const schedule = {
    policy: { kind: 'fixed' },
    learningRate: 0.1,
    warmup: 0,
    steps: 3 * stepsPerCall,
  } as const;
  const masks = new Map([['pool5/drop_7x7_s1', [2, 8]]] as const);
  const targetsOf = ({ photos }: TrainingBatch) => Float32Array.of(photos[0]!);
  const feed = new CallFeed({ stream, targetsOf, schedule, masks, stepsPerCall, seed: 1 }, 0);
  return { feed, taken: () => batches };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the feed of calls', () => {
  it('gives each step its batch with its targets, masks and learning rate, in order', async () => {
    const { feed } = setUp(2);
    const calls = [await feed.next(), await feed.next(), await feed.next()];
    const inputs = calls.flatMap((call) => call.inputs);
    expect(inputs.map(({ photos, targets }) => [photos[0], targets[0]])).toEqual(
      [0, 1, 2, 3, 4, 5].map((batch) => [batch, batch]),
    );
    expect(inputs.map(({ learningRate }) => learningRate)).toEqual(new Array(6).fill(0.1));
    const masks = inputs.map((input) => String(input.masks.get('pool5/drop_7x7_s1')));
    expect(new Set(masks).size).toBe(6);
  });

  it('prepares the next call while the engine computes, and none after the last', async () => {
    const { feed, taken } = setUp(2);
    for (const prepared of [4, 6, 6]) {
      await feed.next();
      for (let turns = 0; turns < 10; turns += 1) await turn(); // the engine computes
      expect(taken()).toBe(prepared);
    }
  });

  it('reports a batch that can’t be read to the caller that takes its call', async () => {
    const { feed } = setUp(1, 1);
    await feed.next();
    for (let turns = 0; turns < 3; turns += 1) await turn();
    await expect(feed.next()).rejects.toThrow('batch 1 is unreadable');
  });

  it('takes nothing more from the stream once it is closed', async () => {
    const { feed, taken } = setUp(3);
    await feed.next();
    await feed.close();
    const before = taken();
    for (let turns = 0; turns < 10; turns += 1) await turn();
    expect([before, taken()]).toEqual([6, 6]);
  });
});
