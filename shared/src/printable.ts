// Names of files, tensors and models, and what other machines send, can contain anything: escape sequences that clear the
// screen, set the clipboard or retitle the window, line breaks that fake a line of our own, marks that turn the direction
// of the text. So every such text is printed through these functions.

/**
 * Control characters (C0, DEL, C1), invisible format characters such as marks of direction, separators of lines and
 * paragraphs, and halves of surrogate pairs. Two of them join the letters of some scripts and the parts of emoji.
 */
const UNPRINTABLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Returns a text as one line that is safe on a terminal: `a\x1b[31m` for a file whose name has an escape sequence. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, escaped);

/** Does the same for a text of several lines, and keeps its line breaks. */
export const printableLines = (text: string): string =>
  text.replace(UNPRINTABLE, (sign) => (sign === '\n' ? sign : escaped(sign)));

/** Does the same for JSON, with JSON's own escapes, so that its value stays the same. Keeps its line breaks. */
export const printableJson = (json: string): string =>
  json.replace(UNPRINTABLE, (sign) => (sign === '\n' ? sign : sign.split('').map(jsonEscaped).join('')));

/** Escapes one UTF-16 code unit. */
const jsonEscaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** In the text of a file name (server/src/files/path-text.ts), these halves plus a byte stand for a byte that isn't UTF-8. */
const STRAY_BYTE = 0xdc00;

function escaped(sign: string): string {
  const point = sign.codePointAt(0)!;
  const code = point > STRAY_BYTE + 0x7f && point <= STRAY_BYTE + 0xff ? point - STRAY_BYTE : point;
  return SHORT[sign] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`);
}
