import type { HistoryEntry } from '../../storage/history.ts';
import { agreedUnseen, boundOf } from './entry-facts.ts';

/** What the charts group by. Weeks begin on Monday. */
export type Unit = 'day' | 'week';

/** What happened in a day or a week. */
export interface Period {
  /** The local midnight at which it begins. */
  readonly startMs: number;
  readonly swipes: number;
  readonly right: number;
  readonly agreed: number;
  readonly disagreed: number;
  /** The lower bound of the agreement, as the server said it last. */
  readonly bound: number | undefined;
}

/** What all shown entries add up to. */
export interface Totals extends Omit<Period, 'startMs'> {
  readonly byYou: number;
  readonly corrected: number;
}

/** Groups entries, newest first, by day or week. The periods are oldest first, and those without swipes are included. */
export function periodsOf(entries: readonly HistoryEntry[], unit: Unit): Period[] {
  const groups: { startMs: number; entries: HistoryEntry[] }[] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last && entry.atMs >= last.startMs) {
      last.entries.push(entry);
      continue;
    }
    const startMs = startOf(entry.atMs, unit);
    for (let gapMs = last ? before(last.startMs, unit) : startMs; gapMs > startMs; gapMs = before(gapMs, unit)) {
      groups.push({ startMs: gapMs, entries: [] });
    }
    groups.push({ startMs, entries: [entry] });
  }
  return groups.toReversed().map((group) => ({ startMs: group.startMs, ...tally(group.entries) }));
}

/** Puts empty periods before others, up to a number of them, so that a chart of few periods has room. */
export function withRoom(periods: readonly Period[], unit: Unit, count: number): Period[] {
  const padded = [...periods];
  while (padded.length > 0 && padded.length < count)
    padded.unshift({ startMs: before(padded[0]!.startMs, unit), ...tally([]) });
  return padded;
}

/** Adds up entries, newest first. */
export function totalsOf(entries: readonly HistoryEntry[]): Totals {
  return {
    ...tally(entries),
    byYou: entries.filter(({ by }) => by === 'you').length,
    corrected: entries.filter(({ corrected }) => corrected !== undefined).length,
  };
}

/** Returns the local midnight at which the day or week of a moment begins. */
export function startOf(ms: number, unit: Unit): number {
  const day = new Date(ms);
  day.setHours(0, 0, 0, 0);
  if (unit === 'week') day.setDate(day.getDate() - ((day.getDay() + 6) % 7));
  return day.getTime();
}

/** Returns the start of the period before the one that starts at a local midnight. */
const before = (startMs: number, unit: Unit) => startOf(startMs - 1, unit);

function tally(entries: readonly HistoryEntry[]): Omit<Period, 'startMs'> {
  const counts = { swipes: entries.length, right: 0, agreed: 0, disagreed: 0 };
  for (const entry of entries) {
    if (entry.swipe === 'right') counts.right += 1;
    const isAgreed = agreedUnseen(entry);
    if (isAgreed !== undefined) counts[isAgreed ? 'agreed' : 'disagreed'] += 1;
  }
  return { ...counts, bound: entries.map(boundOf).find((bound) => bound !== undefined) };
}
