import type english from '../public/_locales/en/messages.json';
import { browser } from './browser.ts';

/** The key of a text in `public/_locales`. */
export type TextKey = keyof typeof english;

/** Returns a text in the person's language, with `$1`, `$2` … filled in. */
export type Translate = (key: TextKey, ...values: readonly string[]) => string;

const templates = new Map<TextKey, string>();

/** The placeholders that a text may contain. */
const PLACEHOLDERS = ['$1', '$2', '$3', '$4'];

/**
 * Translates through the browser. Each text is looked up once, with its placeholders left in, and then cached: the lookup is
 * slow, and the overlay shows about a dozen texts for each profile.
 */
export const translate: Translate = (key, ...values) => {
  const template = templates.get(key) ?? browser.i18n.getMessage(key, PLACEHOLDERS.slice(0, values.length));
  templates.set(key, template);
  return template.replaceAll(/\$([1-4])/g, (_, place) => values[Number(place) - 1] ?? '');
};

/**
 * Returns the locale for dates and numbers among the texts: the browser's, unless the texts are in another language because
 * Swipenet doesn't have the browser's.
 */
export function shownLocale(translated: Translate = translate, wanted: string = navigator.language): string {
  const language = translated('language');
  return wanted.split('-')[0] === language ? wanted : language;
}

/**
 * Puts the texts on an extension page: into every `data-text` element, and as the label of every `data-label` element. The
 * page gets the language of the texts, which is English if the browser's own isn't among them.
 */
export function translatePage(document: Document): void {
  document.documentElement.lang = translate('language');
  document.documentElement.dir = translate('text_direction');
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]')) {
    element.textContent = translate(element.dataset.text as TextKey);
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-label]')) {
    element.ariaLabel = translate(element.dataset.label as TextKey);
  }
}
