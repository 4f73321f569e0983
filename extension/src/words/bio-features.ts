import { wordsIn } from '../rules/words.ts';

/** Features are numbered below this. With 2²⁰ numbers, two of a bio's few hundred features rarely share one. */
export const FEATURE_SPACE = 2 ** 20;

/** The lengths of the letter sequences that are features, in code points. */
const SEQUENCE_LENGTHS = [3, 4, 5];

/** Longer texts are cut, in UTF-16 units. Dating sites allow about 500. */
const MAX_LENGTH = 2_000;

/** A word of a bio, and the features that it brings in. */
export interface BioWord {
  /** The word as words.ts folds it. */
  readonly word: string;
  /** The feature of the word itself. */
  readonly feature: number;
  /** All its features, distinct: the word, the pair with the word before it, and its letter sequences. */
  readonly features: readonly number[];
}

/**
 * Returns the words of a bio, in order and with repeats, each with its features: the word, the pair that it makes with the
 * word before it, and its sequences of 3 to 5 letters. Sequences include the word's edges, and let forms of a word share
 * what is learned: `climb`, `climber`, `climbing`. Texts that fold equally have equal features.
 *
 * @param seed a 32-bit number that decides which number a feature has.
 */
export function bioWords(bio: string, seed: number): BioWord[] {
  const words = wordsIn(bio.slice(0, MAX_LENGTH));
  return words.map((word, at) => {
    const feature = featureOf(`w${word}`, seed);
    const pair = at > 0 ? [featureOf(`p${words[at - 1]} ${word}`, seed)] : [];
    const sequences = letterSequences(word).map((letters) => featureOf(`s${letters}`, seed));
    return { word, feature, features: [...new Set([feature, ...pair, ...sequences])] };
  });
}

/** Returns the distinct features of a bio, ascending. */
export function bioFeatures(bio: string, seed: number): number[] {
  return [...new Set(bioWords(bio, seed).flatMap(({ features }) => features))].toSorted((one, other) => one - other);
}

/** Returns the sequences of 3 to 5 letters of a word. Its edges count as letters. */
function letterSequences(word: string): string[] {
  const letters = ['<', ...word, '>'];
  return SEQUENCE_LENGTHS.flatMap((length) =>
    Array.from({ length: Math.max(0, letters.length - length + 1) }, (_, at) =>
      letters.slice(at, at + length).join(''),
    ),
  );
}

/** Returns the number of a feature: FNV-1a over UTF-16 units from a seed, mixed as in MurmurHash3. */
function featureOf(text: string, seed: number): number {
  let hash = seed ^ 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) & (FEATURE_SPACE - 1);
}
