import { ARTICLE_RULE } from '@swipenet/shared/decision.ts';
import { beforeEach, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { Verdict } from '../messages.ts';
import { confidenceCache, type VerdictBasis, verdictKey } from './confidence-cache.ts';

const BASIS: VerdictBasis = {
  photos: [new Uint8Array([1]), new Uint8Array([2])],
  places: ['sent', 'sent'],
  threshold: 0.4,
  rule: ARTICLE_RULE,
  model: 'm',
  server: 's',
};
const VERDICT: Verdict = {
  photos: [{ like: 0.9, label: 'LIKE' }],
  decision: { swipe: 'right', reason: 'like_found', photo: 0 },
  threshold: 0.4,
  model: 'm',
};

/** When the verdict was asked for, and the verdict with that time. */
const AT_MS = 1_700_000_000_000;
const KEPT = { ...VERDICT, scoredAtMs: AT_MS };

beforeEach(() => fakeBrowser.reset());

it('has the same key for equal bases, and a different one if anything that a verdict depends on differs', async () => {
  const variants: Partial<VerdictBasis>[] = [
    {},
    { photos: BASIS.photos.toReversed() },
    { photos: BASIS.photos.slice(1) },
    { places: ['sent', 'page', 'sent'] },
    { places: ['sent', 'video', 'sent'] },
    { places: ['sent', 'sent', 'page'] },
    { places: ['sent', 'sent', 'page', 'video'] },
    { places: ['sent', 'sent', 'video', 'page'] },
    { threshold: 0.5 },
    { rule: { rule: 'profile', threshold: 0.4, largestShare: 1, perLogCount: 0 } },
    { model: 'n' },
    { server: 't' },
  ];
  const keys = await Promise.all(variants.map((variant) => verdictKey({ ...BASIS, ...variant })));
  expect(new Set(keys).size).toBe(variants.length);
  expect(await verdictKey({ ...BASIS, photos: BASIS.photos.map((photo) => photo.slice()) })).toBe(keys[0]);
});

it('returns a stored verdict', async () => {
  await confidenceCache.set('a', VERDICT, AT_MS);
  expect(await confidenceCache.get('a')).toEqual(KEPT);
  expect(await confidenceCache.get('b')).toBeUndefined();
});

it('is stored in memory that outlives the worker', async () => {
  await confidenceCache.set('a', VERDICT, AT_MS);
  expect(await browser.storage.local.get()).toEqual({});
  expect(await browser.storage.session.get()).toEqual({
    'verdict.a': { ...VERDICT, scoredAtMs: AT_MS, version: 1 },
    verdicts: { keys: ['a'], version: 2 },
  });
});

it('ignores a stored verdict that is invalid', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  await browser.storage.session.set({ 'verdict.a': { ...VERDICT, decision: { swipe: 'right' } } });
  expect(await confidenceCache.get('a')).toBeUndefined();
});

it('keeps 100 verdicts and removes the oldest first', async () => {
  for (let index = 0; index <= 100; index += 1) await confidenceCache.set(String(index), VERDICT, AT_MS);
  expect(await confidenceCache.get('0')).toBeUndefined();
  expect(await confidenceCache.get('1')).toEqual(KEPT);
  expect(await confidenceCache.get('100')).toEqual(KEPT);
  expect(Object.keys(await browser.storage.session.get())).toHaveLength(101);
});

it('keeps all keys when several verdicts are stored at the same time', async () => {
  const keys = Array.from({ length: 20 }, (_, index) => String(index));
  await Promise.all(keys.map((key) => confidenceCache.set(key, VERDICT, AT_MS)));
  const { verdicts } = await browser.storage.session.get('verdicts');
  expect(verdicts).toEqual({ keys, version: 2 });
});

it('reads verdicts stored before versions existed, and removes them first', async () => {
  const before = {
    verdicts: ['b', 'a'],
    'verdict.b': {
      photos: [{ missing: 'page' }, { like: 0.9, label: 'LIKE' }],
      decision: { swipe: 'right', reason: 'like_found', photo: 1 },
      threshold: 0.4,
      model: 'm',
    },
    'verdict.a': VERDICT,
  };
  await browser.storage.session.set(before);
  expect(await confidenceCache.get('b')).toEqual(before['verdict.b']);
  for (let index = 0; index < 99; index += 1) await confidenceCache.set(String(index), VERDICT, AT_MS);
  expect(await confidenceCache.get('b')).toBeUndefined();
  expect(await confidenceCache.get('a')).toEqual(VERDICT);
});

it('forgets the verdicts with one score ID, or all verdicts', async () => {
  const one = { ...VERDICT, scoreId: 'one', ask: false };
  const other = { ...VERDICT, scoreId: 'other', ask: true };
  await confidenceCache.set('a', one, AT_MS);
  await confidenceCache.set('b', other, AT_MS);
  await confidenceCache.set('c', one, AT_MS);
  await confidenceCache.set('d', VERDICT, AT_MS);
  const read = async () => await Promise.all(['a', 'b', 'c', 'd'].map((key) => confidenceCache.get(key)));
  await confidenceCache.forget('one');
  expect(await read()).toEqual([undefined, { ...other, scoredAtMs: AT_MS }, undefined, KEPT]);
  await confidenceCache.forget();
  expect(await read()).toEqual([undefined, undefined, undefined, undefined]);
});
