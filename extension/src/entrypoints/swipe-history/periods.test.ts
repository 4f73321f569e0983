import { expect, it } from 'vitest';
import type { HistoryEntry } from '../../storage/history.ts';
import { periodsOf, startOf, totalsOf, withRoom } from './periods.ts';

const at = (month: number, day: number, hour = 12) => new Date(2026, month - 1, day, hour).getTime();
const VERDICT = {
  photos: [],
  decision: { swipe: 'right', reason: 'like_found', like: 0.9, photo: 0 },
  ...{ threshold: 0.4, model: 'm' },
} as const;

const entry = (atMs: number, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  ...{ id: String(atMs), atMs, site: 'demo', by: 'you', swipe: 'right', seen: 'hidden' },
  verdict: { ...VERDICT, photos: [] },
  ...more,
});

it('groups by local day, with the days in between', () => {
  const entries = [at(11, 27, 23), at(11, 27, 0), at(11, 25)].map((ms) => entry(ms));
  expect(periodsOf(entries, 'day').map(({ startMs, swipes }) => [startMs, swipes])).toEqual([
    [at(11, 25, 0), 1],
    [at(11, 26, 0), 0],
    [at(11, 27, 0), 2],
  ]);
});

it('groups by weeks that begin on Monday, across changes of the clocks', () => {
  const entries = [at(11, 2), at(11, 1), at(10, 12)].map((ms) => entry(ms)); // November 2, 2026 is a Monday
  expect(periodsOf(entries, 'week').map(({ startMs, swipes }) => [startMs, swipes])).toEqual([
    [at(10, 12, 0), 1],
    [at(10, 19, 0), 0],
    [at(10, 26, 0), 1],
    [at(11, 2, 0), 1],
  ]);
  expect(startOf(at(11, 8, 23), 'week')).toBe(at(11, 2, 0));
});

it('has no period without entries', () => {
  expect(periodsOf([], 'day')).toEqual([]);
});

it('makes room before few periods, and none before nothing', () => {
  const padded = withRoom(periodsOf([entry(at(11, 1))], 'day'), 'day', 3);
  expect(padded.map(({ startMs, swipes }) => [startMs, swipes])).toEqual([
    [at(10, 30, 0), 0],
    [at(10, 31, 0), 0],
    [at(11, 1, 0), 1],
  ]);
  expect(withRoom(padded, 'day', 2)).toEqual(padded);
  expect(withRoom([], 'day', 3)).toEqual([]);
});

it('counts agreement only on hidden verdicts that nobody corrected, and takes the latest bound', () => {
  const entries = [
    entry(10, { by: 'swipenet', seen: 'shown', agreement: { balanced: null, lowerBound: 0 } }),
    entry(9, { agreement: { balanced: 0.8, lowerBound: 0.7 } }),
    entry(8, { swipe: 'left', agreement: { balanced: 0.7, lowerBound: 0.6 } }),
    entry(7, { seen: 'shown' }),
    entry(6, { corrected: 'left' }),
    entry(5, { by: 'swipenet', seen: 'shown' }),
    entry(4, { by: 'swipenet', seen: 'shown', corrected: 'left' }),
    entry(3, { verdict: { ...VERDICT, photos: [], decision: { swipe: 'hold', reason: 'no_photo' } } }),
  ];
  expect(totalsOf(entries)).toEqual({
    ...{ swipes: 8, right: 7, byYou: 5, corrected: 2 },
    ...{ agreed: 1, disagreed: 1, bound: 0.7 },
  });
});
