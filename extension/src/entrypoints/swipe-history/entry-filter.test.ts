import { expect, it } from 'vitest';
import type { HistoryEntry } from '../../storage/history.ts';
import { filterOf, type Kind, spanOfDay } from './entry-filter.ts';

const VERDICT = {
  photos: [{ like: 0.9, label: 'LIKE' as const }],
  decision: { swipe: 'right', reason: 'like_found', like: 0.9, photo: 0 } as const,
  ...{ threshold: 0.4, model: 'm' },
};
const ENTRIES: readonly HistoryEntry[] = [
  {
    id: 'mine',
    atMs: new Date(2026, 10, 27, 23, 59).getTime(),
    site: 'tinder',
    by: 'you',
    swipe: 'right',
    seen: 'none',
  },
  {
    ...{ id: 'other', atMs: new Date(2026, 10, 28).getTime(), site: 'demo', by: 'you', swipe: 'left', seen: 'hidden' },
    verdict: VERDICT,
  },
  {
    ...{
      id: 'own',
      atMs: new Date(2026, 10, 27).getTime(),
      site: 'demo',
      by: 'swipenet',
      swipe: 'right',
      seen: 'shown',
    },
    ...{ verdict: VERDICT, corrected: 'left' },
  },
  { id: 'rule', atMs: 5, site: 'demo', by: 'rule', swipe: 'left', seen: 'none' },
];
const shown = (filter: { site?: string; day?: string; kind?: Kind }) =>
  ENTRIES.filter(filterOf({ site: '', day: '', kind: 'all', ...filter })).map(({ id }) => id);

it('limits the list to a site, a local day and a kind, or any of them', () => {
  expect(shown({})).toEqual(['mine', 'other', 'own', 'rule']);
  expect(shown({ site: 'demo' })).toEqual(['other', 'own', 'rule']);
  expect(shown({ day: '2026-11-27' })).toEqual(['mine', 'own']);
  expect(shown({ day: '2026-11-27', site: 'tinder', kind: 'you' })).toEqual(['mine']);
});

it.each([
  ['you', ['mine', 'other']],
  ['swipenet', ['own']],
  ['rule', ['rule']],
  ['right', ['mine', 'own']],
  ['left', ['other', 'rule']],
  ['disagreed', ['other', 'own']],
  ['corrected', ['own']],
] as const)('knows the kind %s', (kind, ids) => {
  expect(shown({ kind })).toEqual(ids);
});

it('knows days of 23 and 25 hours, and what isn’t a day', () => {
  const { fromMs, toMs } = spanOfDay('2026-12-31')!;
  expect([fromMs, toMs]).toEqual([new Date(2026, 11, 31).getTime(), new Date(2027, 0, 1).getTime()]);
  expect(spanOfDay('')).toBeUndefined();
});
