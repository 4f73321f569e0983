import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayHaveLostBytes, systemPath, textOfName, withLostBytes } from './path-text.ts';

const bytesOf = (path: string) => Buffer.from(systemPath(path) as string);

describe('the text of a file name', () => {
  it.each([
    ['photo ü 写真 🙂.jpg', 'photo ü 写真 🙂.jpg'],
    ['caf\ud83d\ude42', 'caf🙂'],
    [Buffer.of(0x61, 0xe9, 0x62), 'a\udce9b'],
    [Buffer.of(0xc3), '\udcc3'],
    [Buffer.of(0xed, 0xa0, 0x80), '\udced\udca0\udc80'],
    [Buffer.of(0xf0, 0x9f, 0x99, 0x82, 0xff), '🙂\udcff'],
    [Buffer.from('\ufeffname'), '\ufeffname'],
  ])('of %j is %j', (name, text) => {
    expect(textOfName(Buffer.from(name as string))).toBe(text);
  });

  it('gives back any bytes, also from JSON and joined with other names', () => {
    const name = fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.string({ unit: 'binary' }).map(Buffer.from));
    fc.assert(
      fc.property(name, name, (a, b) => {
        const path = `${textOfName(Buffer.from(a))}/${textOfName(Buffer.from(b))}`;
        const expected = Buffer.concat([a, Buffer.from('/'), b]);
        return bytesOf(JSON.parse(JSON.stringify(path))).equals(expected);
      }),
    );
  });

  it('stays a string where it can', () => {
    expect(systemPath('ü/🙂.jpg')).toBe('ü/🙂.jpg');
  });

  it('is recognized as Node passes it on from the command line', () => {
    const name = textOfName(Buffer.of(0x61, 0xe9));
    expect([withLostBytes(name), mayHaveLostBytes(withLostBytes(name))]).toEqual(['a\ufffd', true]);
    expect(mayHaveLostBytes('ü')).toBe(false);
  });
});
