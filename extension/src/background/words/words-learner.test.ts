import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { madeSwipes } from '../../../../test/support/made-bios.ts';
import { PageClock } from '../../../../test/support/page-clock.ts';
import type { Request } from '../../messages.ts';
import { LabeledBios } from '../../storage/labeled-bios.ts';
import { changeSettings, changeTasteSettings, DEFAULT_SETTINGS } from '../../storage/settings.ts';
import { sigmoid } from '../../words/logistic.ts';
import { WordsLearner } from './words-learner.ts';

const JUDGED = {
  photos: [{ like: 0.62, label: 'LIKE' }, { missing: 'video' }],
  decision: { swipe: 'right', reason: 'like_found', like: 0.62, photo: 0 },
  ...{ threshold: 0.4, model: 'm' },
} as NonNullable<Request<'label'>['judged']>;
const SWIPE = { site: 'demo', profile: 'Ada', swipe: 'right', verdict: 'hidden', judged: JUDGED } as const;
const isLabel = async () => true;

let clock: PageClock;
let store: LabeledBios;
let words: WordsLearner;
beforeEach(async () => {
  fakeBrowser.reset();
  globalThis.indexedDB = new IDBFactory();
  clock = new PageClock();
  store = new LabeledBios();
  words = new WordsLearner({ store, clock });
  const taste = { ...DEFAULT_SETTINGS.taste, consent: 'loopback', words: true };
  await changeSettings({ mode: 'learn', consent: 'loopback', taste });
});

/** Stores labels of a person who decides by words. Returns their bios. */
async function learn(count: number): Promise<void> {
  for (const [at, { bio, photos, isLiked }] of madeSwipes(2, count, { words: 3, photos: 1 }).entries()) {
    clock.advance(1);
    const like = sigmoid(photos);
    const judged = { ...JUDGED, decision: { ...JUDGED.decision, like } } as typeof JUDGED;
    await words.add({ id: `made ${at}`, ...SWIPE, swipe: isLiked ? 'right' : 'left', bio, judged }, isLabel);
  }
}

const climbing = { bio: 'Always up for climbing', like: 0.4, threshold: 0.4 };

describe('what is stored of a label', () => {
  it('is numbers in place of the bio, with the label and what the photos alone said', async () => {
    await words.add({ id: 'a', ...SWIPE, bio: 'Tea and maps.' }, isLabel);
    const [stored] = await store.all();
    expect(stored).toMatchObject({ id: 'a', atMs: clock.date().getTime(), isLiked: true, photos: 0.62 });
    expect(Object.keys(stored!).toSorted()).toEqual(['atMs', 'features', 'id', 'isLiked', 'photos']);
    const joined = { ...JUDGED, decision: { ...JUDGED.decision, like: 0.9 }, words: { photos: 0.3, reasons: [] } };
    await words.add({ id: 'b', ...SWIPE, bio: 'Tea.', judged: joined as typeof JUDGED }, isLabel);
    expect((await store.all()).find(({ id }) => id === 'b')).toMatchObject({ photos: 0.3 });
  });

  it.each<[string, Partial<Omit<Request<'label'>, 'kind'>>]>([
    ['a swipe of Swipenet’s own', { own: true }],
    ['a profile without a bio', { bio: undefined }],
    ['a bio without words', { bio: ' … ' }],
    ['a profile that wasn’t judged', { judged: undefined }],
    [
      'a profile that was left to the person',
      { judged: { ...JUDGED, decision: { swipe: 'hold', reason: 'no_photo' } } },
    ],
    ['a profile with a missing photo', { judged: { ...JUDGED, photos: [...JUDGED.photos, { missing: 'page' }] } }],
  ])('is nothing for %s', async (_, change) => {
    await words.add({ id: 'a', ...SWIPE, bio: 'Tea.', ...change } as never, isLabel);
    expect(await store.all()).toEqual([]);
  });

  it('is nothing if the label has been taken back, or if the person doesn’t want it', async () => {
    await words.add({ id: 'a', ...SWIPE, bio: 'Tea.' }, async () => false);
    await changeTasteSettings({ words: false });
    await words.add({ id: 'b', ...SWIPE, bio: 'Tea.' }, isLabel);
    await changeTasteSettings({ words: true, consent: null });
    await words.add({ id: 'c', ...SWIPE, bio: 'Tea.' }, isLabel);
    expect(await store.all()).toEqual([]);
  });
});

it('follows corrections and deletions', async () => {
  for (const id of ['a', 'b', 'c']) await words.add({ id, ...SWIPE, bio: 'Tea.' }, isLabel);
  await words.corrected('a', 'left');
  await words.remove(['b']);
  expect((await store.all()).map(({ id, isLiked }) => [id, isLiked])).toEqual([
    ['a', false],
    ['c', true],
  ]);
  await words.clear();
  expect(await store.all()).toEqual([]);
});

it.each<[string, () => Promise<unknown>]>([
  ['turned off', () => changeTasteSettings({ words: false })],
  ['the consent to learning withdrawn', () => changeTasteSettings({ consent: null })],
  ['the consent withdrawn', () => changeSettings({ consent: null })],
])('keeps the bios when nothing changes, and deletes them once it finds it %s', async (_, change) => {
  await words.add({ id: 'a', ...SWIPE, bio: 'Tea.' }, isLabel);
  await changeSettings({ mode: 'off' });
  await words.follow();
  expect(await store.all()).toHaveLength(1);
  await change();
  await words.follow();
  expect(await store.all()).toEqual([]);
});

describe('judging', () => {
  it('starts with 100 bios, and names its reasons', async () => {
    await learn(99);
    expect(await words.judge(climbing)).toBeNull();
    expect((await words.state()).tested).toBeNull();
    await learn(200);
    const { likes, passes, tested } = await words.state();
    expect(likes + passes).toBe(200);
    expect(tested).toMatchObject({ joins: true });
    expect(tested!.joined).toBeLessThan(tested!.alone);
    const verdict = await words.judge(climbing);
    expect(verdict!.like).toBeGreaterThan(0.5);
    expect(verdict!.reasons[0]!.word).toBe('climbing');
  });

  it('judges the same after the worker has been restarted, and forgets what was deleted', async () => {
    await learn(200);
    const verdict = await words.judge(climbing);
    expect(await new WordsLearner({ store: new LabeledBios(), clock }).judge(climbing)).toEqual(verdict);
    await words.remove((await store.all()).slice(0, 150).map(({ id }) => id));
    expect(await words.judge(climbing)).toBeNull();
  });

  it('says nothing while it is off or not allowed', async () => {
    await learn(200);
    await changeSettings({ mode: 'off' });
    expect(await words.judge(climbing)).toBeNull();
    await changeSettings({ mode: 'show' });
    expect(await words.judge(climbing)).not.toBeNull();
    await changeTasteSettings({ words: false });
    expect(await words.judge(climbing)).toBeNull();
  });
});
