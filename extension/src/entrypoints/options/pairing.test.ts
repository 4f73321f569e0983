// @vitest-environment happy-dom

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { fakeLocks } from '../../../../test/support/fake-locks.ts';
import { fakeTexts } from '../../../../test/support/fake-texts.ts';
import { changeSettings, DEFAULT_SETTINGS, readSettings } from '../../storage/settings.ts';
import { optionEntries } from './options-form.ts';
import { OptionsView } from './options-view.ts';
import { pairWithCode } from './pairing.ts';

const HTML = readFileSync(join(import.meta.dirname, 'index.html'), 'utf8');
const REMOTE = 'https://swipenet.example:8443';

let view: OptionsView;
const sent = vi.fn<(request: unknown) => Promise<unknown>>();
const get = <Kind extends HTMLElement = HTMLInputElement>(id: string) => document.getElementById(id) as Kind;
const said = () => get('tried').textContent;

fakeLocks();

beforeEach(() => {
  fakeBrowser.reset();
  vi.restoreAllMocks();
  sent.mockReset().mockResolvedValue({ token: 'own', profileKey: 'key' });
  fakeTexts(browser);
  vi.spyOn(browser.runtime, 'sendMessage').mockImplementation(sent);
  document.body.innerHTML = /<body>([\s\S]*)<script/.exec(HTML)![1]!;
  view = new OptionsView(document);
  view.fill(optionEntries(DEFAULT_SETTINGS));
  get('code').value = '1234-5678';
});

it('stores and shows the token at once, and leaves the other settings and fields alone', async () => {
  await changeSettings({ patience: 5 });
  get('patience').value = '70';
  await pairWithCode(view, '1234-5678');
  expect(sent.mock.calls).toEqual([[{ kind: 'pair', address: 'http://127.0.0.1:8787', code: '1234-5678' }]]);
  expect(await readSettings()).toMatchObject({
    server: { address: 'http://127.0.0.1:8787', token: 'own', profileKey: 'key' },
    patience: 5,
  });
  expect([said(), get('token').value, get('code').value, get('patience').value]).toEqual([
    'options_paired',
    'own',
    '',
    '70',
  ]);
});

it.each([
  ['an invalid address', () => (get('address').value = 'no address'), 'address', 'options_address_wrong'],
  ['an empty code', () => (get('code').value = ''), 'code', 'options_code_empty'],
])('sends no request with %s', async (_, type, field, text) => {
  type();
  await pairWithCode(view, get('code').value);
  expect(sent).not.toHaveBeenCalled();
  expect([said(), get(field).getAttribute('aria-invalid')]).toEqual([text, 'true']);
});

it.each([
  ['the code is invalid', { refused: 'code' }, 'options_code_wrong'],
  [
    'the server is unreachable',
    { problem: { reason: 'server_unreachable', detail: 'd' } },
    'options_failed reason_server_unreachable d',
  ],
])('stores nothing if %s, and says so', async (_, answer, text) => {
  sent.mockResolvedValue(answer);
  await pairWithCode(view, '1234-5678');
  expect(said()).toBe(text);
  expect(await readSettings()).toEqual(DEFAULT_SETTINGS);
});

it('requests permission for a remote server before pairing, and consent after it', async () => {
  const request = vi.spyOn(browser.permissions, 'request').mockResolvedValueOnce(false).mockResolvedValueOnce(true);
  const opened = vi.spyOn(browser.tabs, 'create').mockResolvedValue({} as never);
  get('address').value = REMOTE;
  await pairWithCode(view, '1234-5678');
  expect(said()).toBe(`options_permission_denied ${REMOTE}`);
  expect(sent).not.toHaveBeenCalled();
  await pairWithCode(view, '1234-5678');
  expect(request.mock.calls[1]).toEqual([{ origins: ['https://swipenet.example/*'] }]);
  expect((await readSettings()).server).toEqual({ address: REMOTE, token: 'own', profileKey: 'key' });
  expect(opened.mock.calls).toEqual([[{ url: '/consent.html' }]]);
});

it('pairs with the button or Enter, and saves nothing else', () => {
  const pair = vi.fn(async () => {});
  const save = vi.fn(async () => {});
  view.onPair(pair);
  view.onSave(save);
  get('code').value = ' 1234-5678 ';
  get('pair').click();
  const enter = new KeyboardEvent('keydown', { key: 'Enter', cancelable: true });
  get('code').dispatchEvent(enter);
  expect(pair.mock.calls).toEqual([['1234-5678'], ['1234-5678']]);
  expect(enter.defaultPrevented).toBe(true);
  expect(save).not.toHaveBeenCalled();
});
