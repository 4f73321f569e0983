import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { MODES } from './control-acts.ts';
import { COUNTED } from './messages.ts';
import { REASON_CODES } from './reasons.ts';
import { shownLocale } from './texts.ts';

const texts: Record<string, { message: string }> = JSON.parse(
  readFileSync(new URL('../public/_locales/en/messages.json', import.meta.url), 'utf8'),
);

it.each([
  ...REASON_CODES.map((reason) => `reason_${reason}`),
  ...MODES.flatMap((mode) => [`mode_${mode}`, `mode_${mode}_hint`]),
  ...COUNTED.map((counted) => `count_${counted}`),
  ...['page', 'video', 'download', 'unsent', 'server'].map((missing) => `missing_${missing}`),
])('has a text for %s', (key) => {
  expect(texts[key]?.message).toBeTruthy();
});

it.each(['popup', 'options', 'consent', 'swipe-history'])('has every text that the %s page uses', (name) => {
  const html = readFileSync(new URL(`entrypoints/${name}/index.html`, import.meta.url), 'utf8');
  const named = [...html.matchAll(/data-(?:text|label)="(\w+)"/g)].map(([, key]) => key!);
  expect(named.filter((key) => !texts[key])).toEqual([]);
});

it('names the language that a page is shown in, whatever the browser’s own is', async () => {
  vi.resetModules(); // texts that other tests looked up are kept
  const { browser } = await import('./browser.ts');
  const { translatePage } = await import('./texts.ts');
  const i18n = browser.i18n as { getMessage: (key: string) => string; getUILanguage: () => string };
  vi.spyOn(i18n, 'getUILanguage').mockReturnValue('ar'); // which has no texts, so the browser shows the English ones
  vi.spyOn(i18n, 'getMessage').mockImplementation((key) => texts[key]!.message);
  const documentElement = { lang: '', dir: '' };
  translatePage({ documentElement, querySelectorAll: () => [] } as unknown as Document);
  expect(documentElement).toEqual({ lang: 'en', dir: 'ltr' });
  vi.restoreAllMocks();
  vi.resetModules();
});

it.each([
  ['en-GB', 'en-GB'],
  ['en', 'en'],
  ['de-AT', 'en'],
])('formats dates and numbers in a browser of %s as in %s', (wanted, shown) => {
  expect(shownLocale(() => 'en', wanted)).toBe(shown);
});
