// @module-tag slow
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TasteDatabase } from '@swipenet/server/taste/store/database.ts';
import type { TasteStore } from '@swipenet/server/taste/store/taste-store.ts';
import { seededRandom } from '@swipenet/shared/random.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fill, smallDisk } from '../support/small-disk.ts';
import { keepScore, newStore, photoOf, swipeOn } from '../support/taste-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const WRITER = fileURLToPath(new URL('../support/taste-writer.ts', import.meta.url));

/** Starts a process that stores swipes. */
function startWriter(path: string, name: string, count: number): ChildProcess {
  const child = spawn(process.execPath, [WRITER, path, name, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** The profiles of every stored swipe. */
const profilesOf = (store: TasteStore) => store.list('owner', { limit: 100_000 }).swipes.map(({ profile }) => profile);

/** What must be true of the database at any moment. */
function expectWhole(store: TasteStore): void {
  const { database } = store;
  expect(database.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
  expect(database.all('PRAGMA foreign_key_check')).toEqual([]);
  const half = database.all(
    `SELECT id FROM swipes WHERE (SELECT count(*) FROM photos WHERE photos.swipe = swipes.id) <> photo_count
    UNION ALL
    SELECT id FROM scores WHERE (SELECT count(*) FROM photos WHERE photos.score = scores.id) <> photo_count`,
  );
  expect(half).toEqual([]);
}

describe('a process that is killed while it stores swipes', () => {
  it('loses no swipe that it had confirmed, and leaves no half one', async () => {
    const path = join(temporaryFolder(), 'taste', 'taste.db');
    const random = seededRandom(1);
    for (let round = 0; round < 10; round += 1) {
      const doomed = Math.floor(40 * random());
      const child = startWriter(path, `round-${round}`, 100_000);
      const confirmed: number[] = [];
      for await (const line of createInterface({ input: child.stdout! })) {
        confirmed.push(Number(line));
        // The writer doesn’t wait, so this stops it at any point of a transaction.
        if (confirmed.length > doomed) child.kill('SIGKILL');
      }
      const { store } = newStore({ path });
      expectWhole(store);
      const found = profilesOf(store).filter((profile) => profile.startsWith(`round-${round}-`));
      const expected = confirmed.filter((at) => at % 5 !== 4).map((at) => `round-${round}-${at}`);
      expect(expected.filter((profile) => !found.includes(profile))).toEqual([]);
      // The last one may have been stored without being confirmed, or be one that was about to be deleted.
      expect(found.length - expected.length).toBeLessThanOrEqual(1);
      store.close();
    }
  });
});

describe('two processes that store swipes at once', () => {
  it('lose none, also if both create the database', async () => {
    const path = join(temporaryFolder(), 'taste', 'taste.db');
    const writers = ['one', 'two', 'three'].map((name) => startWriter(path, name, 60));
    for (const writer of writers) writer.stdout?.resume();
    const ends = await Promise.all(writers.map((writer) => once(writer, 'exit')));
    expect(ends.map(([code]) => code)).toEqual([0, 0, 0]);
    const { store } = newStore({ path });
    expectWhole(store);
    expect(new Set(profilesOf(store)).size).toBe(3 * 48);
  });

  it('see each other’s swipes', () => {
    const { store, path } = newStore();
    const other = newStore({ path }).store;
    store.record(swipeOn('someone'), { photos: [photoOf(1)] });
    expect(other.record(swipeOn('someone'), { photos: [] })).toMatchObject({ id: 1, outcome: 'unchanged', photos: 1 });
    expect(other.remove('owner', 1)).toBe(true);
    expect(store.counts('owner')).toMatchObject({ passes: 0, photos: 0 });
  });
});

describe('a full disk', () => {
  it('is reported, loses nothing that was stored, and does no harm once there is room again', (context) => {
    const disk = smallDisk(2_000);
    if (disk === undefined) return context.skip('only root may mount a small disk');
    const { store } = newStore({ path: join(disk, 'taste.db') });
    const one = (profile: string) => swipeOn(profile, { photoCount: 1 });
    const score = { taste: 'owner', photoCount: 1, model: 'taste-0001', threshold: 0.5, probability: 0.5 };
    const scoreId = keepScore(store, score, [photoOf(7)]);
    store.record(one('first'), { photos: [photoOf(0)] });
    const makeRoom = fill(disk);
    let stored = 1;
    const storeUntilFull = () => {
      for (; stored < 10_000; stored += 1) store.record(one(`p${stored}`), { photos: [photoOf(stored)] });
    };
    const full = expect.objectContaining({ code: 'taste_disk_full' });
    expect(storeUntilFull).toThrow(full);
    expect(() => store.record(one('by score'), { scoreId })).toThrow(full);
    expect(() => new TasteDatabase(join(disk, 'other', 'taste.db'))).toThrow(full);
    expectWhole(store);
    expect(store.counts('owner')).toMatchObject({ passes: stored, photos: stored, pending: 1 });
    makeRoom();
    expect(store.record(one('by score'), { scoreId })).toMatchObject({ outcome: 'added', photos: 1 });
    expectWhole(store);
    expect(store.counts('owner')).toMatchObject({ passes: stored + 1, pending: 0 });
  });
});
