import { vi } from 'vitest';
import english from '../../extension/public/_locales/en/messages.json' with { type: 'json' };
import { fillIn, type TextKey, type Translate } from '../../extension/src/texts.ts';

/** Translates into English, as the browser does. */
export const inEnglish: Translate = (key, ...values) => fillIn(english[key].message, values, inEnglish);

/** A text is its key and its values, such as `gate_figures 52% 60%`. Numbers are as in English. */
export const fakeTranslate: Translate = (key, ...values) => fakeText(key, ...values);

const fakeText = (key: TextKey, ...values: readonly unknown[]) =>
  key === 'language' ? 'en' : [key, ...values].join(' ').trim();

/**
 * Lets the browser translate like {@link fakeTranslate}. All tests use this one, because texts are looked up once and then
 * kept, also for the next test file in the same process.
 */
export function fakeTexts(browser: { readonly i18n: unknown }): void {
  const i18n = browser.i18n as { getMessage: (key: TextKey, ...given: unknown[]) => string };
  vi.spyOn(i18n, 'getMessage').mockImplementation((key, ...given) => fakeText(key, ...given.flat()));
}
