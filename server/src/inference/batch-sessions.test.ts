import { describe, expect, it } from 'vitest';
import type { Session, SessionOptions, Tensor } from '../runtime/session.ts';
import { BatchSessions } from './batch-sessions.ts';

const OPTIONS: SessionOptions = { model: new Uint8Array(), device: 'cuda:0', threads: 1 };

/** Opens fake sessions, which add 0.5 to each photo's only pixel. Returns the sizes that each one got. */
async function setUp(sizes: readonly number[]) {
  const seen: number[][] = [];
  let closed = 0;
  const openOne = async (): Promise<Session> => {
    const own: number[] = [];
    seen.push(own);
    return {
      run: async ({ photos }) => {
        own.push(photos!.shape[0]!);
        return { sums: { data: Float32Array.from(photos!.data, (level) => level + 0.5), shape: photos!.shape } };
      },
      close: async () => {
        closed += 1;
      },
    };
  };
  const session = await BatchSessions.open(OPTIONS, sizes, openOne);
  const run = async (...levels: number[]) => {
    const photos: Tensor = { data: Uint8Array.from(levels), shape: [levels.length, 1] };
    return (await session.run({ photos })).sums!;
  };
  return { session, run, seen, closed: () => closed };
}

describe('a model with fixed batch sizes', () => {
  it('gives each session batches of one size only, the smallest that fits', async () => {
    const { run, seen } = await setUp([2, 4]);
    for (const count of [1, 3, 2, 4, 1]) await run(...Array.from({ length: count }, (_, index) => index));
    expect(seen).toEqual([
      [2, 2, 2],
      [4, 4],
    ]);
  });

  it('answers each photo, and nothing for the padding', async () => {
    const { run } = await setUp([4]);
    expect(await run(7, 8, 9)).toEqual({ data: Float32Array.of(7.5, 8.5, 9.5), shape: [3, 1] });
    expect(await run(1, 2, 3, 4)).toEqual({ data: Float32Array.of(1.5, 2.5, 3.5, 4.5), shape: [4, 1] });
  });

  it('refuses a batch that is larger than all sizes', async () => {
    const { run } = await setUp([2]);
    await expect(run(1, 2, 3)).rejects.toThrow('the batch has 3 photos, and the largest has 2');
  });

  it('is an ordinary session without sizes', async () => {
    const { run, seen } = await setUp([]);
    for (const count of [1, 3]) await run(...Array.from({ length: count }, (_, index) => index));
    expect(seen).toEqual([[1, 3]]);
  });

  it('closes all its sessions', async () => {
    const { session, closed } = await setUp([2, 4]);
    await session.close();
    expect(closed()).toBe(2);
  });
});
