import { crc32 } from './checksums.ts';

/** A chunk of a PNG (PNG, 5.3). `whole` has its length, type and checksum too. */
export interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  readonly whole: Uint8Array;
}

export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** The most chunks that are read. A photo has fewer than a thousand, most of them with pixels. */
const MAX_CHUNKS = 10_000;

/** Lists the chunks of a PNG as far as they are whole, up to the first of the type `end`. */
export function* chunksOf(png: Uint8Array, end?: string): Generator<Chunk> {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = SIGNATURE.length, left = MAX_CHUNKS; at + 12 <= png.length && left > 0; left -= 1) {
    const next = at + 12 + view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if (next > png.length || type === end) return;
    yield { type, data: png.subarray(at + 8, next - 4), whole: png.subarray(at, next) };
    at = next;
  }
}

/** Tells whether the checksum is right. Decoders ignore optional chunks where it isn't. */
export function isIntact({ whole }: Chunk): boolean {
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
  return crc32(whole.subarray(4, -4)) === view.getUint32(whole.length - 4);
}

/** Makes a chunk. */
export function chunk(type: string, data: Uint8Array): Uint8Array {
  const made = Buffer.alloc(data.length + 12);
  made.writeUInt32BE(data.length);
  made.write(type, 4, 'latin1');
  made.set(data, 8);
  made.writeUInt32BE(crc32(made.subarray(4, -4)), made.length - 4);
  return made;
}
