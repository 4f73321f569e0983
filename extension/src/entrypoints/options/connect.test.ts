// @vitest-environment happy-dom

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { fakeLocks } from '../../../../test/support/fake-locks.ts';
import { fakeTexts } from '../../../../test/support/fake-texts.ts';
import { changeSettings, DEFAULT_SETTINGS, readSettings } from '../../storage/settings.ts';
import { connectHere } from './connect.ts';
import { optionEntries } from './options-form.ts';
import { OptionsView } from './options-view.ts';

const HTML = readFileSync(join(import.meta.dirname, 'index.html'), 'utf8');
const HERE = 'http://127.0.0.1:8787';
const ASKED = { id: 'i', secret: 's', check: '7K3M' };

let view: OptionsView;
const sent = vi.fn<(request: unknown) => Promise<unknown>>();
const created = vi.fn<typeof browser.tabs.create>();
const get = <Kind extends HTMLElement = HTMLInputElement>(id: string) => document.getElementById(id) as Kind;
const said = () => get('connecting').textContent;
const connect = () => connectHere(view, { delay: async () => {} });

fakeLocks();

beforeEach(async () => {
  fakeBrowser.reset();
  vi.restoreAllMocks();
  fakeTexts(browser);
  sent.mockReset().mockResolvedValueOnce(ASKED);
  created.mockReset().mockResolvedValue({} as never);
  vi.spyOn(browser.runtime, 'sendMessage').mockImplementation(sent);
  vi.spyOn(browser.tabs, 'create').mockImplementation(created);
  vi.spyOn(browser.tabs, 'query').mockResolvedValue([]);
  document.body.innerHTML = /<body>([\s\S]*)<script/.exec(HTML)![1]!;
  view = new OptionsView(document);
  view.fill(optionEntries(DEFAULT_SETTINGS));
  await changeSettings({ consent: 'loopback' });
});

it('shows the check while it waits, then stores the token and leads on', async () => {
  sent.mockImplementationOnce(async () => {
    expect(said()).toBe('options_connect_check 7K3M');
    return { state: 'waiting' };
  });
  sent.mockResolvedValueOnce({ token: 'own', profileKey: 'key' });
  await connect();
  const claim = { kind: 'claimPairing', address: HERE, id: 'i', secret: 's' };
  expect(sent.mock.calls).toEqual([[{ kind: 'askToPair', address: HERE }], [claim], [claim]]);
  expect((await readSettings()).server).toEqual({ address: HERE, token: 'own', profileKey: 'key' });
  expect([said(), get('token').value, get('next').hidden]).toEqual(['options_paired', 'own', false]);
  expect(get<HTMLAnchorElement>('next-demo').href).toBe(`${HERE}/demo`);
  expect(created.mock.calls).toEqual([[{ url: `${HERE}/` }]]);
});

it('brings the start page to the front if it is open, and no other page of this machine', async () => {
  const tabs = ['http://127.0.0.1:9000/', `${HERE}/demo`, `${HERE}/`].map((url, id) => ({ id, url, windowId: 5 }));
  vi.spyOn(browser.tabs, 'query').mockResolvedValue(tabs as never);
  const shown = vi.spyOn(browser.tabs, 'update').mockResolvedValue({} as never);
  const raised = vi.spyOn(browser.windows, 'update').mockResolvedValue({} as never);
  sent.mockResolvedValueOnce({ token: 'own', profileKey: '' });
  await connect();
  expect([shown.mock.calls, raised.mock.calls, created.mock.calls]).toEqual([
    [[2, { active: true }]],
    [[5, { focused: true }]],
    [],
  ]);
});

it.each([
  ['it was denied', { state: 'denied' }, 'options_connect_denied'],
  ['nobody clicked Allow', { state: 'gone' }, 'options_connect_gone'],
  ['the server stopped', { problem: { reason: 'server_unreachable' } }, 'options_failed reason_server_unreachable'],
])('stores nothing if %s, and says so', async (_, answer, text) => {
  sent.mockResolvedValueOnce(answer);
  await connect();
  expect([said(), (await readSettings()).server, get('next').hidden]).toEqual([text, DEFAULT_SETTINGS.server, true]);
});

it('asks nothing of a server on another machine, and names the way that works there', async () => {
  get('address').value = 'https://swipenet.example';
  await connect();
  expect([said(), sent.mock.calls]).toEqual(['options_connect_remote', []]);
});

it('opens the page about the data if the consent is missing', async () => {
  await changeSettings({ consent: null });
  sent.mockResolvedValueOnce({ token: 'own', profileKey: '' });
  await connect();
  expect(created.mock.calls).toContainEqual([{ url: '/consent.html' }]);
});
