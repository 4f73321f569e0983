import { beforeEach, expect, it, vi } from 'vitest';
import browser from 'webextension-polyfill';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { withheldHost, withheldOrigins } from './site-access.ts';

const LOCAL = 'http://127.0.0.1:8787';
const LOOPBACK = ['http://127.0.0.1/*', 'http://localhost/*'];
const SITE = ['https://tinder.com/*', 'https://images-ssl.gotinder.com/*'];

let granted: readonly string[];

beforeEach(() => {
  fakeBrowser.reset();
  granted = [...LOOPBACK, ...SITE];
  const manifest = { host_permissions: [...LOOPBACK, ...SITE] } as never;
  vi.spyOn(browser.runtime, 'getManifest').mockReturnValue(manifest);
  vi.spyOn(browser.permissions, 'contains').mockImplementation(async ({ origins = [] }) =>
    origins.every((origin) => granted.includes(origin)),
  );
});

it('finds nothing withheld if the browser gives all access', async () => {
  expect(await withheldOrigins(LOCAL)).toEqual([]);
});

it.each([
  ['everything, as after a choice of “on click”', [], LOCAL, [...SITE, 'http://127.0.0.1/*']],
  ['the photos’ host', [...LOOPBACK, SITE[0]!], LOCAL, [SITE[1]]],
  ['the site', [...LOOPBACK, SITE[1]!], LOCAL, [SITE[0]]],
  ['this machine, if the server is on another', [...SITE, 'https://s.example/*'], 'https://s.example:8443', []],
  ['a server on another machine', [...SITE, ...LOOPBACK], 'https://s.example:8443', ['https://s.example/*']],
])('names what is needed of %s', async (_, left, server, withheld) => {
  granted = left;
  expect(await withheldOrigins(server)).toEqual(withheld);
});

it('finds the host of photos that the browser withholds, and leaves hosts that the manifest doesn’t name alone', async () => {
  granted = [SITE[0]!];
  const photo = 'https://images-ssl.gotinder.com/u/1.jpg';
  expect(await withheldHost(['https://elsewhere.example/1.jpg', photo])).toBe('images-ssl.gotinder.com');
  expect(await withheldHost(['https://elsewhere.example/1.jpg', 'no URL'])).toBeUndefined();
  granted = SITE;
  expect(await withheldHost([photo])).toBeUndefined();
});
