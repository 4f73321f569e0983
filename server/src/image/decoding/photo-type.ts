/** The formats that can be decoded: those of dating pages, cameras and photo editors. */
export type PhotoType = 'jpeg' | 'png' | 'webp' | 'avif';

/** The fewest bytes that a signature needs. */
const LEAST_BYTES = 16;

/** The first chunk of a WebP file (RFC 9649, 2.4 to 2.7): lossy, lossless, or extended. */
const WEBP_CHUNKS = ['VP8 ', 'VP8L', 'VP8X'];

/** The brands of AVIF: still images and sequences (AV1 Image File Format, 6.2 and 6.3). */
const AVIF_BRANDS = ['avif', 'avis'];

/** The longest list of brands that is searched. Real ones have fewer than ten brands of four bytes. */
const MAX_BRAND_BYTES = 1024;

/**
 * Returns the format whose container a photo's first bytes are, or `undefined` if it isn't allowed. The name of the file
 * or the part doesn't matter. This is for a clear message: `sharp.ts` makes sure that no other decoder is reached.
 */
export function photoTypeOf(bytes: Uint8Array): PhotoType | undefined {
  if (bytes.length < LEAST_BYTES) return undefined;
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg';
  if (isPng(bytes)) return 'png';
  if (isWebp(bytes)) return 'webp';
  return isAvif(bytes) ? 'avif' : undefined;
}

/** A PNG starts with its signature and a header chunk of 13 bytes (PNG, 5.2 and 11.2.1). */
const isPng = (bytes: Uint8Array) => ascii(bytes, 0, 16) === '\x89PNG\r\n\x1a\n\0\0\0\rIHDR';

/** A WebP is a RIFF file of the form WEBP that has room for its first chunk. A file that ends early is still a WebP. */
const isWebp = (bytes: Uint8Array) =>
  ascii(bytes, 0, 4) === 'RIFF' &&
  viewOf(bytes).getUint32(4, true) >= 12 &&
  ascii(bytes, 8, 12) === 'WEBP' &&
  WEBP_CHUNKS.includes(ascii(bytes, 12, 16));

/**
 * An AVIF is an ISO base media file whose first box, `ftyp`, names an AVIF brand: as its major brand or in its list of
 * compatible brands, after four bytes of a version that aren't a brand (ISO/IEC 14496-12, 4.3). The box must end within
 * the file.
 */
function isAvif(bytes: Uint8Array): boolean {
  if (ascii(bytes, 4, 8) !== 'ftyp') return false;
  const boxBytes = viewOf(bytes).getUint32(0);
  if (boxBytes < 16 || boxBytes % 4 !== 0 || boxBytes > Math.min(bytes.length, MAX_BRAND_BYTES)) return false;
  if (AVIF_BRANDS.includes(ascii(bytes, 8, 12))) return true;
  for (let at = 16; at < boxBytes; at += 4) if (AVIF_BRANDS.includes(ascii(bytes, at, at + 4))) return true;
  return false;
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const ascii = (bytes: Uint8Array, begin: number, end: number) => String.fromCharCode(...bytes.subarray(begin, end));
