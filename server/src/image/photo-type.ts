/** The formats that can be decoded: those of dating pages, cameras and photo editors. */
export type PhotoType = 'jpeg' | 'png' | 'webp' | 'avif';

const ascii = (bytes: Uint8Array, begin: number, end: number) => String.fromCharCode(...bytes.subarray(begin, end));

/** An ISO base media file (HEIF) is AVIF if its major brand or a compatible brand is (AV1 Image File Format, 5.1). */
function isAvif(bytes: Uint8Array): boolean {
  if (ascii(bytes, 4, 8) !== 'ftyp') return false;
  const boxBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  for (let offset = 8; offset + 4 <= Math.min(boxBytes, bytes.length, 128); offset += 4) {
    if (ascii(bytes, offset, offset + 4) === 'avif') return true;
  }
  return false;
}

/**
 * Returns the format that a photo's first bytes claim, or `undefined` if it isn't allowed. The name of the file or the
 * part doesn't matter. So decoders for anything else (SVG, GIF, PDF, …) are never reached.
 */
export function photoTypeOf(bytes: Uint8Array): PhotoType | undefined {
  if (bytes.length < 12) return undefined;
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (ascii(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'webp';
  return isAvif(bytes) ? 'avif' : undefined;
}
