import type { HistoryEntry, Span } from '../../storage/history.ts';
import { agreed } from './entry-facts.ts';

/** The kinds of swipes that the list can be limited to. Each has a text `history_kind_…`. */
const KINDS = {
  all: () => true,
  you: ({ by }) => by === 'you',
  swipenet: ({ by }) => by === 'swipenet',
  rule: ({ by }) => by === 'rule',
  right: ({ swipe }) => swipe === 'right',
  left: ({ swipe }) => swipe === 'left',
  disagreed: (entry) => agreed(entry) === false,
  corrected: ({ corrected }) => corrected !== undefined,
} as const satisfies Record<string, (entry: HistoryEntry) => boolean>;

export type Kind = keyof typeof KINDS;

export const KIND_NAMES = Object.keys(KINDS) as readonly Kind[];

/** What the person wants to see. */
export interface EntryFilter {
  /** A site's name, or '' for all sites. */
  readonly site: string;
  /** A local calendar day as `YYYY-MM-DD`, or '' for all days. */
  readonly day: string;
  readonly kind: Kind;
}

/** Returns a predicate: whether the list shows an entry. */
export function filterOf({ site, day, kind }: EntryFilter): (entry: HistoryEntry) => boolean {
  const span = spanOfDay(day);
  const isKind: (entry: HistoryEntry) => boolean = KINDS[kind];
  return (entry) =>
    (site === '' || entry.site === site) &&
    (!span || (entry.atMs >= span.fromMs && entry.atMs < span.toMs)) &&
    isKind(entry);
}

/** Returns the local day `YYYY-MM-DD` as a span of time, or undefined if it isn't a day. */
export function spanOfDay(day: string): Span | undefined {
  const [year, month, date] = day.split('-').map(Number);
  if (!year || !month || !date) return undefined;
  return {
    fromMs: new Date(year, month - 1, date).getTime(),
    toMs: new Date(year, month - 1, date + 1).getTime(), // days with a change of the clocks are longer or shorter
  };
}
