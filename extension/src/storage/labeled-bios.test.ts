import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import { LabeledBios, MAX_BIOS, type StoredBio } from './labeled-bios.ts';

let store: LabeledBios;
beforeEach(() => {
  vi.restoreAllMocks();
  globalThis.indexedDB = new IDBFactory();
  store = new LabeledBios();
});

const bio = (id: string, atMs: number, more: Partial<StoredBio> = {}): StoredBio => ({
  ...{ id, atMs, isLiked: true, photos: 0.5, features: [1, 2] },
  ...more,
});
const ids = async () => (await store.all()).map(({ id }) => id);

it('keeps bios in the order of their swipes, each once', async () => {
  for (const atMs of [3, 1, 2]) await store.add(bio(`at ${atMs}`, atMs));
  await store.add(bio('at 1', 9, { isLiked: false }));
  expect(await ids()).toEqual(['at 1', 'at 2', 'at 3']);
  expect((await store.all())[0]).toEqual(bio('at 1', 1));
});

it('keeps only the newest 500', async () => {
  for (let at = 0; at < MAX_BIOS + 3; at += 1) await store.add(bio(`${at}`, at));
  const kept = await ids();
  expect([kept.length, kept[0], kept.at(-1)]).toEqual([500, '3', '502']);
});

it('keeps only the known fields, so no text', async () => {
  await store.add({ ...bio('a', 1), bio: 'Tea and maps.', name: 'Ada' } as never);
  expect(JSON.stringify(await store.all())).not.toMatch(/Tea|Ada/);
});

it('relabels and deletes bios, and ignores unknown ids', async () => {
  await store.add(bio('a', 1));
  await store.add(bio('b', 2));
  await store.relabel('a', false);
  await store.relabel('c', false);
  await store.remove(['b', 'c']);
  expect(await store.all()).toEqual([bio('a', 1, { isLiked: false })]);
});

it('makes its random number once, also if two ask for it, and anew after everything was deleted', async () => {
  const [one, other] = await Promise.all([store.seed(), new LabeledBios().seed()]);
  expect(other).toBe(one);
  await store.add(bio('a', 1));
  await store.clear();
  expect(await ids()).toEqual([]);
  expect(await store.seed()).not.toBe(one);
});

it('leaves out what it can’t read', async () => {
  const logged = vi.spyOn(console, 'warn').mockImplementation(() => {});
  await store.add(bio('a', 1));
  await store.relabel('a', 'yes' as never);
  await store.add(bio('b', 2));
  expect(await ids()).toEqual(['b']);
  expect(logged).toHaveBeenCalledOnce();
});
