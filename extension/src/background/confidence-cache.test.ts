import { beforeEach, expect, it } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { Verdict } from '../messages.ts';
import { ConfidenceCache, type VerdictBasis, verdictKey } from './confidence-cache.ts';

const BASIS: VerdictBasis = {
  photos: [new Uint8Array([1]), new Uint8Array([2])],
  places: ['sent', 'sent'],
  threshold: 0.4,
  model: 'm',
  server: 's',
};
const VERDICT: Verdict = {
  photos: [{ like: 0.9, label: 'LIKE' }],
  decision: { swipe: 'right', reason: 'like_found', photo: 0 },
  threshold: 0.4,
  model: 'm',
};

beforeEach(() => fakeBrowser.reset());

it('has one key for the same photos, and another for each thing that a verdict depends on', async () => {
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
    { model: 'n' },
    { server: 't' },
  ];
  const keys = await Promise.all(variants.map((variant) => verdictKey({ ...BASIS, ...variant })));
  expect(new Set(keys).size).toBe(variants.length);
  expect(await verdictKey({ ...BASIS, photos: BASIS.photos.map((photo) => photo.slice()) })).toBe(keys[0]);
});

it('gives back what it keeps, also to the worker that comes after', async () => {
  await new ConfidenceCache().set('a', VERDICT);
  expect(await new ConfidenceCache().get('a')).toEqual(VERDICT);
  expect(await new ConfidenceCache().get('b')).toBeUndefined();
});

it('does not trust what is stored', async () => {
  await browser.storage.session.set({ 'verdict.a': { ...VERDICT, decision: { swipe: 'right' } } });
  expect(await new ConfidenceCache().get('a')).toBeUndefined();
});

it('lets the oldest go', async () => {
  const cache = new ConfidenceCache();
  for (let index = 0; index <= 100; index += 1) await cache.set(String(index), VERDICT);
  expect(await cache.get('0')).toBeUndefined();
  expect(await cache.get('1')).toEqual(VERDICT);
  expect(await cache.get('100')).toEqual(VERDICT);
});
