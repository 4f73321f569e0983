import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { beforeEach, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { PageClock } from '../../../../test/support/page-clock.ts';
import type { Request } from '../../messages.ts';
import { HistoryStore } from '../../storage/history.ts';
import { changeSettings, readSettings } from '../../storage/settings.ts';
import { HistoryRecorder } from './history-recorder.ts';

const DAY_MS = 24 * 3_600_000;
const JUDGED = {
  photos: [{ like: 0.91, label: 'LIKE' }, { missing: 'video' }],
  decision: { swipe: 'right', reason: 'like_found', like: 0.91, photo: 0 },
  ...{ threshold: 0.4, model: 'm', scoreId: 'a-score', ask: true },
} as NonNullable<Request<'label'>['judged']>;
const SWIPE = { site: 'demo', profile: 'Ada', swipe: 'right', verdict: 'hidden', judged: JUDGED } as const;
const ALL = { fromMs: 0, toMs: Number.MAX_VALUE };

let clock: PageClock;
let store: HistoryStore;
let recorder: HistoryRecorder;
beforeEach(async () => {
  fakeBrowser.reset();
  globalThis.indexedDB = new IDBFactory();
  clock = new PageClock();
  store = new HistoryStore();
  recorder = new HistoryRecorder({ store, clock });
  await changeSettings({ consent: 'loopback' });
});

const entries = () => store.within(ALL);

it('keeps which words joined the decision, and not the bio', async () => {
  const words = { photos: 0.62, reasons: [{ word: 'climbing', weight: 0.8 }] };
  await recorder.add({ id: 'a', ...SWIPE, judged: { ...JUDGED, words }, bio: 'Mostly climbing. Call me Ada.' });
  const [entry] = await entries();
  expect(entry!.verdict).toMatchObject({ words });
  expect(JSON.stringify(entry)).not.toContain('Call me');
});

it('keeps what was decided, by whom and why, under a code instead of the profile’s ID', async () => {
  await recorder.add({ id: 'a', ...SWIPE });
  await recorder.add({ id: 'b', ...SWIPE, own: true, decidedBy: 'network' });
  await recorder.add({ id: 'c', ...SWIPE, own: true, decidedBy: 'rule' });
  const [first, ...more] = await entries();
  expect(first).toEqual({
    ...{ id: 'a', atMs: clock.date().getTime(), site: 'demo', by: 'you', swipe: 'right', seen: 'hidden' },
    profile: expect.stringMatching(/^[0-9a-f]{64}$/),
    verdict: { photos: JUDGED.photos, decision: JUDGED.decision, threshold: 0.4, model: 'm' },
  });
  expect(more.map(({ by, profile }) => [by, profile])).toEqual([
    ['swipenet', first!.profile],
    ['rule', first!.profile],
  ]);
});

it('keeps which rule decided, and why', async () => {
  const { judged, ...rest } = SWIPE;
  const ruling = { rule: 'maxDistance' as const, swipe: 'left' as const, values: ['52 km', '30 km'] };
  await recorder.add({ id: 'a', ...rest, own: true, decidedBy: 'rule', ruling });
  expect(await entries()).toMatchObject([{ by: 'rule', ruling }]);
  expect((await entries())[0]).not.toHaveProperty('verdict');
});

it('keeps a swipe whose profile or verdict is unknown', async () => {
  const { profile, judged, ...rest } = SWIPE;
  await recorder.add({ id: 'a', ...rest, verdict: 'none' });
  expect(Object.keys((await entries())[0]!).toSorted()).toEqual(['atMs', 'by', 'id', 'seen', 'site', 'swipe']);
});

it.each([
  ['without consent', { consent: null }],
  ['when the control is set to Off', { mode: 'off' }],
  ['when it may keep nothing', { historyDays: 0 }],
] as const)('keeps nothing %s', async (_when, settings) => {
  await changeSettings(settings);
  await recorder.add({ id: 'a', ...SWIPE });
  expect(await entries()).toEqual([]);
});

it('deletes what is older than the person wants, with the next swipe or setting', async () => {
  for (const id of ['a', 'b', 'c']) {
    await recorder.add({ id, ...SWIPE });
    clock.advance(50 * DAY_MS);
  }
  expect((await entries()).map(({ id }) => id)).toEqual(['b', 'c']);
  await changeSettings({ historyDays: 60 });
  await recorder.follow();
  expect((await entries()).map(({ id }) => id)).toEqual(['c']);
});

it('leaves nothing once the consent is withdrawn, whatever was being added', async () => {
  await recorder.add({ id: 'a', ...SWIPE });
  await changeSettings({ server: { address: 'https://other.example', token: '', profileKey: '' } });
  await recorder.follow();
  expect(await entries()).toHaveLength(1); // it is about the other server, and this browser's own
  await changeSettings({ server: { address: 'http://127.0.0.1:8787', token: '', profileKey: '' } });
  const adding = recorder.add({ id: 'b', ...SWIPE });
  await changeSettings({ consent: null });
  await Promise.all([recorder.follow(), adding]);
  expect(await entries()).toEqual([]);
});

it('notes the label on the server, its agreement, and corrections', async () => {
  await recorder.add({ id: 'a', ...SWIPE });
  await recorder.arrived({ id: 'a', swipeId: 7 }, { balanced: 0.7, lowerBound: 0.6 }, await readSettings());
  await recorder.corrected('a', 'left');
  expect((await entries())[0]).toMatchObject({
    label: { server: 'http://127.0.0.1:8787', swipeId: 7 },
    agreement: { balanced: 0.7, lowerBound: 0.6 },
    corrected: 'left',
  });
  await recorder.corrected('a', 'right');
  expect((await entries())[0]).not.toHaveProperty('corrected');
  await recorder.unlabeled('a');
  expect(await entries()).toMatchObject([{ id: 'a' }]);
  for (const gone of ['label', 'agreement']) expect((await entries())[0]).not.toHaveProperty(gone);
});

it('deletes a swipe that is taken back while it is being added', async () => {
  await Promise.all([recorder.add({ id: 'a', ...SWIPE }), recorder.remove(['a'])]);
  expect(await entries()).toEqual([]);
});

it('recognizes a person swiped within 90 days', async () => {
  expect(await recorder.earlierSwipe('demo', 'Ada')).toBeUndefined();
  await changeSettings({ historyDays: 365 });
  await recorder.add({ id: 'a', ...SWIPE });
  clock.advance(89 * DAY_MS);
  expect(await recorder.earlierSwipe('demo', 'Ada')).toMatchObject({ id: 'a', swipe: 'right' });
  expect(await recorder.earlierSwipe('tinder', 'Ada')).toBeUndefined();
  clock.advance(DAY_MS);
  expect(await recorder.earlierSwipe('demo', 'Ada')).toBeUndefined();
});
