import { describe, expect, it } from 'vitest';
import { BODY, keepScore, newStore, photoOf, swipeOn } from '../../../../test/support/taste-store.ts';
import type { NetworkBody } from '../../registry/network-body.ts';
import { featureBytes } from './described-photo.ts';
import { exportSwipes } from './export-swipes.ts';
import { refreshFeatures, stalePhotos, trainingProfiles, unusableSwipes } from './training-profiles.ts';

const OTHER_BODY = { sha256: 'cd'.repeat(32), precision: 'fp32' } as const;

describe('training profiles', () => {
  it('have the label and the features of every photo, oldest first', () => {
    const { store, clock } = newStore();
    store.record(swipeOn('one', { swipe: 'right' }), { photos: [photoOf(1), photoOf(2)] });
    store.record(swipeOn('two'), { photos: [photoOf(3)] });
    store.record(swipeOn('three', { taste: 'device' }), { photos: [photoOf(4)] });
    const profiles = trainingProfiles(store.database, 'owner', BODY.sha256);
    const features = new Float32Array([...photoOf(1).features, ...photoOf(2).features]);
    expect(profiles).toEqual([
      { id: 1, label: 'LIKE', at: clock.now, features },
      { id: 2, label: 'NOPE', at: clock.now, features: new Float32Array(photoOf(3).features) },
    ]);
    expect(unusableSwipes(store.database, 'owner', BODY.sha256)).toEqual({ stale: 0, withoutFeatures: 0 });
  });

  it('leave out and count stale profiles and those without features', () => {
    const { store } = newStore();
    store.record(swipeOn('fresh'), { photos: [photoOf(1)] });
    store.record(swipeOn('stale'), { photos: [photoOf(2, OTHER_BODY)] });
    store.record(swipeOn('half stale'), { photos: [photoOf(3), photoOf(4, OTHER_BODY)] });
    store.record(swipeOn('both precisions'), { photos: [photoOf(6), photoOf(7, { ...BODY, precision: 'int8' })] });
    store.record(swipeOn('unreadable'), { photos: [] });
    keepScore(store, { taste: 'owner', photoCount: 1, model: 'm', threshold: 0.5, probability: null }, [photoOf(5)]);
    const learnable = ({ sha256 }: NetworkBody) =>
      trainingProfiles(store.database, 'owner', sha256).map(({ id }) => id);
    expect(learnable(BODY)).toEqual([1, 4]);
    expect(unusableSwipes(store.database, 'owner', BODY.sha256)).toEqual({ stale: 2, withoutFeatures: 1 });
    expect(learnable(OTHER_BODY)).toEqual([2]);
    expect(unusableSwipes(store.database, 'owner', OTHER_BODY.sha256)).toEqual({ stale: 3, withoutFeatures: 1 });
  });

  it('of a body that nothing comes from are all stale', () => {
    const { store } = newStore();
    store.record(swipeOn('one'), { photos: [photoOf(1)] });
    expect(trainingProfiles(store.database, 'owner', OTHER_BODY.sha256)).toEqual([]);
    expect(unusableSwipes(store.database, 'owner', OTHER_BODY.sha256)).toMatchObject({ stale: 1 });
  });

  it('are fresh again once the features of their kept photos were computed again', () => {
    const { store } = newStore();
    const gray = (level: number) => new Uint8Array(65_536).fill(level);
    store.record(swipeOn('kept'), { photos: [1, 2].map((at) => ({ ...photoOf(at), gray: gray(at) })) });
    store.record(swipeOn('not kept'), { photos: [photoOf(3)] });
    expect(stalePhotos(store.database, OTHER_BODY.sha256, 1)).toHaveLength(1);
    const stale = stalePhotos(store.database, OTHER_BODY.sha256, 64);
    expect(stale.map(({ gray: [level] }) => level)).toEqual([1, 2]);
    const refreshed = stale.map(({ id, gray: [level] }) => {
      return { id, features: featureBytes(photoOf(100 + level!).features), body: OTHER_BODY };
    });
    refreshFeatures(store.database, [...refreshed, { ...refreshed[0]!, id: 999 }]); // the last one was deleted
    const profiles = trainingProfiles(store.database, 'owner', OTHER_BODY.sha256);
    expect(profiles.map(({ id }) => id)).toEqual([1]);
    expect(unusableSwipes(store.database, 'owner', OTHER_BODY.sha256)).toMatchObject({ stale: 1 });
    expect(profiles[0]!.features).toEqual(new Float32Array([...photoOf(101).features, ...photoOf(102).features]));
    expect(stalePhotos(store.database, OTHER_BODY.sha256, 64)).toEqual([]);
  });
});

describe('the export', () => {
  it('has everything of a taste as JSON', () => {
    const { store } = newStore();
    const gray = new Uint8Array(65_536).fill(9);
    store.record(swipeOn('one', { swipe: 'right' }), { photos: [{ ...photoOf(1), gray }] });
    store.record(swipeOn('two', { before: null, verdict: 'none' }), { photos: [] });
    store.record(swipeOn('three', { taste: 'device' }), { photos: [] });
    const lines = [...exportSwipes(store.database, 'owner')].map((swipe) => JSON.parse(JSON.stringify(swipe)));
    const at = '2026-11-27T12:00:00.000Z';
    expect(lines).toEqual([
      {
        ...swipeOn('one', { swipe: 'right' }),
        ...{ id: 1, at, timesReplaced: 0 },
        photos: [
          {
            features: Buffer.from(featureBytes(photoOf(1).features)).toString('base64'),
            gray: Buffer.from(gray).toString('base64'),
            body: BODY,
          },
        ],
      },
      { ...swipeOn('two', { before: null, verdict: 'none' }), id: 2, at, timesReplaced: 0, photos: [] },
    ]);
  });

  it('is not confused by swipes that are stored or deleted while it runs', () => {
    const { store } = newStore();
    for (const name of ['one', 'two', 'three']) store.record(swipeOn(name), { photos: [photoOf(1)] });
    const seen: unknown[] = [];
    for (const { profile } of exportSwipes(store.database, 'owner')) {
      seen.push(profile);
      if (seen.length > 1) continue;
      store.remove('owner', 2);
      store.record(swipeOn('four'), { photos: [] });
    }
    expect(seen).toEqual(['one', 'three']);
  });
});
