import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstWordIn, hasWords } from './words.ts';

const has = (text: string, word: string) => firstWordIn(text, [word]) !== undefined;

/** Letters of one script, and words that people use in it. */
const SCRIPTS = {
  Latin: { letters: 'abcdefghijklmnopqrstuvwxyzéñøçß', words: ['climbing', 'Café', 'naïve', 'Straße', "don't"] },
  Cyrillic: { letters: 'абвгдежзийклмнопрстуфхцчшщыэюяёї', words: ['Горы', 'ёлка', 'йога', 'їжак'] },
  Arabic: { letters: 'ابتثجحخدذرزسشصضطظعغفقكلمنهوي', words: ['جبال', 'قهوة', 'كِتَاب'] },
} as const;

/** Words of scripts that don't separate words. */
const UNSPACED = ['登山', '旅行', '咖啡', '東京', '料理', 'コーヒー', '산책', 'กาแฟ'];

const EMOJI = ['🧗', '🐕', '☕', '🏳️‍🌈', '👩🏽‍🚀', '🇯🇵', '❤️'];

/** What separates words, without being one. */
const separator = fc.constantFrom(' ', '\n', ', ', ' – ', '! ', '。', '、', ' #', '/', ' (', '؟ ');

const words = fc.oneof(
  ...Object.values(SCRIPTS).map(({ letters, words }) =>
    fc.oneof(fc.constantFrom(...words), fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 8 })),
  ),
  fc.constantFrom(...UNSPACED),
  fc.constantFrom(...EMOJI),
);

describe('a word', () => {
  it('is found between any separators, in any script, whatever stands around it', () => {
    fc.assert(
      fc.property(
        words,
        fc.array(words, { maxLength: 4 }),
        fc.array(words, { maxLength: 4 }),
        separator,
        (...given) => {
          const [word, before, after, between] = given;
          expect(has([...before, word, ...after].join(between), word)).toBe(true);
        },
      ),
    );
  });

  it.each(Object.entries(SCRIPTS))('is not found inside a longer word: %s', (_, { letters }) => {
    const part = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 6 });
    fc.assert(fc.property(part, part, part, (before, word, after) => !has(`${before}${word}${after}`, word)));
  });

  it.each(Object.entries(SCRIPTS))(
    'is found in upper and lower case, composed and decomposed: %s',
    (_, { letters }) => {
      const word = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 8 });
      const forms = ['toUpperCase', 'toLowerCase', 'normalize'] as const;
      fc.assert(
        fc.property(word, fc.constantFrom(...forms), fc.constantFrom(...forms), (one, form, other) => {
          expect(has(`… ${one[form]().normalize('NFD')}.`, one[other]())).toBe(true);
        }),
      );
    },
  );

  it('is found only if all of it is there', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(words, { minLength: 2, maxLength: 6, selector: (word) => word.toUpperCase() }),
        (all) => {
          const [word, ...others] = all;
          // Not every two words differ: people leave out accents, which is the point.
          if (others.some((other) => has(other, word!))) return;
          expect(has(others.join(' | '), word!)).toBe(false);
        },
      ),
    );
  });
});

it.each([
  ['I love Climbing!', 'climbing'],
  ['CAFÉ and books', 'cafe'],
  ['cafe', 'café'],
  ['große Straße', 'STRASSE'],
  ['ΟΔΟΣ', 'οδος'],
  ['ISPARTA', 'ısparta'],
  ['İstanbul', 'istanbul'],
  ['Đà Nẵng', 'đa nang'],
  ['ещё и ёжик', 'ежик'],
  ['أُحِبُّ القهوة', 'احب'],
  ['مـــرحبا', 'مرحبا'],
  ['שָׁלוֹם', 'שלום'],
  ['मुझे हिन्दी पसंद है', 'हिन्दी'],
  ['我喜欢登山和旅行', '登山'],
  ['週末はコーヒーを飲みます', 'コーヒー'],
  ['ฉันชอบกาแฟ', 'กาแฟ'],
  ['rock-climbing', 'rock climbing'],
  ['a night   owl, mostly', 'night owl'],
  ['I don’t smoke', "don't"],
  ['hi👋🏿there', '👋'],
  ['👋', '👋🏻'],
  ['❤', '❤️'],
  ['🐕🐕', '🐕'],
  ['from 🇯🇵🇫🇷', '🇫🇷'],
  ['climb\u00ading', 'climbing'],
])('finds in %j the word %j', (text, word) => {
  expect(has(text, word)).toBe(true);
});

it.each([
  ['climbing', 'climb'],
  ['smokers', 'smoke'],
  ['мой', 'мои'], // й is a letter of its own
  ['आम', 'अम'], // a vowel changes a word
  ['が', 'か'],
  ['東京都民', '京都'],
  ['night of the owl', 'night owl'],
  ['👩‍🚀', '👩'],
  ['from 🇯🇵', '🇵🇯'],
  ['', 'a'],
])('does not find in %j the word %j', (text, word) => {
  expect(has(text, word)).toBe(false);
});

it('names the first word of the list that appears', () => {
  expect(firstWordIn('Tea, no coffee', ['cocoa', 'Coffee', 'tea'])).toBe('Coffee');
  expect(firstWordIn('Tea', [])).toBeUndefined();
});

it('never finds what has no letters, digits or emoji', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[ .,;:!?<>(){}"@%&*=-]*$/), (text, symbols) => {
      expect(hasWords(symbols)).toBe(false);
      expect(has(text, symbols)).toBe(false);
    }),
  );
});
