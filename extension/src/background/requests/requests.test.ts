import { IDBFactory } from 'fake-indexeddb';
import { fakeTexts } from '../../../../test/support/fake-texts.ts';
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { PageClock } from '../../../../test/support/page-clock.ts';
import type { Request } from '../../messages.ts';
import { DEFAULT_RULES } from '../../rules/rules.ts';
import { HistoryStore } from '../../storage/history.ts';
import { LabeledBios } from '../../storage/labeled-bios.ts';
import { readControl } from '../../storage/page-control.ts';
import { readSession, reportPage } from '../../storage/session-log.ts';
import { changeSettings, changeTasteSettings, DEFAULT_SETTINGS, readSettings } from '../../storage/settings.ts';
import { runCommand } from '../commands.ts';
import { HistoryRecorder } from '../history/history-recorder.ts';
import { LabelQueue } from '../labels/label-queue.ts';
import { SwipeLedger } from '../swipes/swipe-ledger.ts';
import { TasteGate } from '../swipes/taste-gate.ts';
import { WordsLearner } from '../words/words-learner.ts';
import { answerRequests } from './requests.ts';

beforeEach(() => {
  fakeBrowser.reset();
  globalThis.indexedDB = new IDBFactory();
  vi.spyOn(browser.runtime, 'getManifest').mockReturnValue({ host_permissions: [SITE] } as never);
  vi.spyOn(browser.permissions, 'contains').mockImplementation(async ({ origins }) => origins !== undefined);
});

const SITE = 'https://dating.example/*';

const tabOf = (id: number, url = 'https://dating.example/') => ({ tab: { id }, url }) as never;
const tab = tabOf(7);
const popup = () => ({ url: browser.runtime.getURL('/popup.html') }) as never;

const SERVER = { address: 'http://127.0.0.1:8787', token: 't', profileKey: '' };

const MODEL = {
  contract: 1,
  id: 'm',
  architecture: 'googlenet',
  classes: ['NOPE', 'LIKE'],
  sha256: 'ab',
  threshold: 0.4,
  device: { name: 'cpu', executionProvider: 'CPUExecutionProvider', reason: 'r', engines: 1, threadsPerEngine: 1 },
};

function worker() {
  const fetch = vi.fn<typeof globalThis.fetch>(async (url) => {
    if (String(url).endsWith('/v1/model')) return Response.json(MODEL);
    throw new TypeError('no');
  });
  const clock = new PageClock();
  const ledger = new SwipeLedger(clock);
  const world = { fetch, deadline: () => new AbortController().signal };
  const gate = new TasteGate(world, clock);
  const labels = new LabelQueue({ world, clock, onArrived: () => {} });
  const history = new HistoryRecorder({ store: new HistoryStore(), clock });
  const words = new WordsLearner({ store: new LabeledBios(), clock });
  const preparer = { prepare: async () => 'another format' as const };
  const parts = { world, clock, ledger, labels, gate, history, words, preparer };
  return { fetch, history, answer: answerRequests(parts) };
}

const score = (...urls: readonly string[]): Request<'score'> => ({
  kind: 'score',
  id: 'now',
  photos: urls.map((url) => ({ url })),
  priority: 'now',
});

/** Stores settings that allow swiping. */
const letSwipe = (limits = {}) =>
  changeSettings({
    mode: 'swipe',
    consent: 'loopback',
    server: SERVER,
    limits: { ...DEFAULT_SETTINGS.limits, perMinute: null, ...limits },
  });

it('ignores messages that are not valid requests', () => {
  const { answer } = worker();
  for (const message of [null, 'score', { kind: 'buy' }, { kind: 'score', photos: 'all' }]) {
    expect(answer(message, tab)).toBeUndefined();
  }
});

it('never sends a token to a server that a page names', () => {
  const { answer, fetch } = worker();
  expect(answer({ kind: 'tryServer', address: 'https://thief.example', token: 't' }, tab)).toBeUndefined();
  expect(answer({ kind: 'pair', address: 'https://thief.example', code: 'c' }, tab)).toBeUndefined();
  expect(fetch).not.toHaveBeenCalled();
});

it('answers a request only if it comes from the kind of page that may make it', () => {
  const { answer } = worker();
  for (const kind of ['overview', 'resume', 'checkPage', 'taste', 'undoLabel', 'correct', 'tasteDelete']) {
    expect(answer({ kind, labelId: 'a', swipe: 'left' }, tab)).toBeUndefined();
  }
  for (const request of [
    { kind: 'permit', id: 'a', swipe: 'left' },
    { kind: 'release', id: 'a' },
    { kind: 'report', status: { reason: null } },
    { kind: 'leave' },
    { kind: 'label', id: 'a', site: 'demo', profile: 'p', swipe: 'left', photoCount: 1, verdict: 'none' },
    { kind: 'unlabel', id: 'a' },
    score(),
  ]) {
    expect(answer(request, popup())).toBeUndefined();
  }
});

it('answers with the reason and fetches nothing without consent', async () => {
  const { answer, fetch } = worker();
  const reply = await answer(score('https://p.example/1'), tab);
  expect(reply).toEqual({ problem: { reason: 'consent_missing' } });
  expect(fetch).not.toHaveBeenCalled();
});

it('pairs for the options page, and reports an invalid code', async () => {
  const { answer, fetch } = worker();
  const pair = () => answer({ kind: 'pair', address: 'http://127.0.0.1:8787', code: '1234-5678' }, popup());
  fetch.mockResolvedValueOnce(Response.json({ token: 'own', device: { id: '0123abcd', name: 'n' } }));
  expect(await pair()).toEqual({ token: 'own', profileKey: '' }); // an older server
  const profileKey = 'k'.repeat(43);
  fetch.mockResolvedValueOnce(Response.json({ token: 'own', device: { id: '0123abcd', name: 'n' }, profileKey }));
  expect(await pair()).toEqual({ token: 'own', profileKey });
  const error = { code: 'pairing_code_invalid', message: 'm', requestId: 'r' };
  fetch.mockResolvedValueOnce(Response.json({ error }, { status: 403 }));
  expect(await pair()).toEqual({ refused: 'code' });
  vi.spyOn(browser.permissions, 'contains').mockResolvedValue(true);
  fakeTexts(browser);
  expect(await pair()).toMatchObject({ problem: { reason: 'server_unreachable' } });
});

it('asks to be let in for the options page, and reports what was decided', async () => {
  const { answer, fetch } = worker();
  const address = 'http://127.0.0.1:8787';
  const claim = () => answer({ kind: 'claimPairing', address, id: 'i', secret: 's' }, popup());
  fetch.mockResolvedValueOnce(Response.json({ id: 'i', secret: 's', check: '7K3M', expiresInS: 180 }));
  expect(await answer({ kind: 'askToPair', address }, popup())).toMatchObject({ id: 'i', secret: 's', check: '7K3M' });
  fetch.mockResolvedValueOnce(Response.json({ state: 'waiting' }));
  expect(await claim()).toEqual({ state: 'waiting' });
  fetch.mockResolvedValueOnce(Response.json({ state: 'allowed', token: 'own', device: { id: '0123abcd', name: 'n' } }));
  expect(await claim()).toEqual({ token: 'own', profileKey: '' });
  const error = { code: 'pairing_request_unknown', message: 'm', requestId: 'r' };
  fetch.mockResolvedValueOnce(Response.json({ error }, { status: 404 }));
  expect(await claim()).toEqual({ state: 'gone' });
});

it('stores what a page reports under its tab', async () => {
  const { answer } = worker();
  await answer({ kind: 'report', status: { reason: 'hold', detail: '1' }, counted: { what: 'held', id: 'a' } }, tab);
  expect((await readSession()).pages).toEqual([{ tab: 7, status: { reason: 'hold', detail: '1' } }]);
  await answer({ kind: 'leave' }, tab);
  expect((await readSession()).pages).toEqual([]);
});

it('shows and resumes the page in the active tab, or else the one that reported last', async () => {
  const { answer } = worker();
  await reportPage(7, { reason: 'person_acted' });
  await reportPage(8, { reason: 'hold', detail: '1' });
  const sent = vi.spyOn(browser.tabs, 'sendMessage').mockResolvedValue(undefined);
  const active = vi.spyOn(browser.tabs, 'query');
  for (const [front, meant] of [
    [7, 'person_acted'],
    [8, 'hold'],
    [9, 'hold'],
  ] as const) {
    active.mockResolvedValue([{ id: front }] as never);
    expect(await answer({ kind: 'overview' }, popup())).toMatchObject({ page: { reason: meant } });
    await answer({ kind: 'resume' }, popup());
  }
  expect(sent.mock.calls.map(([tab]) => tab)).toEqual([7, 8, 8]);
});

it('sends no further requests if it is turned off while the server answers', async () => {
  await changeSettings({ consent: 'loopback', server: SERVER });
  const { answer, fetch } = worker();
  fetch.mockImplementation(async () => {
    await changeSettings({ mode: 'off' });
    return Response.json(MODEL);
  });
  const reply = await answer(score('https://p.example/1'), tab);
  expect(reply).toEqual({ problem: { reason: 'consent_missing' } });
  expect(fetch).toHaveBeenCalledTimes(1);
});

it('fetches from this machine only for a page of the same origin', async () => {
  await changeSettings({ consent: 'loopback', server: SERVER });
  const { answer, fetch } = worker();
  fetch.mockImplementation(async (url) =>
    String(url).endsWith('/v1/model') ? Response.json(MODEL) : new Response('', { status: 404 }),
  );
  const photos = ['http://127.0.0.1:8787/demo/1.jpg', 'http://127.0.0.1:631/printer'];
  await answer(score(...photos), tab);
  await answer(score(...photos), tabOf(8, 'http://127.0.0.1:8787/demo'));
  const asked = fetch.mock.calls.map(([url]) => String(url)).filter((url) => !url.endsWith('/v1/model'));
  expect(asked).toEqual([photos[0]]);
});

it('cancels the downloads of a score that is no longer needed, without asking the server for it', async () => {
  await letSwipe();
  const { answer, fetch } = worker();
  const asked: string[] = [];
  const { promise: downloading, resolve: began } = Promise.withResolvers<void>();
  fetch.mockImplementation((url, init) => {
    asked.push(String(url));
    if (String(url).endsWith('/v1/model')) return Promise.resolve(Response.json(MODEL));
    began();
    return new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal!.reason)));
  });
  const scoring = answer({ ...score('https://p.example/1'), priority: 'ahead', id: 'next' }, tab);
  await downloading;
  await answer({ kind: 'cancel', id: 'next' }, tabOf(8)); // belongs to another tab
  await answer({ kind: 'cancel', id: 'other' }, tab);
  await answer({ kind: 'cancel', id: 'next' }, tab);
  expect(await scoring).toEqual({ problem: { reason: 'worker_gone' } });
  expect(asked).toEqual(['http://127.0.0.1:8787/v1/model', 'https://p.example/1']);
});

const permit = (id: string, swipe = 'left') => ({ kind: 'permit', id, swipe });

it('permits no swipe outside Swipe mode or without consent, and says when to ask again', async () => {
  const { answer } = worker();
  for (const mode of ['off', 'show'] as const) {
    await letSwipe();
    await changeSettings({ mode });
    expect(await answer(permit('a'), tab)).toEqual({ waitMs: 1_000 });
  }
  await letSwipe();
  await changeSettings({ consent: null });
  expect(await answer(permit('a'), tab)).toEqual({ waitMs: 1_000 });
});

it('permits no swipe while the server’s model may not swipe yet or the server doesn’t answer, and counts none', async () => {
  await letSwipe({ perDay: 1 });
  vi.spyOn(browser.permissions, 'contains').mockResolvedValue(true);
  fakeTexts(browser);
  const { answer, fetch } = worker();
  fetch.mockImplementation(async (url) => {
    if (String(url).endsWith('/v1/model')) return Response.json({ ...MODEL, id: 'taste-0001' });
    throw new TypeError('no');
  });
  expect(await answer(permit('a'), tab)).toEqual({ refused: 'server_unreachable', detail: 'unreachable_loopback' });
  await changeTasteSettings({ swipeAnyway: 'taste-0001' });
  expect(await answer(permit('b'), tab)).toEqual({ permitted: true });
});

it('tells the popup to have a page reloaded on which no script answers', async () => {
  const { answer } = worker();
  const scripts = { content_scripts: [{ matches: [SITE] }], host_permissions: [SITE] };
  vi.spyOn(browser.runtime, 'getManifest').mockReturnValue(scripts as never);
  const active = { id: 9, status: 'complete' };
  const query = vi.spyOn(browser.tabs, 'query').mockResolvedValue([active] as never);
  const sent = vi.spyOn(browser.tabs, 'sendMessage').mockRejectedValue(new Error('nobody listens'));
  expect(await answer({ kind: 'overview' }, popup())).toMatchObject({ needsReload: true });
  expect(query.mock.calls).toContainEqual([{ active: true, lastFocusedWindow: true, url: [SITE] }]);
  sent.mockResolvedValue(null); // a page without a deck answers, too
  expect(await answer({ kind: 'overview' }, popup())).toMatchObject({ needsReload: false });
  sent.mockRejectedValue(new Error('nobody listens'));
  query.mockResolvedValue([{ ...active, status: 'loading' }] as never);
  expect(await answer({ kind: 'overview' }, popup())).toMatchObject({ needsReload: false });
  query.mockResolvedValue([]); // another site is in front
  expect(await answer({ kind: 'overview' }, popup())).toMatchObject({ needsReload: false });
});

it('tells the popup which sites the browser withholds', async () => {
  const { answer } = worker();
  vi.spyOn(browser.permissions, 'contains').mockImplementation(async ({ origins }) => origins?.[0] !== SITE);
  expect(await answer({ kind: 'overview' }, popup())).toMatchObject({ withheld: [SITE] });
});

it('enforces the limits, and shows today’s swipes', async () => {
  await letSwipe({ perDay: 2 });
  const { answer } = worker();
  expect(await answer(permit('a', 'right'), tab)).toEqual({ permitted: true });
  expect(await answer(permit('a', 'right'), tab)).toEqual({ permitted: true });
  expect(await answer(permit('b'), tab)).toEqual({ permitted: true });
  expect(await answer({ kind: 'overview' }, popup())).toMatchObject({ today: { swipes: 2, likes: 1 } });
  expect(await answer(permit('c'), tab)).toEqual({ refused: 'limit_day', detail: '2' });
  await answer({ kind: 'release', id: 'b', pressed: false }, tab);
  expect(await answer(permit('c'), tab)).toEqual({ permitted: true });
});

it('doesn’t release a permit whose swipe was reported as counted', async () => {
  await letSwipe({ perDay: 1 });
  const { answer } = worker();
  await answer(permit('a'), tab);
  await answer({ kind: 'report', status: { reason: null }, counted: { what: 'left', id: 'a' } }, tab);
  await answer({ kind: 'release', id: 'a' }, tab);
  expect(await answer(permit('b'), tab)).toMatchObject({ refused: 'limit_day' });
});

it.each([
  ['reports why it isn’t swiping', { kind: 'report', status: { reason: 'tab_hidden' } }],
  ['is left', { kind: 'leave' }],
])('lets another tab swipe once the swiping page %s', async (_, end) => {
  await letSwipe();
  const { answer } = worker();
  await answer(permit('a'), tab);
  await answer({ kind: 'report', status: { reason: null }, counted: { what: 'left', id: 'a' } }, tab);
  expect(await answer(permit('a'), tabOf(8))).toEqual({ refused: 'other_tab' });
  await answer(end, tab);
  expect(await answer(permit('a'), tabOf(8))).toEqual({ permitted: true });
});

it('starts a new session on Resume only if the session’s limit was reached', async () => {
  await letSwipe({ perSession: 1 });
  vi.spyOn(browser.tabs, 'query').mockResolvedValue([{ id: 7 }] as never);
  vi.spyOn(browser.tabs, 'sendMessage').mockResolvedValue(undefined);
  const { answer } = worker();
  await answer(permit('a'), tab);
  await answer({ kind: 'report', status: { reason: 'person_acted' } }, tab);
  await answer({ kind: 'resume' }, popup());
  expect(await answer(permit('b'), tab)).toMatchObject({ refused: 'limit_session' });
  await answer({ kind: 'report', status: { reason: 'limit_session' } }, tab);
  await answer({ kind: 'resume' }, popup());
  expect(await answer(permit('b'), tab)).toEqual({ permitted: true });
});

describe('the control on a page', () => {
  const control = (does: object, from = tab) => worker().answer({ kind: 'control', does }, from);

  it('chooses the mode, remembers its place, and is hidden', async () => {
    await letSwipe();
    await control({ act: 'choose', mode: 'learn' });
    expect((await readSettings()).mode).toBe('learn');
    await control({ act: 'place', site: 'demo', place: { x: 1, y: 0.5 } });
    await control({ act: 'hide' });
    expect(await readControl()).toEqual({ isHidden: true, places: [{ site: 'demo', place: { x: 1, y: 0.5 } }] });
  });

  it('starts a new session only if its own page has reached a limit per session', async () => {
    await letSwipe({ perSession: 1 });
    const { answer } = worker();
    const renew = () => answer({ kind: 'control', does: { act: 'renew' } }, tab);
    await answer(permit('a'), tab);
    await answer({ kind: 'report', status: { reason: 'limit_session' } }, tabOf(8));
    await answer({ kind: 'report', status: { reason: 'person_acted' } }, tab);
    await renew();
    expect(await answer(permit('b'), tab)).toMatchObject({ refused: 'limit_session' });
    await answer({ kind: 'report', status: { reason: 'limit_session' } }, tab);
    await renew();
    expect(await answer(permit('b'), tab)).toEqual({ permitted: true });
  });

  it('does nothing else, and nothing for the extension’s own pages', async () => {
    for (const does of [
      { act: 'consent' },
      { act: 'choose', mode: 'all' },
      { act: 'place', site: '', place: {} },
      {},
    ]) {
      expect(control(does)).toBeUndefined();
    }
    expect(control({ act: 'hide' }, popup())).toBeUndefined();
  });
});

describe('a command', () => {
  const ledger = () => new SwipeLedger(new PageClock());

  it('chooses a mode, and an unknown one does nothing', async () => {
    await letSwipe();
    for (const mode of ['show', 'learn', 'swipe'] as const) {
      await runCommand(`mode-${mode}`, ledger());
      expect((await readSettings()).mode).toBe(mode);
    }
    await runCommand('constructor', ledger());
    await runCommand('panic-stop', ledger());
    expect((await readSettings()).mode).toBe('off');
  });

  it('pauses or resumes the current page', async () => {
    vi.spyOn(browser.tabs, 'query').mockResolvedValue([{ id: 7 }] as never);
    const sent = vi.spyOn(browser.tabs, 'sendMessage').mockResolvedValue(undefined);
    await runCommand('pause-resume', ledger());
    expect(sent).not.toHaveBeenCalled(); // no dating page is open
    await reportPage(8, { reason: null });
    await reportPage(7, { reason: null });
    await reportPage(9, { reason: null });
    await runCommand('pause-resume', ledger());
    expect(sent.mock.calls).toEqual([[7, { order: 'toggle' }]]);
  });
});

const CHECK = { site: 'tinder.com', view: 'profile', roles: [{ role: 'active card', found: 1, wanted: 1 }] };

it('checks the page in the active tab, or else the one that reported last', async () => {
  const { answer } = worker();
  const query = vi.spyOn(browser.tabs, 'query').mockResolvedValue([{ id: 9 }] as never);
  const sent = vi.spyOn(browser.tabs, 'sendMessage').mockImplementation(async (asked) => {
    if (asked === 9) throw new Error('nobody listens');
    return CHECK;
  });
  expect(await answer({ kind: 'checkPage' }, popup())).toBeNull();
  await reportPage(7, { reason: null });
  expect(await answer({ kind: 'checkPage' }, popup())).toEqual(CHECK);
  query.mockResolvedValue([{ id: 8 }] as never); // a tab that has reported nothing
  expect(await answer({ kind: 'checkPage' }, popup())).toEqual(CHECK);
  expect(sent.mock.calls).toEqual([9, 9, 7, 8].map((asked) => [asked, { order: 'check' }]));
});

it('keeps only roles and counts of a page’s answer to a check', async () => {
  const { answer } = worker();
  await reportPage(7, { reason: null });
  vi.spyOn(browser.tabs, 'query').mockResolvedValue([]);
  const sent = vi.spyOn(browser.tabs, 'sendMessage').mockResolvedValue({ ...CHECK, name: 'Ada' });
  expect(await answer({ kind: 'checkPage' }, popup())).toEqual(CHECK);
  sent.mockResolvedValue({ roles: 'all' });
  expect(await answer({ kind: 'checkPage' }, popup())).toBeNull();
});

it('previews rules on the current page, and keeps nothing of its answer but how each rule fares', async () => {
  const { answer } = worker();
  vi.spyOn(browser.tabs, 'query').mockResolvedValue([]);
  const outcomes = [{ rule: 'maxDistance', outcome: ['52 km', '30 km'] }];
  const ruling = { rule: 'maxDistance', swipe: 'left', values: ['52 km', '30 km'] };
  const sent = vi.spyOn(browser.tabs, 'sendMessage').mockResolvedValue({ outcomes, ruling, name: 'Ada' });
  const asking = { kind: 'previewRules', rules: DEFAULT_RULES };
  expect(await answer(asking, popup())).toBeNull(); // no page has reported
  await reportPage(7, { reason: null });
  expect(await answer(asking, popup())).toEqual({ outcomes, ruling });
  expect(sent.mock.lastCall).toEqual([7, { order: 'preview', rules: DEFAULT_RULES }]);
  sent.mockResolvedValue(null);
  expect(await answer(asking, popup())).toBeNull();
  expect(answer(asking, tab)).toBeUndefined(); // only the extension's own pages may ask
});

it('tells a page who swiped a profile last, also if a correction says otherwise', async () => {
  const { answer, history } = worker();
  const entry = { id: 'a', atMs: 7, site: 'demo', by: 'swipenet', swipe: 'right', seen: 'shown' } as const;
  const found = vi.spyOn(history, 'earlierSwipe').mockResolvedValue(undefined);
  const asking = { kind: 'earlier', site: 'demo', profile: 'Ada' };
  expect(await answer(asking, tab)).toBeNull();
  found.mockResolvedValue(entry);
  expect(await answer(asking, tab)).toEqual({ by: 'swipenet', swipe: 'right', atMs: 7 });
  found.mockResolvedValue({ ...entry, corrected: 'left' });
  expect(await answer(asking, tab)).toEqual({ by: 'swipenet', swipe: 'left', atMs: 7 });
  expect(found.mock.lastCall).toEqual(['demo', 'Ada']);
});
