import { printable } from './printable.ts';

/** The most characters of an error's message. Some quote names from a file or a request, which can have any length. */
export const MAX_MESSAGE = 300;

/** The most characters of a single word in a message that is too long: a name, a path, or a value. */
const MAX_WORD = 100;

/** The most characters that are looked at. A hostile file can have names of many megabytes. */
const MAX_READ = 10_000;

/**
 * Returns a message as one printable line of at most {@link MAX_MESSAGE} characters. If it is too long, names are cut in
 * the middle: what is wrong usually follows them, and the end of a path says the most about it. If that isn't enough,
 * the message is cut at the end. An ellipsis marks each cut.
 */
export function shortMessage(text: string): string {
  const whole = printable(
    text.length > MAX_READ ? `${text.slice(0, MAX_READ / 2)}…${text.slice(-MAX_READ / 2)}` : text,
  );
  if (whole.length <= MAX_MESSAGE) return whole;
  const short = whole.replace(/\S+/g, (word) => (word.length > MAX_WORD ? cutInTheMiddle(word) : word));
  const cut = short.length <= MAX_MESSAGE ? short : `${short.slice(0, MAX_MESSAGE - 1).trimEnd()}…`;
  return cut.toWellFormed(); // a cut can halve a character
}

const cutInTheMiddle = (word: string) => `${word.slice(0, MAX_WORD / 2)}…${word.slice(1 - MAX_WORD / 2)}`;
