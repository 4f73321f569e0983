/** A box of an ISO base media file (ISO/IEC 14496-12, 4.2): its type, the whole box, and what follows its header. */
export interface Box {
  readonly type: string;
  readonly whole: Uint8Array;
  readonly content: Uint8Array;
}

/** The most boxes that are read in a row. Real files have fewer than twenty. */
const MAX_BOXES = 256;

/** Splits bytes into boxes. It stops at the first one that isn't whole, so a truncated file just has fewer. */
export function boxesIn(bytes: Uint8Array): readonly Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= bytes.length && boxes.length < MAX_BOXES; ) {
    const size = u32(bytes, at);
    const large = size === 1;
    if (large && at + 16 > bytes.length) break;
    const length = large ? u32(bytes, at + 8) * 2 ** 32 + u32(bytes, at + 12) : size || bytes.length - at;
    const header = large ? 16 : 8;
    if (length < header || at + length > bytes.length) break;
    const whole = bytes.subarray(at, at + length);
    boxes.push({ type: fourLetters(whole, 4), whole, content: whole.subarray(header) });
    at += length;
  }
  return boxes;
}

/** Returns the content of the first box of a type. */
export const contentOf = (boxes: readonly Box[], type: string): Uint8Array | undefined =>
  boxes.find((box) => box.type === type)?.content;

/** Returns the content of a box inside boxes, such as `moov`, `trak`, `mdia`. None of these may have fields of its own. */
export function contentAt(bytes: Uint8Array, ...path: readonly string[]): Uint8Array | undefined {
  let content: Uint8Array | undefined = bytes;
  for (const type of path) content = content && contentOf(boxesIn(content), type);
  return content;
}

/** Makes a box. */
export function box(type: string, ...content: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = content.reduce((sum, { length }) => sum + length, 8);
  const made = new Uint8Array(length);
  new DataView(made.buffer).setUint32(0, length);
  made.set(letters(type), 4);
  let at = 8;
  for (const part of content) {
    made.set(part, at);
    at += part.length;
  }
  return made;
}

/** Reads bytes as Latin-1. */
export const fourLetters = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));

/** Writes Latin-1. */
export const letters = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** Writes big-endian numbers of 16 bits. */
export const u16s = (...values: readonly number[]) => Uint8Array.from(values.flatMap((value) => [value >> 8, value]));

/** Writes big-endian numbers of 32 bits. */
export const u32s = (...values: readonly number[]) =>
  Uint8Array.from(values.flatMap((value) => [value >>> 24, value >> 16, value >> 8, value]));

/** Reads a big-endian number of 8 × `width` bits. @throws RangeError beyond the end. */
export function uint(bytes: Uint8Array, at: number, width: number): number {
  if (at < 0 || at + width > bytes.length) throw new RangeError('a box ends early');
  let value = 0;
  for (let index = 0; index < width; index += 1) value = value * 256 + bytes[at + index]!;
  return value;
}

const u32 = (bytes: Uint8Array, at: number) => uint(bytes, at, 4);
