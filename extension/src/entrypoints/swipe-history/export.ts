import type { HistoryEntry } from '../../storage/history.ts';
import { agreed } from './entry-facts.ts';

/** The columns of the CSV file, each with its cell. */
const COLUMNS: Readonly<Record<string, (entry: HistoryEntry) => string | number | undefined>> = {
  time: ({ atMs }) => new Date(atMs).toISOString(),
  site: ({ site }) => site,
  swiped_by: ({ by }) => by,
  swipe: ({ swipe }) => swipe,
  corrected_to: ({ corrected }) => corrected,
  decision: ({ ruling, verdict }) => ruling?.swipe ?? verdict?.decision.swipe,
  reason: ({ ruling, verdict }) => (ruling ? ruleOf(ruling) : verdict?.decision.reason),
  confidence: ({ verdict }) => verdict?.decision.like ?? undefined,
  threshold: ({ verdict }) => verdict?.threshold,
  words: ({ verdict }) =>
    verdict?.words?.reasons
      .map(({ word, weight }) => `${word} ${weight < 0 ? '' : '+'}${weight.toFixed(1)}`)
      .join(', '),
  photos: ({ verdict }) => verdict?.photos.map((photo) => ('like' in photo ? photo.like : photo.missing)).join(' '),
  model: ({ verdict }) => verdict?.model,
  verdict_seen: ({ seen }) => seen,
  agreed: (entry) => yesNo(agreed(entry)),
  profile: ({ profile }) => profile,
};

/** What a spreadsheet takes for the start of a formula, also in full width. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** Formats entries as CSV (RFC 4180). No cell is a formula, whatever a server calls its model. */
export function historyCsv(entries: readonly HistoryEntry[]): string {
  const lines = entries.map((entry) => Object.values(COLUMNS).map((cell) => csvCell(cell(entry))));
  return [Object.keys(COLUMNS), ...lines].map((cells) => `${cells.join(',')}\r\n`).join('');
}

/** Formats entries as JSON. What only this browser and its server need is left out. */
export function historyJson(entries: readonly HistoryEntry[]): string {
  const exported = entries.map(({ id: _id, atMs, label: _label, ...entry }) => ({
    time: new Date(atMs).toISOString(),
    ...entry,
  }));
  return `${JSON.stringify({ format: 'swipenet-history', version: 1, entries: exported }, null, 1)}\n`;
}

/** Returns the name of a rule and what it compared: `maxDistance 52 km 30 km`. */
const ruleOf = ({ rule, values }: NonNullable<HistoryEntry['ruling']>) => [rule, ...(values ?? [])].join(' ');

function csvCell(value: string | number | undefined): string {
  if (typeof value !== 'string') return String(value ?? '');
  const harmless = FORMULA.test(value) ? `'${value}` : value;
  return /[",;\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const yesNo = (value: boolean | undefined) => (value === undefined ? undefined : value ? 'yes' : 'no');
