import { wholePercentOf } from '@swipenet/shared/confidence.ts';
import type english from '../public/_locales/en/messages.json';
import { browser } from './browser.ts';

/** The key of a text in `public/_locales`. */
export type TextKey = keyof typeof english;

/**
 * Returns a text in the person's language, with `$1`, `$2` … filled in. Numbers are written as in that language, and choose
 * among the forms of a plural. A string of digits chooses, too, but is shown as it is.
 */
export type Translate = (key: TextKey, ...values: readonly (string | number)[]) => string;

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
  return fillIn(template, values, translate);
};

/**
 * Fills in a text's placeholders and plurals. A plural has a form for each of its language's categories (CLDR), as in ICU
 * MessageFormat: `{1, plural, one {$1 photo} other {$1 photos}}`. The number chooses the value that chooses the form.
 */
export function fillIn(template: string, values: readonly (string | number)[], translated: Translate): string {
  return template
    .replaceAll(/\{(\d), plural,(( \w+ \{[^}]*\})+)\}/g, (_, place, forms: string) => {
      const category = new Intl.PluralRules(shownLocale(translated)).select(Number(values[place - 1]));
      const form = (name: string) => forms.split(` ${name} {`)[1]?.split('}')[0];
      return form(category) ?? form('other')!;
    })
    .replaceAll(/\$(\d)/g, (_, place) => {
      const value = values[place - 1] ?? '';
      if (typeof value === 'number') return formatNumber(value, {}, translated);
      // An address or a name in a text that runs from right to left keeps its own order, and the text keeps its own.
      return value && translated('text_direction') === 'rtl' ? `\u2068${value}\u2069` : value;
    });
}

/**
 * Returns the locale for dates and numbers among the texts: the browser's, unless the texts are in another language because
 * Swipenet doesn't have the browser's. Digits and the calendar are those of the fields and texts in which people enter and
 * read them, in every language.
 */
export function shownLocale(translated: Translate = translate, wanted: string = navigator.language): string {
  const language = translated('language');
  const isShown = wanted.split('-')[0] === language.split('-')[0];
  return `${isShown ? wanted : language}-u-ca-gregory-nu-latn`;
}

const formats = new Map<string, Intl.NumberFormat>();

/** Formats a number as among the texts. */
export function formatNumber(
  value: number,
  options: Intl.NumberFormatOptions = {},
  translated: Translate = translate,
): string {
  const locale = shownLocale(translated);
  const key = locale + JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.NumberFormat(locale, options);
  formats.set(key, format);
  return format.format(value);
}

/** Formats a fraction as a percentage with two decimals: `0.8449` becomes `84.49%`. */
export const formatPercent = (fraction: number, translated?: Translate) =>
  formatNumber(fraction, { style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 }, translated);

/** Formats what a person or a model has set as a percentage with at most two decimals: `40%`, `40.5%`. */
export const formatSetPercent = (fraction: number, translated?: Translate) =>
  formatNumber(fraction, { style: 'percent', maximumFractionDigits: 2 }, translated);

/** Formats a share of a few cases without decimals: `61%`. It never seems to reach a bound. */
export const formatWholePercent = (share: number, translated?: Translate) =>
  formatNumber(wholePercentOf(share) / 100, { style: 'percent' }, translated);

/** Formats an amount that adds or takes away, with its sign: `+0.8`, `−0.6`. */
export const formatSigned = (amount: number, digits: number, translated?: Translate) =>
  formatNumber(
    amount,
    { signDisplay: 'exceptZero', minimumFractionDigits: digits, maximumFractionDigits: digits },
    translated,
  ).replace('-', '−');
