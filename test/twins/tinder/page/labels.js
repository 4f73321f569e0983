import { options } from './options.js';
import { AR } from './words/ar.js';
import { DE } from './words/de.js';
import { EN } from './words/en.js';
import { JA } from './words/ja.js';
import { PT } from './words/pt.js';

/** The labels in the page's language. */
export const labels = { en: EN, pt: PT, ar: AR, de: DE, ja: JA }[options.lang];

/** Does the page run from right to left? */
export const rightToLeft = options.lang === 'ar';
