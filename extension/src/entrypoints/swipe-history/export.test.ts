import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { HistoryEntry } from '../../storage/history.ts';
import { historyCsv, historyJson } from './export.ts';

const ENTRY: HistoryEntry = {
  ...{ id: 'a', atMs: Date.UTC(2026, 10, 27, 14, 3, 22), site: 'tinder', profile: 'ab'.repeat(32) },
  ...{ by: 'you', swipe: 'right', corrected: 'left', seen: 'hidden' },
  verdict: {
    photos: [{ like: 0.91, label: 'LIKE' }, { missing: 'video' }, { like: 0.2, label: 'NOPE' }],
    decision: { swipe: 'right', reason: 'like_found', like: 0.91, photo: 0 },
    ...{ threshold: 0.4, model: 'm' },
  },
  label: { server: 'http://127.0.0.1:8787', swipeId: 7 },
};

/** Reads CSV as RFC 4180 describes it. */
function parseCsv(text: string): string[][] {
  const cells = [...text.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g)];
  const lines: string[][] = [[]];
  for (const [, cell, end] of cells) {
    lines.at(-1)!.push(cell!.startsWith('"') ? cell!.slice(1, -1).replaceAll('""', '"') : cell!);
    if (end !== ',') lines.push([]);
  }
  return lines.slice(0, -1);
}

it('exports an entry as a line of CSV', () => {
  const [names, cells] = parseCsv(historyCsv([ENTRY]));
  expect(Object.fromEntries(names!.map((name, at) => [name, cells![at]]))).toEqual({
    ...{ time: '2026-11-27T14:03:22.000Z', site: 'tinder', swiped_by: 'you', swipe: 'right', corrected_to: 'left' },
    ...{ decision: 'right', reason: 'like_found', confidence: '0.91', threshold: '0.4', photos: '0.91 video 0.2' },
    words: '',
    ...{ model: 'm', verdict_seen: 'hidden', agreed: 'no', profile: 'ab'.repeat(32) },
  });
});

it('exports which words joined the decision', () => {
  const words = { photos: 0.62, reasons: [{ word: 'climbing', weight: 0.84 }] };
  const [names, cells] = parseCsv(historyCsv([{ ...ENTRY, verdict: { ...ENTRY.verdict!, words } }]));
  expect(cells![names!.indexOf('words')]).toBe('climbing +0.8');
});

it('exports which rule decided', () => {
  const { verdict, ...rest } = ENTRY;
  const ruling = { rule: 'maxDistance', swipe: 'left', values: ['52 km', '30 km'] } as const;
  const entry: HistoryEntry = { ...rest, by: 'rule', swipe: 'left', ruling: { ...ruling, values: [...ruling.values] } };
  expect(historyCsv([entry])).toContain('tinder,rule,left,left,left,maxDistance 52 km 30 km,');
  expect(JSON.parse(historyJson([entry])).entries[0].ruling).toEqual(ruling);
});

it('leaves the cells of what is unknown empty', () => {
  const { verdict, profile, corrected, ...rest } = ENTRY;
  expect(historyCsv([rest]).split('\r\n')[1]).toBe('2026-11-27T14:03:22.000Z,tinder,you,right,,,,,,,,,hidden,,');
});

it('writes no formula and loses no text, whatever a server calls its model', () => {
  const model = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', 'a"b', 'a,b', 'a\r\nb', 'a;b'),
  );
  fc.assert(
    fc.property(model, (name) => {
      const csv = historyCsv([{ ...ENTRY, verdict: { ...ENTRY.verdict!, model: name } }]);
      const [names, cells] = parseCsv(csv);
      const cell = cells![names!.indexOf('model')]!;
      expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
      expect(cell.replace(/^'/, '')).toBe(name.replace(/^'/, ''));
      expect(cells).toHaveLength(names!.length);
    }),
  );
});

it('exports everything but what only this browser and its server need as JSON', () => {
  const { format, version, entries } = JSON.parse(historyJson([ENTRY]));
  expect([format, version]).toEqual(['swipenet-history', 1]);
  const { id, atMs, label, ...rest } = ENTRY;
  expect(entries).toEqual([{ time: '2026-11-27T14:03:22.000Z', ...rest }]);
});
