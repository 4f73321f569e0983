import type { Page } from 'playwright-core';
import type { HistoryEntry } from '../../extension/src/storage/history.ts';
import { seededRandom } from './random.ts';

const DAY_MS = 24 * 3_600_000;

/** What a made history is like. */
export interface MadeHistory {
  readonly count: number;
  /** The entries are spread over this many days before `nowMs`. */
  readonly days: number;
  readonly nowMs: number;
  readonly seed?: number;
}

/** Makes a history, oldest first: of two sites, with every kind of entry, and an agreement that grows. */
export function madeHistory({ count, days, nowMs, seed = 1 }: MadeHistory): HistoryEntry[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, at): HistoryEntry => {
    const share = (at + 1) / count;
    const photos = Array.from({ length: 1 + Math.floor(random() * 6) }, () => {
      const like = Math.round(random() ** 2 * 1e4) / 1e4;
      return { like, label: like >= 0.4 ? 'LIKE' : 'NOPE' } as const;
    });
    const surest = photos.reduce((best, { like }, photo) => (like > photos[best]!.like ? photo : best), 0);
    const { like } = photos[surest]!;
    const decision =
      like >= 0.4
        ? ({ swipe: 'right', reason: 'like_found', like, photo: surest } as const)
        : ({ swipe: 'left', reason: 'all_nope', like } as const);
    const other = decision.swipe === 'right' ? 'left' : 'right';
    const by = random() < 0.6 ? 'swipenet' : 'you';
    const agrees = by === 'swipenet' || random() < 0.6 + 0.3 * share;
    const bound = Math.round(100 * (0.4 + 0.3 * share)) / 100;
    return {
      ...{ id: `made/${at}`, atMs: Math.round(nowMs - (1 - share) * days * DAY_MS) },
      ...{ site: random() < 0.8 ? 'tinder' : 'demo', by, swipe: agrees ? decision.swipe : other },
      profile: Math.floor(random() * 2 ** 32)
        .toString(16)
        .padStart(64, '0'),
      seen: by === 'you' ? 'hidden' : 'shown',
      verdict: { photos, decision, threshold: 0.4, model: 'taste-0003-int8' },
      ...(by === 'you' && { agreement: { balanced: bound + 0.1, lowerBound: bound } }),
      ...(by === 'swipenet' && random() < 0.02 && { corrected: other }),
    };
  });
}

/** Stores entries in the history of an extension, which has opened it in this page before. */
export async function storeHistory(page: Page, entries: readonly HistoryEntry[]): Promise<void> {
  await page.evaluate(async (added) => {
    const opening = indexedDB.open('history');
    await new Promise((resolve) => opening.addEventListener('success', resolve));
    const writing = opening.result.transaction('entries', 'readwrite');
    for (const entry of added) writing.objectStore('entries').add(entry);
    await new Promise((resolve) => writing.addEventListener('complete', resolve));
    opening.result.close();
  }, entries);
}

/** Returns everything that the history of an extension has stored, and the names of its keys. */
export async function storedHistory(page: Page): Promise<{ entries: unknown[]; keys: unknown[] }> {
  return await page.evaluate(async () => {
    const opening = indexedDB.open('history');
    await new Promise((resolve) => opening.addEventListener('success', resolve));
    const reading = opening.result.transaction(['entries', 'keys']);
    const entries = reading.objectStore('entries').getAll();
    const keys = reading.objectStore('keys').getAllKeys();
    await new Promise((resolve) => reading.addEventListener('complete', resolve));
    opening.result.close();
    return { entries: entries.result, keys: keys.result };
  });
}
