import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { fakeTranslate } from '../../test/support/fake-texts.ts';
import { fillIn, formatPercent, formatSetPercent, formatWholePercent, shownLocale, type Translate } from './texts.ts';

const texts: Record<string, { message: string }> = JSON.parse(
  readFileSync(new URL('../public/_locales/en/messages.json', import.meta.url), 'utf8'),
);

/** Texts in a language: only what filling in asks for. */
const inLanguage =
  (language: string): Translate =>
  (key) =>
    key === 'language' ? language : key === 'text_direction' && language === 'ar' ? 'rtl' : key;

it('names the language and the direction that a page is shown in, whatever the browser’s own are', async () => {
  vi.resetModules(); // texts that other tests looked up are kept
  const { browser } = await import('./browser.ts');
  const { translatePage } = await import('./entrypoints/own-page/translate-page.ts');
  const i18n = browser.i18n as { getMessage: (key: string) => string; getUILanguage: () => string };
  vi.spyOn(i18n, 'getUILanguage').mockReturnValue('he'); // which has no texts, so the browser shows the English ones
  vi.spyOn(i18n, 'getMessage').mockImplementation((key) => texts[key]!.message);
  const documentElement = { lang: '', dir: '' };
  translatePage({ documentElement, querySelectorAll: () => [] } as unknown as Document);
  expect(documentElement).toEqual({ lang: 'en', dir: 'ltr' });
  vi.restoreAllMocks();
  vi.resetModules();
});

it.each([
  ['en-GB', 'en', 'en-GB'],
  ['en', 'en', 'en'],
  ['de-AT', 'en', 'en'],
  ['pt-PT', 'pt-BR', 'pt-PT'],
  ['ja-JP', 'pt-BR', 'pt-BR'],
])('formats dates and numbers in a browser of %s, if the texts are in %s, as in %s', (wanted, language, shown) => {
  expect(shownLocale(inLanguage(language), wanted)).toBe(`${shown}-u-ca-gregory-nu-latn`);
});

it('shows the digits and the calendar of the fields, also in Arabic', () => {
  const locale = shownLocale(inLanguage('ar'), 'ar-SA');
  expect(new Intl.NumberFormat(locale).format(1234.5)).toBe('1,234.5');
  expect(new Intl.DateTimeFormat(locale, { timeZone: 'UTC' }).format(0)).toContain('1970');
});

const PHOTOS =
  '{1, plural, zero {no photo} one {one photo} two {two photos} few {$1 photos} many {$1 photo} other {$1 of a photo}}';

it.each([
  [0, 'no photo'],
  [1, 'one photo'],
  [2, 'two photos'],
  [7, '7 photos'],
  [11, '11 photo'],
  [100, '100 of a photo'],
])('chooses among the six forms of Arabic: %i', (count, said) => {
  expect(fillIn(`I see ${PHOTOS}.`, [count], inLanguage('ar'))).toBe(`I see ${said}.`);
});

it('falls back to the form “other”, and chooses each plural by its own value', () => {
  const text = '$2 and {1, plural, one {1 like} other {$1 likes}}, {2, plural, other {$2枚}}';
  expect(fillIn(text, [1, 1200], inLanguage('en'))).toBe('1,200 and 1 like, 1,200枚');
  expect(fillIn(text, [0, 3], inLanguage('en'))).toBe('3 and 0 likes, 3枚');
  expect(fillIn(text, ['1', 3], inLanguage('en')), 'digits as text').toBe('3 and 1 like, 3枚');
});

it('takes nothing in a value for a placeholder or a plural', () => {
  expect(fillIn('$1 and $2', ['$2', '{1, plural, other {x}}'], fakeTranslate)).toBe('$2 and {1, plural, other {x}}');
});

it('keeps the order of what is filled into a text that runs from right to left', () => {
  expect(fillIn('$1 و$2', ['http://127.0.0.1:8787', ''], inLanguage('ar'))).toBe('\u2068http://127.0.0.1:8787\u2069 و');
  expect(fillIn('to $1', ['http://127.0.0.1:8787'], inLanguage('en'))).toBe('to http://127.0.0.1:8787');
});

it.each([
  ['en', '84.49%', '40.5%', '61%'],
  ['de', '84,49\u00a0%', '40,5\u00a0%', '61\u00a0%'],
])('formats percentages as in %s', (language, exact, set, whole) => {
  const translated = inLanguage(language);
  expect(formatPercent(0.8449, translated)).toBe(exact);
  expect(formatSetPercent(0.405, translated)).toBe(set);
  expect(formatWholePercent(0.6199, translated)).toBe(whole);
});

it('rounds no share up to a bound, and none down that is one', () => {
  expect([0.5999, 0.29, 1].map((share) => formatWholePercent(share, inLanguage('en')))).toEqual(['59%', '29%', '100%']);
});
