/** One for all texts. The root locale, so that a rule finds the same words in every browser. */
const SEGMENTER = new Intl.Segmenter('und', { granularity: 'word' });

/**
 * Marks that people leave out when they type: accents of Latin and Greek, points of Hebrew and Arabic, and the Arabic
 * tatweel. Cyrillic й, ў and ї are letters of their own, so their marks stay. So do all marks of other scripts, such as
 * the vowels of Hindi and Thai, which change a word.
 */
const OPTIONAL_MARKS =
  /(?<![ИУиу])\u0306|(?<![Іі])\u0308|[\u0300-\u0305\u0307\u0309-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670]/gu;

/** Invisible characters, and an emoji's style and skin tone. A joiner between emoji stays. */
const INVISIBLE = /\ufe0e|\ufe0f|[\u00ad\u200b\u200c\u2060]|[\u{1f3fb}-\u{1f3ff}]/gu;

const EMOJI = /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u;

/**
 * Returns the words and emoji of a text in a form that can be compared: without case, optional marks and skin tones.
 * Punctuation and other symbols are left out.
 */
export function wordsIn(text: string): string[] {
  const words: string[] = [];
  for (const { segment, isWordLike } of SEGMENTER.segment(text.normalize('NFC').replace(INVISIBLE, ''))) {
    if (isWordLike || EMOJI.test(segment)) words.push(folded(segment));
  }
  return words;
}

/** Upper case, because it makes ß and SS, ς and Σ, and Turkish ı and I the same. */
const folded = (word: string) =>
  word.normalize('NFKD').replaceAll('’', "'").replace(OPTIONAL_MARKS, '').toUpperCase().normalize('NFC');

/**
 * Returns the first of some words or phrases that appears in a text as whole words, or undefined if none does. A phrase
 * is found whatever stands between its words, as long as no other word does.
 */
export function firstWordIn(text: string, wanted: readonly string[]): string | undefined {
  const words = joined(wordsIn(text));
  return wanted.find((phrase) => {
    const parts = wordsIn(phrase);
    return parts.length > 0 && words.includes(joined(parts));
  });
}

/** Returns whether a text contains a word or an emoji. A text without one can't be found. */
export function hasWords(text: string): boolean {
  return wordsIn(text).length > 0;
}

/** No word contains a line break, so it separates them. */
const joined = (words: readonly string[]) => `\n${words.join('\n')}\n`;
