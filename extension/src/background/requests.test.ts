import { beforeEach, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { changeSettings } from '../settings.ts';
import { ConfidenceCache } from './confidence-cache.ts';
import { answerRequests } from './requests.ts';
import { SessionLog } from './session-log.ts';

beforeEach(() => fakeBrowser.reset());

const tab = { tab: { id: 7 }, url: 'https://dating.example/' } as never;

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
  const fetch = vi.fn<typeof globalThis.fetch>(() => Promise.reject(new TypeError('no')));
  const log = new SessionLog();
  const world = { fetch, deadline: () => new AbortController().signal };
  return { fetch, log, answer: answerRequests({ world, cache: new ConfidenceCache(), log }) };
}

it('leaves unanswered what is no request of ours', () => {
  const { answer } = worker();
  for (const message of [null, 'score', { kind: 'buy' }, { kind: 'score', photos: 'all' }]) {
    expect(answer(message, tab)).toBeUndefined();
  }
});

it('sends a token nowhere at a page’s word', async () => {
  const { answer, fetch } = worker();
  const state = await answer({ kind: 'tryServer', address: 'https://thief.example', token: 't' }, tab);
  expect(state).toEqual({ problem: { reason: 'server_refused' } });
  expect(fetch).not.toHaveBeenCalled();
});

it('answers a page that has no consent with the reason, and fetches nothing', async () => {
  const { answer, fetch } = worker();
  const reply = await answer({ kind: 'score', photos: ['https://p.example/1'] }, tab);
  expect(reply).toEqual({ problem: { reason: 'consent_missing' } });
  expect(fetch).not.toHaveBeenCalled();
});

it('keeps what a page reports under its tab', async () => {
  const { answer, log } = worker();
  await answer({ kind: 'report', status: { reason: 'hold', detail: '1' }, counted: { what: 'held', id: 'a' } }, tab);
  expect((await log.read()).pages).toEqual([{ tab: 7, status: { reason: 'hold', detail: '1' } }]);
  await answer({ kind: 'leave' }, tab);
  expect((await log.read()).pages).toEqual([]);
});

it('speaks of the page in front of the person, and lets that one alone go on', async () => {
  const { answer, log } = worker();
  await log.report(7, { reason: 'person_acted' });
  await log.report(8, { reason: 'hold', detail: '1' });
  const sent = vi.spyOn(browser.tabs, 'sendMessage').mockResolvedValue(undefined);
  const active = vi.spyOn(browser.tabs, 'query');
  const popup = { url: browser.runtime.getURL('/popup.html') } as never;
  for (const [front, meant] of [
    [7, 'person_acted'],
    [8, 'hold'],
    [9, 'hold'],
  ] as const) {
    active.mockResolvedValue([{ id: front }] as never);
    expect(await answer({ kind: 'overview' }, popup)).toMatchObject({ page: { reason: meant } });
    await answer({ kind: 'resume' }, popup);
  }
  expect(sent.mock.calls.map(([tab]) => tab)).toEqual([7, 8, 8]);
});

it('asks for nothing further once it was switched off while the server was asked', async () => {
  await changeSettings({ consent: 'loopback', server: { address: 'http://127.0.0.1:8787', token: 't' } });
  const { answer, fetch } = worker();
  fetch.mockImplementation(async () => {
    await changeSettings({ mode: 'off' });
    return Response.json(MODEL);
  });
  const reply = await answer({ kind: 'score', photos: ['https://p.example/1'] }, tab);
  expect(reply).toEqual({ problem: { reason: 'consent_missing' } });
  expect(fetch).toHaveBeenCalledTimes(1);
});

it('fetches from this machine only for a page of that very origin', async () => {
  await changeSettings({ consent: 'loopback', server: { address: 'http://127.0.0.1:8787', token: 't' } });
  const { answer, fetch } = worker();
  fetch.mockImplementation(async (url) =>
    String(url).endsWith('/v1/model') ? Response.json(MODEL) : new Response('', { status: 404 }),
  );
  const photos = ['http://127.0.0.1:8787/demo/1.jpg', 'http://127.0.0.1:631/printer'];
  await answer({ kind: 'score', photos }, tab);
  await answer({ kind: 'score', photos }, { tab: { id: 8 }, url: 'http://127.0.0.1:8787/demo' } as never);
  const asked = fetch.mock.calls.map(([url]) => String(url)).filter((url) => !url.endsWith('/v1/model'));
  expect(asked).toEqual([photos[0]]);
});
