import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { HistoryEntry, Span } from '../../storage/history.ts';
import { readDays, withSpan } from './history-data.ts';

const entry = (id: string, atMs: number): HistoryEntry => ({
  ...{ id, atMs, site: 'demo', by: 'you', swipe: 'right', seen: 'none' },
});
const DAY_MS = 24 * 3_600_000;

/** A store with these entries, which are oldest first. */
const storeOf = (entries: readonly HistoryEntry[]) => ({
  within: async ({ fromMs, toMs }: Span) => entries.filter(({ atMs }) => atMs >= fromMs && atMs < toMs),
  lastBefore: async (ms: number) => entries.findLast(({ atMs }) => atMs < ms)?.atMs,
});

it('reads everything once, newest first, and one local day at a time', async () => {
  const times = fc.array(fc.integer({ min: 0, max: 400 * DAY_MS }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(times, async (unsorted) => {
      const entries = unsorted.toSorted((a, b) => a - b).map((atMs, at) => entry(String(at), atMs));
      const days: HistoryEntry[][] = [];
      for await (const day of readDays(storeOf(entries))) days.push(day);
      expect(days.flat()).toEqual(entries.toReversed());
      for (const day of days) expect(new Set(day.map(({ atMs }) => new Date(atMs).toDateString())).size).toBe(1);
    }),
  );
});

it('replaces the entries of a span of time, and keeps the order', () => {
  const before = [entry('d', 40), entry('c', 30), entry('b', 20), entry('a', 10)];
  const fresh = [entry('new', 25), entry('b', 20)];
  const after = withSpan(before, { fromMs: 20, toMs: 31 }, fresh);
  expect(after.map(({ id }) => id)).toEqual(['d', 'new', 'b', 'a']);
});
