import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNSAFE_ON_TERMINAL } from '../../test/support/unsafe-on-terminal.ts';
import { printable, printableJson, printableLines } from './printable.ts';

describe('printable text', () => {
  it.each([
    ['an escape sequence', '\u001b[31mred', '\\x1b[31mred'],
    ['a window title', '\u001b]0;owned\u0007', '\\x1b]0;owned\\x07'],
    ['CSI and OSC as single characters', '\u009b2J\u009d52;c;eA==\u009c', '\\x9b2J\\x9d52;c;eA==\\x9c'],
    ['an overwritten line', 'bad\rgood', 'bad\\rgood'],
    ['a faked line', 'a.jpg\n  → right', 'a.jpg\\n  → right'],
    ['backspaces', 'evil\b\b\b\b', 'evil\\x08\\x08\\x08\\x08'],
    ['NUL, tab and DEL', '\0\t\u007f', '\\x00\\t\\x7f'],
    ['reversed text', 'photo\u202egpj.exe', 'photo\\u{202e}gpj.exe'],
    ['isolated directions', '\u2066a\u2069\u200f\u061c', '\\u{2066}a\\u{2069}\\u{200f}\\u{61c}'],
    ['separators', 'a\u2028b\u2029c', 'a\\u{2028}b\\u{2029}c'],
    ['invisible characters', 'a\ufeff\u00ad\u{e0041}', 'a\\u{feff}\\xad\\u{e0041}'],
    ['half a surrogate pair', 'a\ud83d', 'a\\u{d83d}'],
    ['a byte that isn’t UTF-8', 'caf\udce9', 'caf\\xe9'],
  ])('shows %s as what it is', (_, text, expected) => expect(printable(text)).toBe(expected));

  it.each(['IMG 1.jpg', 'naïve – “größer” … ½', 'Ünïcödé 写真 фото صورة', '👩‍👩‍👧 ❤️', 'C:\\photos\\new', ''])(
    'leaves %j alone',
    (text) => {
      expect(printable(text)).toBe(text);
      expect(printableLines(text)).toBe(text);
      expect(printableJson(text)).toBe(text);
    },
  );

  it('keeps only the line breaks of a text of several lines', () => {
    expect(printableLines('a\n\u001b[2Jb\r\nc')).toBe('a\n\\x1b[2Jb\\r\nc');
  });

  it('is safe and one line, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(UNSAFE_ON_TERMINAL);
        expect(printable(text)).not.toContain('\n');
        expect(printableLines(text)).not.toMatch(UNSAFE_ON_TERMINAL);
      }),
    );
  });

  it('has the same value if it is JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        for (const indent of [0, 2]) {
          const json = printableJson(JSON.stringify(value, null, indent));
          expect(json).not.toMatch(UNSAFE_ON_TERMINAL);
          expect(JSON.stringify(JSON.parse(json))).toBe(JSON.stringify(value));
        }
      }),
    );
  });
});
