import { describe, expect, it } from 'vitest';
import { OWNER } from './fair-shares.ts';
import { type Turn, TurnQueue } from './turn-queue.ts';

const now = (caller: string): Turn => ({ caller, priority: 'now' });
const ahead = (caller: string): Turn => ({ caller, priority: 'ahead' });

/** Fills a queue with `[item, turn]` in this order. */
function queueOf(...items: readonly (readonly [string, Turn])[]): TurnQueue<string> {
  const queue = new TurnQueue<string>();
  for (const [item, turn] of items) queue.add(item, turn);
  return queue;
}

/** Takes all items in the order of their turns. */
const drain = (queue: TurnQueue<string>) =>
  Array.from({ length: queue.count() }, () => queue.next()?.item ?? 'none').join(' ');

describe('turns', () => {
  it('go by arrival for a single caller', () => {
    expect(drain(queueOf(['1', now('a')], ['2', now('a')], ['3', now('a')]))).toBe('1 2 3');
  });

  it('alternate between devices, however much one of them has queued', () => {
    const flood = ['a1', 'a2', 'a3', 'a4'].map((item) => [item, now('a')] as const);
    expect(drain(queueOf(...flood, ['b1', now('b')], ['b2', now('b')]))).toBe('a1 b1 a2 b2 a3 a4');
  });

  it('are every second one for the owner, however many devices there are', () => {
    const devices = ['a', 'b', 'c'].map((caller) => [caller, now(caller)] as const);
    const own = ['o1', 'o2', 'o3'].map((item) => [item, now(OWNER)] as const);
    expect(drain(queueOf(...devices, ...own))).toBe('o1 a o2 b o3 c');
  });

  it('take `now` before `ahead` within a caller, but not across callers', () => {
    const queue = queueOf(['a1', ahead('a')], ['a2', now('a')], ['a3', now('a')], ['o1', ahead(OWNER)]);
    expect(drain(queue)).toBe('o1 a2 a3 a1');
  });

  it('skip callers whose next item isn’t accepted, and keep their place', () => {
    const queue = queueOf(['o1', ahead(OWNER)], ['a1', ahead('a')], ['b1', now('b')]);
    expect(queue.next(({ priority }) => priority === 'now')?.item).toBe('b1');
    expect(queue.next(({ caller }) => caller === 'nobody')).toBeUndefined();
    expect(drain(queue)).toBe('o1 a1');
  });

  it('forget deleted items and callers without items', () => {
    const queue = queueOf(['a1', now('a')], ['b1', now('b')]);
    queue.delete('a1', now('a'));
    queue.delete('a1', now('a'));
    expect([queue.count(), queue.count('ahead'), ...queue]).toEqual([1, 0, 'b1']);
    expect(drain(queue)).toBe('b1');
    expect(queue.next()).toBeUndefined();
  });
});
