/** The formats that are decoded: what a dating page shows and what a camera or an editor saves. */
export type PhotoType = 'jpeg' | 'png' | 'webp' | 'avif';

const ascii = (bytes: Uint8Array, begin: number, end: number) => String.fromCharCode(...bytes.subarray(begin, end));

/** An ISO base media file (HEIF) is AVIF when its major or a compatible brand says so (AV1 Image File Format, 5.1). */
function isAvif(bytes: Uint8Array): boolean {
  if (ascii(bytes, 4, 8) !== 'ftyp') return false;
  const boxBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  for (let offset = 8; offset + 4 <= Math.min(boxBytes, bytes.length, 128); offset += 4) {
    if (ascii(bytes, offset, offset + 4) === 'avif') return true;
  }
  return false;
}

/**
 * The format a photo's first bytes claim, or `undefined` where it is none that is allowed. What a file or a part is
 * called counts for nothing. Decoders for anything else (SVG, GIF, PDF, …) are never reached.
 */
export function photoTypeOf(bytes: Uint8Array): PhotoType | undefined {
  if (bytes.length < 12) return undefined;
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (ascii(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'webp';
  return isAvif(bytes) ? 'avif' : undefined;
}
