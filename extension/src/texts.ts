import type english from '../public/_locales/en/messages.json';
import { browser } from './browser.ts';

/** The name of a text in `public/_locales`. */
export type TextKey = keyof typeof english;

/** Gives a text in the person's language, `$1`, `$2` … filled in. */
export type Translate = (key: TextKey, ...values: readonly string[]) => string;

const templates = new Map<TextKey, string>();

/** As many values as a text may have. */
const PLACES = ['$1', '$2', '$3', '$4'];

/**
 * The browser's own translation. It is asked once for each text, its places left open: asking is slow, and the overlay
 * says a dozen texts for each profile.
 */
export const translate: Translate = (key, ...values) => {
  const template = templates.get(key) ?? browser.i18n.getMessage(key, PLACES.slice(0, values.length));
  templates.set(key, template);
  return template.replaceAll(/\$([1-4])/g, (_, place) => values[Number(place) - 1] ?? '');
};

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
