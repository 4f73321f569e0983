import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { seededRandom } from '@swipenet/shared/random.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepScore, newStore, photoOf, swipeOn } from '../../../../test/support/taste-store.ts';
import { countedSwipes } from '../agreement/agreement.ts';
import { featureBytes } from './described-photo.ts';
import { exportSwipes } from './export-swipes.ts';

const NO_PHOTOS = { photos: [] };
const SCORE = { taste: 'owner', photoCount: 2, model: 'taste-0001', threshold: 0.5, probability: 0.25 };

/** Everything in the store's folder, as it is on the disk. */
function bytesOnDisk(path: string): Buffer {
  const folder = dirname(path);
  return Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
}

/** Pieces of a photo's features that would give it away. */
function tracesOf(seed: number): Buffer[] {
  const bytes = Buffer.from(featureBytes(photoOf(seed).features));
  return [0, 1_000, 2_000, 3_600].map((at) => bytes.subarray(at, at + 32));
}

describe('a swipe', () => {
  it('is stored with what was known when it was made', () => {
    const { store, clock } = newStore();
    const swipe = swipeOn('someone', { swipe: 'right', photoCount: 3 });
    const stored = store.record(swipe, { photos: [photoOf(1), photoOf(2)] });
    expect(stored).toEqual({ id: 1, outcome: 'added', photos: 2 });
    expect(store.get('owner', 1)).toEqual({ ...swipe, id: 1, at: clock.now, timesReplaced: 0, photos: 2 });
  });

  it('without a decision and without readable photos is stored, and counts for nothing but the label', () => {
    const { store } = newStore();
    const swipe = swipeOn('someone', { before: null, verdict: 'none' });
    expect(store.record(swipe, NO_PHOTOS)).toMatchObject({ outcome: 'added', photos: 0 });
    expect(store.get('owner', 1)).toMatchObject({ before: null });
    expect(store.counts('owner')).toEqual({ likes: 0, passes: 1, withFeatures: 0, photos: 0, pending: 0 });
    expect(countedSwipes(store.judged('owner'))).toEqual([]);
  });

  it('changes nothing if it comes again, so a lost response is no harm', () => {
    const { store, clock } = newStore();
    store.record(swipeOn('someone'), { photos: [photoOf(1)] });
    const before = store.get('owner', 1);
    clock.now = new Date('2026-11-27T13:00:00Z');
    expect(store.record(swipeOn('someone'), { photos: [photoOf(1)] })).toEqual({
      id: 1,
      outcome: 'unchanged',
      photos: 1,
    });
    expect(store.get('owner', 1)).toEqual(before);
    expect(countedSwipes(store.judged('owner'))).toHaveLength(1);
  });

  it('replaces an earlier one of the same profile, and then no longer counts for agreement', () => {
    const { store, clock } = newStore();
    store.record(swipeOn('someone'), { photos: [photoOf(1), photoOf(2)] });
    clock.now = new Date('2026-11-27T13:00:00Z');
    const second = swipeOn('someone', { swipe: 'right' });
    expect(store.record(second, { photos: [photoOf(3)] })).toEqual({ id: 1, outcome: 'replaced', photos: 1 });
    expect(store.get('owner', 1)).toEqual({ ...second, id: 1, at: clock.now, timesReplaced: 1, photos: 1 });
    expect(countedSwipes(store.judged('owner'))).toEqual([]);
  });

  it('keeps the earlier features if it replaces one and has none', () => {
    const { store } = newStore();
    store.record(swipeOn('someone'), { photos: [photoOf(1), photoOf(2)] });
    const replaced = store.record(swipeOn('someone', { swipe: 'right' }), NO_PHOTOS);
    expect(replaced).toMatchObject({ outcome: 'replaced', photos: 2 });
  });

  it('takes the features of a pending score, once', () => {
    const { store } = newStore();
    const scoreId = keepScore(store, SCORE, [photoOf(1), photoOf(2)]);
    expect(store.record(swipeOn('someone'), { scoreId })).toEqual({ id: 1, outcome: 'added', photos: 2 });
    expect(store.counts('owner')).toMatchObject({ photos: 2, withFeatures: 1, pending: 0 });
    expect(store.record(swipeOn('someone'), { scoreId })).toEqual({ id: 1, outcome: 'unchanged', photos: 2 });
    const changed = swipeOn('someone', { swipe: 'right' });
    expect(store.record(changed, { scoreId })).toEqual({ id: 1, outcome: 'replaced', photos: 2 });
    expect(store.record(swipeOn('someone else'), { scoreId })).toBeUndefined();
  });

  it('with an unknown score is not stored', () => {
    const { store } = newStore();
    const ofOther = keepScore(store, { ...SCORE, taste: 'device' }, [photoOf(1)]);
    for (const scoreId of ['', 'unknown', ofOther]) {
      expect(store.record(swipeOn('someone'), { scoreId })).toBeUndefined();
    }
    expect(store.counts('owner')).toMatchObject({ likes: 0, passes: 0 });
  });

  it('keeps gray photos only if they are passed', () => {
    const { store } = newStore();
    const scoreId = keepScore(store, SCORE, [photoOf(1), photoOf(2)]);
    const gray = new Uint8Array(65_536).fill(7);
    store.record(swipeOn('someone'), { scoreId, grays: [gray, gray] });
    store.record(swipeOn('someone else'), { photos: [photoOf(3)] });
    const exported = [...exportSwipes(store.database, 'owner')] as { photos: { gray?: string }[] }[];
    expect(exported.map(({ photos }) => photos.map((photo) => photo.gray?.length))).toEqual([
      [87_384, 87_384],
      [undefined],
    ]);
    const idOf = (profile: string) =>
      store.list('owner', { limit: 9 }).swipes.find((one) => one.profile === profile)!.id;
    expect(store.keptPhotos('owner', idOf('someone'))).toEqual([gray, gray]);
    expect(store.keptPhotos('owner', idOf('someone else'))).toEqual([]);
    expect(store.keptPhotos('device', idOf('someone'))).toEqual([]);
  });

  it.each([
    ['a feature is missing', { ...photoOf(1), features: new Float16Array(1855) }],
    ['a gray photo has the wrong size', { ...photoOf(1), gray: new Uint8Array(10) }],
  ])('is not half stored if %s', (_what, photo) => {
    const { store } = newStore();
    expect(() => store.record(swipeOn('someone'), { photos: [photoOf(2), photo] })).toThrow(RangeError);
    expect(store.counts('owner')).toEqual({ likes: 0, passes: 0, withFeatures: 0, photos: 0, pending: 0 });
  });

  it('refuses a profile ID over 128 characters', () => {
    const { store } = newStore();
    expect(() => store.record(swipeOn('x'.repeat(129)), NO_PHOTOS)).toThrow('CHECK');
    expect(store.record(swipeOn('x'.repeat(128)), NO_PHOTOS)).toMatchObject({ outcome: 'added' });
  });

  // A model of the store: a map from profiles to their last swipe.
  it('is the last one of its profile, whatever was swiped, retried and deleted before', () => {
    const step = fc.record({
      what: fc.constantFrom('swipe', 'swipe', 'swipe', 'retry', 'delete'),
      profile: fc.constantFrom('a', 'b', 'c'),
      taste: fc.constantFrom('owner', 'device'),
      site: fc.constantFrom('demo', 'tinder'),
      swipe: fc.constantFrom('left' as const, 'right' as const),
      probability: fc.constantFrom(0.25, 0.75),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { store } = newStore();
        const model = new Map<string, { swipe: ReturnType<typeof swipeOn>; id: number }>();
        for (const { what, profile, taste, site, swipe, probability } of steps) {
          const key = `${taste} ${site} ${profile}`;
          const known = model.get(key);
          if (what === 'delete') {
            if (store.remove(taste, known?.id ?? 1_000_000) !== (known !== undefined)) return false;
            model.delete(key);
            continue;
          }
          const made = swipeOn(profile, { taste, site, swipe });
          const next = what === 'retry' && known ? known.swipe : { ...made, before: { ...made.before!, probability } };
          const isSame = JSON.stringify(known?.swipe) === JSON.stringify(next);
          const stored = store.record(next, NO_PHOTOS)!;
          if (stored.outcome !== (known ? (isSame ? 'unchanged' : 'replaced') : 'added')) return false;
          if (known && known.id !== stored.id) return false;
          model.set(key, { swipe: next, id: stored.id });
        }
        const found = ['owner', 'device'].flatMap((taste) => store.list(taste, { limit: 100 }).swipes);
        return (
          found.length === model.size &&
          found.every((swipe) => {
            const known = model.get(`${swipe.taste} ${swipe.site} ${swipe.profile}`);
            return known?.id === swipe.id && known.swipe.swipe === swipe.swipe;
          })
        );
      }),
      { numRuns: 40 },
    );
  });
});

describe('the list', () => {
  it('gives every swipe once, newest first, whatever the page size', () => {
    const { store } = newStore();
    for (let at = 1; at <= 10; at += 1) store.record(swipeOn(`p${at}`), NO_PHOTOS);
    store.record(swipeOn('p1', { taste: 'device' }), NO_PHOTOS);
    for (const limit of [1, 3, 5, 10, 11]) {
      const found: number[] = [];
      let cursor: number | null | undefined;
      while (cursor !== null) {
        const page = store.list('owner', { limit, ...(cursor !== undefined && { cursor }) });
        expect(page.swipes.length).toBeLessThanOrEqual(limit);
        found.push(...page.swipes.map(({ id }) => id));
        cursor = page.next;
      }
      expect(found).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    }
  });

  it('never gives the ID of a deleted swipe to another one', () => {
    const { store } = newStore();
    const { id } = store.record(swipeOn('someone'), NO_PHOTOS)!;
    store.remove('owner', id);
    expect(store.record(swipeOn('someone else'), NO_PHOTOS)!.id).toBeGreaterThan(id);
    expect(store.get('owner', id)).toBeUndefined();
  });
});

describe('deleting', () => {
  it('a swipe leaves none of its bytes on the disk, and all of the others', () => {
    const random = seededRandom(5);
    const { store, path } = newStore();
    const idOf = (at: number) => `profile-${at}-${'z'.repeat(40)}`;
    const all = Array.from({ length: 120 }, (_, at) => at);
    for (const at of all) store.record(swipeOn(idOf(at)), { photos: [photoOf(at), photoOf(1_000 + at)] });
    const doomed = all.filter(() => random() < 0.5);
    for (const at of doomed) expect(store.remove('owner', at + 1)).toBe(true);
    const disk = bytesOnDisk(path);
    for (const at of all) {
      const traces = [Buffer.from(`${idOf(at)}`), ...tracesOf(at), ...tracesOf(1_000 + at)];
      const isOnDisk = traces.map((trace) => disk.includes(trace));
      expect(new Set(isOnDisk), `profile ${at}`).toEqual(new Set([!doomed.includes(at)]));
    }
  });

  it('everything of a taste leaves none of its bytes on the disk, and all of the other taste', () => {
    const { store, path } = newStore();
    const sites = { owner: 'owner-site-marker', device: 'device-site-marker' };
    for (const [offset, [taste, site]] of Object.entries(sites).entries()) {
      for (let at = 0; at < 40; at += 1) {
        const seed = 10_000 * (offset + 1) + at;
        store.record(swipeOn(`${site}-${at}`, { taste, site }), { photos: [photoOf(seed)] });
        keepScore(store, { ...SCORE, taste }, [photoOf(seed + 5_000)]);
      }
    }
    expect(store.erase('owner')).toBe(40);
    const disk = bytesOnDisk(path);
    expect(disk.includes('owner-site-marker')).toBe(false);
    expect(disk.includes('device-site-marker')).toBe(true);
    for (let at = 0; at < 40; at += 1) {
      for (const seed of [10_000 + at, 15_000 + at]) {
        expect(tracesOf(seed).some((trace) => disk.includes(trace))).toBe(false);
        expect(tracesOf(seed + 10_000).every((trace) => disk.includes(trace))).toBe(true);
      }
    }
    expect(store.erase('device')).toBe(40);
    expect(bytesOnDisk(path).length).toBeLessThan(100_000);
  });

  it('another taste’s swipe does nothing', () => {
    const { store } = newStore();
    const { id } = store.record(swipeOn('someone'), NO_PHOTOS)!;
    expect(store.remove('device', id)).toBe(false);
    expect(store.get('owner', id)).toBeDefined();
  });
});
