import { describe, expect, it } from 'vitest';
import { keepScore, newStore, photoOf } from '../../../../test/support/taste-store.ts';
import { FEATURE_BYTES } from './described-photo.ts';
import type { PendingScore } from './pending-scores.ts';

const HOUR = 3_600_000;
const START = new Date('2026-11-27T12:00:00Z').getTime();
const SCORE: PendingScore = { taste: 'owner', photoCount: 2, model: 'taste-0001', threshold: 0.5, probability: 0.25 };

describe('a pending score', () => {
  it('is found by its taste for 24 hours', () => {
    const { store, clock } = newStore();
    const id = keepScore(store, SCORE, [photoOf(1)]);
    expect(store.scores.find('owner', id)).toEqual(SCORE);
    expect(store.scores.find('device', id)).toBeUndefined();
    clock.now = new Date(START + 24 * HOUR - 1);
    expect(store.scores.find('owner', id)).toEqual(SCORE);
    clock.now = new Date(START + 24 * HOUR);
    expect(store.scores.find('owner', id)).toBeUndefined();
  });

  it('survives a restart', () => {
    const { store, path } = newStore();
    const id = keepScore(store, { ...SCORE, probability: null }, [photoOf(1)]);
    store.close();
    expect(newStore({ path }).store.scores.find('owner', id)).toEqual({ ...SCORE, probability: null });
  });

  it('lives another 24 hours when it is kept again, and is still one score', () => {
    const { store, clock } = newStore();
    const keep = () => store.scores.keep('an-id', SCORE, [photoOf(1)]);
    keep();
    clock.now = new Date(START + 23 * HOUR);
    keep();
    expect(store.counts('owner').pending).toBe(1);
    clock.now = new Date(START + 46 * HOUR);
    expect(store.scores.find('owner', 'an-id')).toEqual(SCORE);
    clock.now = new Date(START + 48 * HOUR);
    expect(store.scores.find('owner', 'an-id')).toBeUndefined();
    keep();
    expect(store.scores.find('owner', 'an-id')).toEqual(SCORE);
    expect(store.database.get('SELECT count(*) AS photos FROM photos')).toEqual({ photos: 1 });
  });

  it('is removed with its features once it has expired', () => {
    const { store, clock } = newStore();
    keepScore(store, SCORE, [photoOf(1), photoOf(2)]);
    clock.now = new Date(START + 24 * HOUR);
    store.scores.prune();
    expect(store.database.get('SELECT count(*) AS photos FROM photos')).toEqual({ photos: 0 });
  });

  it.each([
    ['number', { ageMs: 24 * HOUR, scores: 3, bytes: 1e9 }, 3],
    ['bytes', { ageMs: 24 * HOUR, scores: 1000, bytes: 5 * FEATURE_BYTES }, 2],
  ])('makes room for newer ones over the limit of %s, the oldest first', (_what, limits, kept) => {
    const { store, clock } = newStore({ limits });
    const ids = Array.from({ length: 8 }, (_, at) => {
      clock.now = new Date(START + at);
      return keepScore(store, SCORE, [photoOf(at), photoOf(at + 100)]);
    });
    const found = ids.filter((id) => store.scores.find('owner', id));
    expect(found).toEqual(ids.slice(-kept));
    expect(store.database.get('SELECT count(*) AS photos FROM photos')).toEqual({ photos: 2 * kept });
  });

  it('never has pixels', () => {
    const { store } = newStore();
    const photo = { ...photoOf(1), gray: new Uint8Array(65_536) };
    expect(() => keepScore(store, SCORE, [photo])).toThrow('CHECK');
  });
});
