import type { HistoryEntry, HistoryStore, Span } from '../../storage/history.ts';
import { startOf } from './periods.ts';

/**
 * Reads the history day by day, newest first, as the page shows it. A day is one read of a range of keys. With a cursor that
 * stops at each entry, 50,000 entries took 1.2 s instead of 0.5 s (Chromium, November 2026).
 */
export async function* readDays(store: Pick<HistoryStore, 'within' | 'lastBefore'>): AsyncGenerator<HistoryEntry[]> {
  for (let toMs = Number.MAX_VALUE; ; ) {
    const lastMs = await store.lastBefore(toMs);
    if (lastMs === undefined) return;
    const fromMs = startOf(lastMs, 'day');
    yield (await store.within({ fromMs, toMs })).toReversed();
    toMs = fromMs;
  }
}

/** Replaces the entries of a span of time. Entries are newest first, except for `fresh`, in any order. */
export function withSpan(
  entries: readonly HistoryEntry[],
  { fromMs, toMs }: Span,
  fresh: readonly HistoryEntry[],
): HistoryEntry[] {
  const others = entries.filter(({ atMs }) => atMs < fromMs || atMs >= toMs);
  return [...others, ...fresh].sort(
    (one, other) => other.atMs - one.atMs || (one.id < other.id ? 1 : one.id > other.id ? -1 : 0),
  );
}
