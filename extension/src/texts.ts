import browser from 'webextension-polyfill';
import type english from '../public/_locales/en/messages.json';

/** The name of a text in `public/_locales`. */
export type TextKey = keyof typeof english;

/** Gives a text in the person's language, `$1`, `$2` … filled in. */
export type Translate = (key: TextKey, ...values: readonly string[]) => string;

/** The browser's own translation. */
export const translate: Translate = (key, ...values) => browser.i18n.getMessage(key, [...values]);

/** Fills every `data-text` element and `data-label` attribute of a page of ours. */
export function translatePage(document: Document): void {
  document.documentElement.lang = browser.i18n.getUILanguage();
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]')) {
    element.textContent = translate(element.dataset.text as TextKey);
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-label]')) {
    element.ariaLabel = translate(element.dataset.label as TextKey);
  }
}
