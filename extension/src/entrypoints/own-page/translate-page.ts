import { type TextKey, translate } from '../../texts.ts';

/**
 * Puts the texts on an extension page: into every `data-text` element, and as the label of every `data-label` element. The
 * page gets the language and the direction of the texts, which are those of English if the browser's language isn't among
 * them.
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
