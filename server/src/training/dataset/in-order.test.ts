import { describe, expect, it } from 'vitest';
import { inOrder } from './in-order.ts';

describe('parallel work', () => {
  it('yields results in the order of the items, with a limited number in progress', async () => {
    const items = Array.from({ length: 200 }, (_, index) => index);
    let now = 0;
    let most = 0;
    let begun = 0;
    const results: number[] = [];
    const work = async (item: number) => {
      begun += 1;
      now += 1;
      most = Math.max(most, now);
      for (let turns = item % 7; turns > 0; turns -= 1) await Promise.resolve();
      now -= 1;
      return item * 2;
    };
    for await (const result of inOrder(items, 3, work)) {
      results.push(result);
      expect(begun - results.length).toBeLessThan(3 * 8 + 1);
    }
    expect(results).toEqual(items.map((item) => item * 2));
    expect(most).toBe(3);
  });

  it('yields results up to the first failure, and then throws', async () => {
    const seen: number[] = [];
    const run = async () => {
      for await (const result of inOrder([1, 2, 3, 4], 2, async (item) => {
        if (item === 3) throw new Error('three');
        return item;
      })) {
        seen.push(result);
      }
    };
    await expect(run()).rejects.toThrow('three');
    expect(seen).toEqual([1, 2]);
  });
});
