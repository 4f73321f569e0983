// @vitest-environment happy-dom

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { fakeTexts } from '../../../../test/support/fake-texts.ts';
import { AccessNotice } from './access-notice.ts';

const HTML = readFileSync(join(import.meta.dirname, 'index.html'), 'utf8');
const WITHHELD = ['https://tinder.com/*', 'https://images-ssl.gotinder.com/*'];
const HOSTS = 'tinder.com, images-ssl.gotinder.com';

const request = vi.fn<(origins: string[]) => Promise<boolean>>();
let notice: AccessNotice;

const get = (id: string) => document.getElementById(id)!;
const shown = () => (get('access').hidden ? undefined : get('access-text').textContent.trim());
const offers = () => !get('allow-access').hidden;
const click = async () => {
  get('allow-access').click();
  await vi.waitFor(() => expect(shown()).not.toContain('withheld'));
};

beforeEach(() => {
  fakeBrowser.reset();
  request.mockReset();
  fakeTexts(browser);
  vi.spyOn(console, 'warn').mockReturnValue();
  document.body.innerHTML = /<body>([\s\S]*)<script/.exec(HTML)![1]!;
  notice = new AccessNotice(document, request);
});

it('is hidden if nothing is withheld', () => {
  notice.show([]);
  expect(shown()).toBeUndefined();
});

it('names the hosts, and asks for all of them while the browser handles the click', async () => {
  notice.show(WITHHELD);
  expect([shown(), offers()]).toEqual([`access_withheld ${HOSTS}`, true]);
  request.mockResolvedValue(true);
  get('allow-access').click();
  expect(request.mock.calls).toEqual([[WITHHELD]]);
  await vi.waitFor(() => expect(shown()).toBe('access_allowed'));
  notice.show([]); // as the worker says then
  expect([shown(), offers()]).toEqual(['access_allowed', false]);
  notice.show(WITHHELD.slice(1)); // taken back while the popup is open
  expect([shown(), offers()]).toEqual(['access_withheld images-ssl.gotinder.com', true]);
  notice.show([]); // or that was only an older answer of the worker
  expect([shown(), offers()]).toEqual(['access_allowed', false]);
});

it.each([
  ['the person says no', () => Promise.resolve(false)],
  ['the browser doesn’t allow the request', () => Promise.reject(new Error('not allowed'))],
])('says where to allow it if %s, and goes away once it is allowed there', async (_, answer) => {
  notice.show(WITHHELD);
  request.mockImplementation(answer);
  await click();
  expect([shown(), offers()]).toEqual([`access_refused ${HOSTS}`, true]);
  notice.show([]);
  expect(shown()).toBeUndefined();
});
