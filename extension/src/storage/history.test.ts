import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import { type HistoryEntry, HistoryStore, type Span, watchHistory } from './history.ts';

const DAY_MS = 24 * 3_600_000;
const ALL = { fromMs: 0, toMs: Number.MAX_VALUE };

let store: HistoryStore;
beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  store = new HistoryStore();
});

const entry = (id: string, atMs: number, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  ...{ id, atMs, site: 'demo', by: 'you', swipe: 'right', seen: 'none' },
  ...more,
});
const idsIn = async (span: Span = ALL) => (await store.within(span)).map(({ id }) => id);

it('returns the entries of a span of time, oldest first', async () => {
  for (const atMs of [300, 100, 200, 400]) await store.add(entry(`at ${atMs}`, atMs));
  expect(await idsIn({ fromMs: 100, toMs: 400 })).toEqual(['at 100', 'at 200', 'at 300']);
  expect([await store.lastBefore(400), await store.lastBefore(100)]).toEqual([300, undefined]);
});

it('returns the newest entries first', async () => {
  expect(await store.newest(3)).toEqual([]);
  for (const atMs of [300, 100, 200, 400]) await store.add(entry(`at ${atMs}`, atMs));
  expect((await store.newest(3)).map(({ atMs }) => atMs)).toEqual([400, 300, 200]);
  expect(await store.newest(9)).toHaveLength(4);
});

it('adds a swipe once, however often it is reported', async () => {
  await Promise.all([store.add(entry('a', 1)), store.add(entry('a', 2, { swipe: 'left' }))]);
  expect(await store.within(ALL)).toEqual([entry('a', 1)]);
});

it('keeps only the known fields, so no address and no name', async () => {
  const verdict = {
    photos: [{ like: 0.9, label: 'LIKE', url: 'https://photos.example/secret' }],
    decision: { swipe: 'right', reason: 'like_found', like: 0.9, photo: 0 },
    ...{ threshold: 0.4, model: 'm' },
  };
  await store.add({ ...entry('a', 1), name: 'Ada', verdict } as never);
  const [stored] = await store.within(ALL);
  expect(JSON.stringify(stored)).not.toMatch(/secret|Ada/);
  expect(stored!.verdict!.photos).toEqual([{ like: 0.9, label: 'LIKE' }]);
});

it('changes and deletes entries by their id, and ignores unknown ones', async () => {
  for (const id of ['a', 'b', 'c']) await store.add(entry(id, 5));
  await store.change('b', (before) => ({ ...before, corrected: 'left' }));
  await store.change('nobody', () => entry('nobody', 1));
  expect(await store.remove(['a', 'nobody', 'b'])).toEqual([entry('a', 5), entry('b', 5, { corrected: 'left' })]);
  expect(await idsIn()).toEqual(['c']);
});

it('deletes what is older than a moment', async () => {
  for (const day of [1, 2, 3, 4]) await store.add(entry(`day ${day}`, day * DAY_MS));
  await store.removeBefore(3 * DAY_MS);
  await store.removeBefore(3 * DAY_MS);
  expect(await idsIn()).toEqual(['day 3', 'day 4']);
});

it('finds the latest swipe of a profile', async () => {
  await store.add(entry('first', 1, { profile: 'p' }));
  await store.add(entry('last', 3, { profile: 'p' }));
  await store.add(entry('other', 4, { profile: 'q' }));
  await store.add(entry('unknown', 5));
  expect((await store.latestOf('p'))?.id).toBe('last');
  expect(await store.latestOf('nobody')).toBeUndefined();
});

it('has one key for profile IDs, which can’t be read out, until everything is deleted', async () => {
  const hash = async (key: CryptoKey) =>
    Buffer.from(await crypto.subtle.sign('HMAC', key, Buffer.from('x'))).toString();
  const keys = await Promise.all([store.profileKey(), store.profileKey(), new HistoryStore().profileKey()]);
  expect(new Set(await Promise.all(keys.map(hash))).size).toBe(1);
  await expect(crypto.subtle.exportKey('raw', keys[0]!)).rejects.toThrow();
  await store.add(entry('a', 1));
  await store.clear();
  expect(await idsIn()).toEqual([]);
  expect(await hash(await store.profileKey())).not.toBe(await hash(keys[0]!));
});

it('leaves out entries that can’t be read, and reports them', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  await store.add(entry('a', 1));
  await store.add(entry('b', 2));
  const opening = indexedDB.open('history');
  const database = await new Promise<IDBDatabase>((resolve) => {
    opening.onsuccess = () => resolve(opening.result);
  });
  const writing = database.transaction('entries', 'readwrite');
  writing.objectStore('entries').put({ ...entry('b', 2), swipe: 'up' });
  await new Promise((resolve) => {
    writing.oncomplete = resolve;
  });
  expect(await idsIn()).toEqual(['a']);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('1 entries are invalid'));
  warn.mockRestore();
});

it('tells other pages which time has changed', async () => {
  const over = new AbortController();
  const heard: Span[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  watchHistory((span) => {
    heard.push(span);
    if (heard.length === 4) resolve();
  }, over.signal);
  await store.add(entry('a', 10));
  await store.add(entry('b', 20));
  await store.change('a', (before) => before);
  await store.remove(['a', 'b']);
  await promise;
  over.abort();
  expect(heard).toEqual([
    { fromMs: 10, toMs: 11 },
    { fromMs: 20, toMs: 21 },
    { fromMs: 10, toMs: 11 },
    { fromMs: 10, toMs: 21 },
  ]);
});
