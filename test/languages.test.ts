import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, sourceFiles } from './support/source-files.ts';

// The extension's texts in every language: docs/languages.md. A failure names the key.

type Texts = Readonly<Record<string, { readonly message: string }>>;

const FOLDER = join(ROOT, 'extension/public/_locales');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const languages = readdirSync(FOLDER).map((folder): [language: string, texts: Texts] => [
  folder.replace('_', '-'),
  JSON.parse(readFileSync(join(FOLDER, folder, 'messages.json'), 'utf8')),
]);
const english = languages.find(([language]) => language === 'en')![1];

const PLURAL = /\{(\d), plural,((?: \w+ \{[^{}]*\})+)\}/g;

/** What a text says in each of a plural's forms, with its other plurals left as they are. */
const formsOf = (message: string) =>
  [...message.matchAll(PLURAL)].map(([, value, forms]) => ({
    value: Number(value),
    forms: Object.fromEntries([...forms!.matchAll(/ (\w+) \{([^{}]*)\}/g)].map(([, name, form]) => [name!, form!])),
  }));

/** The values that a text shows, and those that it shows or only chooses a form by. */
const placesIn = (message: string) => {
  const places = (pattern: RegExp) => [...new Set([...message.matchAll(pattern)].map(([, place]) => Number(place)))];
  const shown = places(/\$(\d)/g).toSorted();
  return { shown, used: [...shown, ...places(/\{(\d), plural/g)] };
};

/** Lists the texts that break a rule, each with what is wrong. */
const wrong = (texts: Texts, rule: (message: string, key: string) => unknown) =>
  Object.entries(texts).flatMap(([key, { message }]) => {
    const found = rule(message, key);
    return found ? [`${key}: ${found === true ? message : JSON.stringify(found)}`] : [];
  });

/** What no language translates: commands, flags, addresses and names. */
const FIXED =
  /https?:\/\/(?:[\d.:]*\d)?|--[a-z-]+|npm start|npm run -s swipenet -- pair|client_max_body_size 200m|proxy_read_timeout 60s|GoogLeNet|GitHub|CSV|JSON|LIKE|tinder\.com/g;

describe.each(languages)('the texts in %s', (language, texts) => {
  it('name their language, and are all there, in the order of the English ones, with nothing besides', () => {
    expect(texts.language?.message).toBe(language);
    expect(Object.keys(texts)).toEqual(Object.keys(english));
    expect(wrong(texts, (message) => message.trim() !== message || message === '')).toEqual([]);
    expect(Object.values(texts).filter((text) => Object.keys(text).join() !== 'message')).toEqual([]);
  });

  it('run in the direction of their script', () => {
    const isRtl = new Intl.Locale(language).maximize().script === 'Arab';
    expect(texts.text_direction?.message).toBe(isRtl ? 'rtl' : 'ltr');
  });

  it('show the values that the English ones show, and choose by no others', () => {
    expect(
      wrong(texts, (message, key) => {
        const [here, there] = [placesIn(message), placesIn(english[key]!.message)];
        return here.shown.join() !== there.shown.join() || here.used.some((place) => !there.used.includes(place));
      }),
    ).toEqual([]);
  });

  it('have each plural in all forms of the language, and no other braces', () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    const expected = pluralCategories.toSorted().join();
    expect(
      wrong(texts, (message) =>
        formsOf(message).some(({ forms }) => Object.keys(forms).toSorted().join() !== expected),
      ),
    ).toEqual([]);
    expect(wrong(texts, (message) => /[{}]/.test(message.replaceAll(PLURAL, '')))).toEqual([]);
  });

  it('show the number in every form that fits more than one number', () => {
    const rules = new Intl.PluralRules(language); // slow to make
    const categories = Array.from({ length: 1_001 }, (_, at) => rules.select(at + 1));
    const isSingle = (name: string) => categories.filter((category) => category === name).length === 1;
    expect(
      wrong(texts, (message) =>
        formsOf(message).some(({ value, forms }) =>
          Object.entries(forms).some(
            // Zero photos and photos by the million have a form, but such counts are never shown as a number alone.
            ([name, form]) =>
              name !== 'zero' &&
              !isSingle(name) &&
              message.includes(`$${value}`) &&
              !form.includes(`$${value}`) &&
              !message.replaceAll(PLURAL, '').includes(`$${value}`),
          ),
        ),
      ),
    ).toEqual([]);
  });

  it('leave commands, addresses and names as they are', () => {
    const fixed = (message: string) => (message.match(FIXED) ?? []).toSorted().join();
    expect(wrong(texts, (message, key) => fixed(message) !== fixed(english[key]!.message))).toEqual([]);
  });

  it('fit the stores and the badge', () => {
    const tooLong = (key: string, most: number) => [...texts[key]!.message].length > most;
    expect([tooLong('extension_name', 45), tooLong('extension_description', 132)]).toEqual([false, false]);
    expect(wrong(texts, (message, key) => key.startsWith('badge_') && [...message].length > 4)).toEqual([]);
  });

  it('have no invisible characters, which could hide or reorder what people read', () => {
    expect(wrong(texts, (message) => /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/u.test(message))).toEqual([]);
  });
});

describe.each(languages.filter(([language]) => language !== 'en'))('the translation into %s', (_, texts) => {
  it('is one: no sentence is left in English', () => {
    expect(
      wrong(
        texts,
        (message, key) => message.replaceAll(/\$\d|Swipenet/g, '').length > 10 && message === english[key]!.message,
      ),
    ).toEqual([]);
  });
});

describe('the keys of the texts', () => {
  const pages = ['popup', 'options', 'consent', 'swipe-history'].map((page) =>
    read(`extension/src/entrypoints/${page}/index.html`),
  );

  it('are all used', () => {
    const sources = sourceFiles('extension/src/**/*.ts').map(({ text }) => text);
    const files = [...sources, ...pages, read('extension/wxt.config.ts')]
      .join('\n')
      .replaceAll(/__MSG_(\w+?)__/g, '$1');
    /** Keys that the code makes of a closed list: `reason_${reason}`. */
    const made = [...files.matchAll(/`(\w+)_\$\{/g)].map(([, prefix]) => `${prefix}_`);
    const unused = Object.keys(english).filter(
      (key) => !new RegExp(`\\b${key}\\b`).test(files) && !made.some((prefix) => key.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });

  // The compiler checks those that the code names or makes of a closed list.
  it('are all there that pages name', () => {
    const named = pages.flatMap((html) => [...html.matchAll(/data-(?:text|label)="(\w+)"/g)].map(([, key]) => key!));
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter((key) => !english[key])).toEqual([]);
  });
});
