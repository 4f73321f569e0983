import { IDBFactory } from 'fake-indexeddb';
import { fakeTexts } from '../../../../test/support/fake-texts.ts';
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { PageClock } from '../../../../test/support/page-clock.ts';
import { OWN_REQUESTS, type OwnKind } from '../../own-messages.ts';
import { HistoryStore } from '../../storage/history.ts';
import { LabeledBios } from '../../storage/labeled-bios.ts';
import { changeSettings, changeTasteSettings, DEFAULT_SETTINGS } from '../../storage/settings.ts';
import { HistoryRecorder } from '../history/history-recorder.ts';
import { LabelQueue } from '../labels/label-queue.ts';
import { SwipeLedger } from '../swipes/swipe-ledger.ts';
import { TasteGate } from '../swipes/taste-gate.ts';
import { WordsLearner } from '../words/words-learner.ts';
import { answerRequests } from './requests.ts';

const AGREEMENT = {
  likes: { agreed: 3, disagreed: 1 },
  passes: { agreed: 2, disagreed: 2 },
  balanced: 0.625,
  lowerBound: 0.523,
  required: 0.6,
  isOpen: true,
};
const MODEL = {
  contract: 1,
  id: 'taste-0002-int8',
  parent: 'taste-0002',
  architecture: 'googlenet',
  classes: ['NOPE', 'LIKE'],
  sha256: 'ab',
  threshold: 0.4,
  device: { name: 'cpu', executionProvider: 'CPUExecutionProvider', reason: 'r', engines: 1, threadsPerEngine: 1 },
};
const SERVED_AGREEMENT = { ...AGREEMENT, faded: 0.6, timesShut: 0 };
const TASTE = {
  ...{
    taste: 'owner',
    likes: 30,
    passes: 70,
    likeRate: 0.3,
    withFeatures: 99,
    withoutFeatures: 1,
    stale: 0,
    pending: 2,
  },
  agreement: SERVED_AGREEMENT,
  versions: [
    { id: 'taste-0001', isActive: false, metrics: null },
    { id: 'taste-0002', isActive: true, metrics: { crossValidatedBalancedAccuracy: 0.7, crossValidatedAuc: 0.8 } },
  ],
  learning: {
    ...{ isRunning: false, every: 10 },
    last: { kind: 'learned', version: 'taste-0002', likes: 30, passes: 70, activated: true },
  },
  ...{ profileKey: 'key', keepsPhotos: false, secondSession: null },
};
const LABEL = { site: 'demo', swipe: 'right', photoCount: 3, scoreId: 's', verdict: 'none' } as const;

const tab = { tab: { id: 7 }, url: 'https://dating.example/' } as never;
const popup = () => ({ url: browser.runtime.getURL('/popup.html') }) as never;

let served: Record<string, () => Response>;
let asked: string[];
let sent: string[];
let clock: PageClock;

beforeEach(async () => {
  fakeBrowser.reset();
  globalThis.indexedDB = new IDBFactory();
  vi.restoreAllMocks();
  vi.spyOn(browser.runtime, 'getManifest').mockReturnValue({ host_permissions: [] } as never);
  vi.spyOn(browser.permissions, 'contains').mockResolvedValue(true);
  fakeTexts(browser);
  clock = new PageClock();
  asked = [];
  sent = [];
  let id = 0;
  served = {
    'GET /v1/model': () => Response.json(MODEL),
    'GET /v1/taste': () => Response.json(TASTE),
    'POST /v1/swipes': () => {
      id += 1;
      return Response.json({ id, outcome: 'added', photos: 3, likes: 1, passes: 0, agreement: SERVED_AGREEMENT });
    },
    'POST /v1/taste/learn': () => Response.json({ isRunning: true }),
    'POST /v1/taste/activate': () => Response.json({ version: 'taste-0002' }),
    'POST /v1/taste/rollback': () => Response.json({ version: 'taste-0001' }),
    'DELETE /v1/taste': () => Response.json({ swipes: 100, versions: 2 }),
  };
  await changeSettings({
    mode: 'learn',
    consent: 'loopback',
    server: { ...DEFAULT_SETTINGS.server, token: 't', profileKey: 'k'.repeat(43) },
    taste: { ...DEFAULT_SETTINGS.taste, consent: 'loopback' },
  });
});

function worker() {
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const { pathname } = new URL(String(url));
    const route = `${init!.method} ${pathname}`;
    asked.push(route);
    sent.push(`${init!.body}`);
    const answer = served[route];
    if (!answer) throw new TypeError('Failed to fetch');
    return answer();
  };
  const world = { fetch, deadline: () => new AbortController().signal };
  const gate = new TasteGate(world, clock);
  const store = new HistoryStore();
  const history = new HistoryRecorder({ store, clock });
  const bios = new LabeledBios();
  const words = new WordsLearner({ store: bios, clock });
  const labels = new LabelQueue({
    ...{ world, clock },
    onArrived: (arrived, agreement, settings) => {
      gate.heard(agreement, settings);
      void history.arrived(arrived, agreement, settings);
    },
  });
  const preparer = { prepare: async () => 'another format' as const };
  const ledger = new SwipeLedger(clock);
  const answer = answerRequests({ world, clock, ledger, labels, gate, history, words, preparer });
  /** Asks as the popup does, which parses the answer. */
  const ask = async <Kind extends OwnKind>(request: { kind: Kind; [field: string]: unknown }) =>
    OWN_REQUESTS[request.kind].answer(await answer(request, popup()), 'answer');
  const label = (id: string, more = {}) => answer({ kind: 'label', id, profile: id, ...LABEL, ...more }, tab);
  const entries = () => store.within({ fromMs: 0, toMs: Number.MAX_VALUE });
  return { answer, ask, label, entries, bios };
}

it('shows the popup what was learned, with the labels and the swipes that can be corrected', async () => {
  const { ask, label } = worker();
  await label('a');
  clock.advance(1_000);
  await label('b', { own: true });
  clock.advance(1_000);
  delete served['POST /v1/swipes'];
  await label('c', { swipe: 'left' });
  const atMs = clock.date().getTime();
  expect(await ask({ kind: 'taste' })).toEqual({
    labels: { queued: 1, lost: 0 },
    recent: [
      { labelId: 'c', atMs, site: 'demo', swipe: 'left', own: false },
      { labelId: 'b', atMs: atMs - 1_000, site: 'demo', swipe: 'right', own: true },
      { labelId: 'a', atMs: atMs - 2_000, site: 'demo', swipe: 'right', own: false },
    ],
    server: {
      ...{
        taste: 'owner',
        likes: 30,
        passes: 70,
        agreement: AGREEMENT,
        model: 'taste-0002-int8',
        version: 'taste-0002',
      },
      versions: [
        { id: 'taste-0001', isActive: false, balancedAccuracy: null },
        { id: 'taste-0002', isActive: true, balancedAccuracy: 0.7 },
      ],
      learning: {
        ...{ isRunning: false, every: 10 },
        last: { kind: 'learned', version: 'taste-0002', activated: true },
      },
    },
  });
  expect(await ask({ kind: 'overview' })).toMatchObject({ labels: { queued: 1, lost: 0 } });
});

it('shows the labels and the problem if the server doesn’t answer', async () => {
  const { ask, label } = worker();
  await label('a');
  served = {};
  expect(await ask({ kind: 'taste' })).toMatchObject({
    labels: { queued: 0, lost: 0 },
    recent: [{ labelId: 'a' }],
    server: { problem: { reason: 'server_unreachable', detail: 'unreachable_loopback' } },
  });
});

it('takes back the last label, and corrects one', async () => {
  const { ask, label } = worker();
  expect(await label('a')).toMatchObject({ delivered: { id: 1, outcome: 'added' } });
  await label('b');
  served['DELETE /v1/swipes/2'] = () => Response.json({ deleted: 2 });
  expect(await ask({ kind: 'undoLabel' })).toBe(true);
  expect(asked.at(-1)).toBe('DELETE /v1/swipes/2');
  expect(await ask({ kind: 'correct', labelId: 'a', swipe: 'left' })).toMatchObject({
    delivered: { agreement: AGREEMENT },
  });
  expect(await ask({ kind: 'correct', labelId: 'b', swipe: 'left' })).toEqual({ queued: false });
});

describe('the words of bios', () => {
  const verdict = {
    photos: [{ like: 0.3, label: 'NOPE' }],
    decision: { swipe: 'left', reason: 'profile_not_liked', like: 0.3, photo: 0 },
    ...{ threshold: 0.4, model: 'taste-0002-int8' },
  };
  const decided = { judged: verdict, decision: 'left', decidedBy: 'network', verdict: 'hidden', bio: 'Tea and maps.' };
  beforeEach(async () => void (await changeTasteSettings({ words: true })));

  it('stay in this browser, and are kept with their label', async () => {
    const { ask, label, bios } = worker();
    await label('a', decided);
    clock.advance(1);
    await label('b', decided);
    await label('c', { ...decided, own: true });
    expect(sent.join()).toContain('"decidedBy":"network"');
    expect(sent.join()).not.toMatch(/Tea|features|bio/i);
    expect(await ask({ kind: 'words' })).toEqual({ likes: 2, passes: 0, tested: null });
    await ask({ kind: 'correct', labelId: 'a', swipe: 'left' });
    expect(await ask({ kind: 'words' })).toEqual({ likes: 1, passes: 1, tested: null });
    await ask({ kind: 'undoLabel' });
    expect((await bios.all()).map(({ id }) => id)).toEqual(['a']);
  });

  it('go with the label that the page takes back, even if it is reported once more', async () => {
    const { answer, label, bios } = worker();
    await label('a', decided);
    await answer({ kind: 'unlabel', id: 'a' }, tab);
    await label('a', decided);
    expect(await bios.all()).toEqual([]);
  });

  it.each([{ kind: 'historyDelete', ids: ['a'] }, { kind: 'historyClear' }, { kind: 'tasteDelete' }] as const)(
    'are deleted with the history or with everything that was learned: $kind',
    async (request) => {
      const { ask, label, bios } = worker();
      await label('a', decided);
      expect(await bios.all()).toHaveLength(1);
      await ask(request);
      expect(await bios.all()).toEqual([]);
    },
  );

  it('judge nothing before there are enough bios, and a page may ask', async () => {
    const { answer } = worker();
    expect(await answer({ kind: 'words', bio: 'Tea.', like: 0.4, threshold: 0.4 }, tab)).toBeNull();
  });
});

it('keeps a correction in the history, too', async () => {
  const { ask, label, entries } = worker();
  await label('a', { own: true });
  await label('b');
  expect(await ask({ kind: 'correctable' })).toEqual(['a', 'b'].toReversed());
  await ask({ kind: 'correct', labelId: 'a', swipe: 'left' });
  await ask({ kind: 'correct', labelId: 'unknown', swipe: 'left' });
  expect(await entries()).toMatchObject([
    { id: 'a', by: 'swipenet', corrected: 'left' },
    { id: 'b', by: 'you', label: { swipeId: 1 }, agreement: { balanced: 0.625 } },
  ]);
});

it('deletes an entry of the history with its label on the server', async () => {
  const { ask, label, entries } = worker();
  for (const id of ['a', 'b', 'c']) await label(id);
  served['DELETE /v1/swipes/2'] = () => Response.json({ deleted: 2 });
  expect(await ask({ kind: 'historyDelete', ids: ['b', 'unknown'] })).toEqual({ deleted: 1, waiting: 0, staying: 0 });
  expect(asked).toContain('DELETE /v1/swipes/2');
  await changeSettings({ taste: { ...DEFAULT_SETTINGS.taste, consent: null } });
  expect(await ask({ kind: 'historyDelete', ids: ['a'] })).toEqual({ deleted: 1, waiting: 0, staying: 1 });
  expect(await entries()).toMatchObject([{ id: 'c' }]);
  expect(await ask({ kind: 'historyClear' })).toBeNull();
  expect(await entries()).toEqual([]);
  expect(asked).not.toContain('DELETE /v1/taste');
});

it('takes back a swipe and its label when the page reports a rewind', async () => {
  const { answer, label, entries } = worker();
  await label('a');
  const { promise: deleted, resolve } = Promise.withResolvers<void>();
  served['DELETE /v1/swipes/1'] = () => {
    resolve();
    return Response.json({ deleted: 1 });
  };
  expect(await answer({ kind: 'unlabel', id: 'a' }, tab)).toBeNull();
  await deleted;
  expect(await entries()).toEqual([]);
});

it('learns, activates, goes back and reports refusals', async () => {
  const { ask } = worker();
  expect(await ask({ kind: 'tasteLearn' })).toEqual({ started: true });
  expect(await ask({ kind: 'tasteActivate', version: 'taste-0002' })).toEqual({ version: 'taste-0002' });
  expect(await ask({ kind: 'tasteRollback' })).toEqual({ version: 'taste-0001' });
  const error = { code: 'version_unknown', message: 'there is no such version', requestId: 'r' };
  served['POST /v1/taste/activate'] = () => Response.json({ error }, { status: 404 });
  expect(await ask({ kind: 'tasteActivate', version: 'taste-0009' })).toEqual({
    problem: { reason: 'server_refused', detail: 'refused_version_unknown' },
  });
});

it('deletes everything, here and on the server', async () => {
  const { ask, label, entries } = worker();
  await label('a');
  delete served['POST /v1/swipes'];
  await label('b');
  expect(await ask({ kind: 'tasteDelete' })).toEqual({ swipes: 100, versions: 2 });
  expect(await entries()).toEqual([]);
  expect(await ask({ kind: 'taste' })).toMatchObject({ labels: { queued: 0, lost: 0 }, recent: [] });
  expect(JSON.stringify(await browser.storage.local.get('labels'))).not.toContain('demo');
  delete served['DELETE /v1/taste'];
  expect(await ask({ kind: 'tasteDelete' })).toMatchObject({ problem: { reason: 'server_unreachable' } });
});

it('asks the server again before a swipe once its model may have changed', async () => {
  const { answer, ask } = worker();
  await changeSettings({ mode: 'swipe', limits: { ...DEFAULT_SETTINGS.limits, perMinute: null } });
  const permit = () => answer({ kind: 'permit', id: 'a', swipe: 'left' }, tab);
  expect(await permit()).toEqual({ permitted: true });
  served['GET /v1/taste'] = () => Response.json({ ...TASTE, agreement: { ...SERVED_AGREEMENT, isOpen: false } });
  expect(await permit()).toEqual({ permitted: true });
  await ask({ kind: 'tasteRollback' });
  expect(await permit()).toMatchObject({ refused: 'gate_closed' });
});

const LIST = {
  models: [
    { id: 'broken', parent: null, isServed: false, isDamaged: true },
    { id: 'lone-int8', parent: 'gone', isServed: false, isDamaged: false },
    { id: 'quality', parent: null, isServed: false, isDamaged: false },
    { id: 'taste-0002', parent: null, isServed: true, isDamaged: false },
    { id: 'taste-0002-int8', parent: 'taste-0002', isServed: true, isDamaged: false },
  ],
  change: 'owner_only',
};
const NAME = { model: 'taste-0002', sha256: 'ab' };

it('shows the options the models to choose from, and the threshold of the one in use', async () => {
  served['GET /v1/models'] = () => Response.json(LIST);
  const { ask } = worker();
  const current = {
    ...{ name: NAME, forms: ['taste-0002-int8', 'taste-0002'], threshold: 0.4, chosen: null },
    rule: { rule: 'any', threshold: 0.4 },
  };
  expect(await ask({ kind: 'models' })).toEqual({
    current,
    models: [
      { id: 'broken', isDamaged: true },
      { id: 'lone-int8', isDamaged: false },
      { id: 'quality', isDamaged: false },
      { id: 'taste-0002', isDamaged: false },
    ],
    change: 'owner_only',
  });
  await ask({ kind: 'setThreshold', name: NAME, threshold: 0.7 });
  await ask({ kind: 'setThreshold', name: { ...NAME, sha256: 'of another' }, threshold: 0.2 });
  expect(await ask({ kind: 'models' })).toMatchObject({ current: { chosen: 0.7 } });
  await ask({ kind: 'setThreshold', name: NAME, threshold: null });
  expect(await ask({ kind: 'models' })).toMatchObject({ current: { chosen: null } });
  delete served['GET /v1/models'];
  expect(await ask({ kind: 'models' })).toMatchObject({ problem: { reason: 'server_unreachable' } });
});

it('shows only the model in use if the server is too old to list them', async () => {
  const error = { code: 'route_unknown', message: 'no route', requestId: 'r' };
  served['GET /v1/models'] = () => Response.json({ error }, { status: 404 });
  expect(await worker().ask({ kind: 'models' })).toMatchObject({
    models: [{ id: 'taste-0002', isDamaged: false }],
    change: 'server_older',
  });
});

it('lets no version swipe whose gate is shut after it was activated, nor what the model before it had decided', async () => {
  const { answer, ask } = worker();
  await changeSettings({ mode: 'swipe', limits: { ...DEFAULT_SETTINGS.limits, perMinute: null } });
  const permit = (model: string) => answer({ kind: 'permit', id: model, swipe: 'left', model }, tab);
  served['GET /v1/model'] = () => Response.json({ ...MODEL, id: 'quality', parent: undefined });
  served['GET /v1/taste'] = () => Response.json({ ...TASTE, agreement: { ...SERVED_AGREEMENT, isOpen: false } });
  expect(await permit('quality')).toEqual({ permitted: true });
  served['POST /v1/models/activate'] = () => {
    served['GET /v1/model'] = () => Response.json(MODEL);
    return Response.json(MODEL);
  };
  expect(await ask({ kind: 'modelActivate', id: 'taste-0002' })).toEqual({ model: 'taste-0002' });
  expect(sent).toContain('{"id":"taste-0002"}');
  expect(await permit('taste-0002-int8')).toMatchObject({ refused: 'gate_closed' });
  expect(await permit('quality')).toEqual({ outdated: true });
  const error = { code: 'model_change_refused', message: 'only the owner', requestId: 'r' };
  served['POST /v1/models/activate'] = () => Response.json({ error }, { status: 403 });
  expect(await ask({ kind: 'modelActivate', id: 'quality' })).toEqual({
    problem: { reason: 'server_refused', detail: 'refused_model_change_refused' },
  });
});
