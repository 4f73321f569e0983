import { Buffer, isUtf8 } from 'node:buffer';

// On Linux, a file name is any bytes. As text, a byte that isn't UTF-8 becomes half of a surrogate pair: 0xe9 becomes
// U+DCE9, as in Python (PEP 383). Real text never has such a half, so each name has its own text. JSON keeps it, too.

/** What half a surrogate pair adds to the byte that it stands for. */
const BYTE = 0xdc00;

/** The halves that stand for bytes. Bytes below 0x80 are always UTF-8. With `u`, complete pairs don't match. */
const STRAY_BYTE = /([\udc80-\udcff])/u;

/** The replacement character, which Node puts in the place of bytes that aren't UTF-8, such as in `process.argv`. */
const REPLACED = '\ufffd';

/** The longest sequence of UTF-8, in bytes. */
const LONGEST = 4;

/** Returns a file name's text. */
export function textOfName(name: Buffer): string {
  if (isUtf8(name)) return name.toString();
  let text = '';
  for (let at = 0; at < name.length; ) {
    const length = sequenceLength(name, at);
    text += length === 0 ? String.fromCharCode(BYTE + name[at]!) : name.toString('utf8', at, at + length);
    at += Math.max(length, 1);
  }
  return text;
}

/** Returns how many bytes of UTF-8 make the character at a place, or 0 if none do. */
function sequenceLength(name: Buffer, at: number): number {
  for (let length = 1; length <= LONGEST && at + length <= name.length; length += 1) {
    if (isUtf8(name.subarray(at, at + length))) return length;
  }
  return 0;
}

/** Returns a path for the functions of `node:fs`: itself, or its bytes if a name in it isn't UTF-8. */
export function systemPath(path: string): string | Buffer {
  if (path.isWellFormed()) return path;
  const pieces = path.split(STRAY_BYTE).map((piece) => {
    return STRAY_BYTE.test(piece) ? Buffer.of(piece.charCodeAt(0) - BYTE) : Buffer.from(piece);
  });
  return Buffer.concat(pieces);
}

/** Returns true if Node may have lost bytes of a path from the command line. */
export const mayHaveLostBytes = (path: string): boolean => path.includes(REPLACED);

/** Returns a name as Node passes it from the command line: bytes that aren't UTF-8 are lost. */
export const withLostBytes = (name: string): string => {
  const path = systemPath(name);
  return typeof path === 'string' ? path : path.toString();
};
