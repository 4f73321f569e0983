/** The formats that are prepared. Other photos are sent as they are. */
export type PreparableType = 'jpeg' | 'webp';

/** The markers of a JPEG's frames (ITU-T T.81, table B.1): all but those of tables and arithmetic coding's conditioning. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

const [START_OF_SCAN, END_OF_IMAGE] = [0xda, 0xd9];

/**
 * Returns the format of a photo that a browser shows as the server sees it: a complete JPEG in gray or in three
 * components, or a complete WebP that doesn't move and has no EXIF. A browser shows what there is of a photo that is
 * cut off, and the server refuses it.
 */
export function preparableType(bytes: Uint8Array): PreparableType | undefined {
  if (isWholeJpeg(bytes)) return 'jpeg';
  return isWholeWebp(bytes) ? 'webp' : undefined;
}

function isWholeJpeg(bytes: Uint8Array): boolean {
  if (bytes.length < 4 || bytes[0] !== 0xff || bytes[1] !== 0xd8) return false;
  if (bytes.at(-2) !== 0xff || bytes.at(-1) !== END_OF_IMAGE) return false;
  let components = 0;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return false;
    const marker = bytes[at + 1]!;
    if (marker === START_OF_SCAN) return components === 1 || components === 3;
    if (isFrame(marker)) components = bytes[at + 9] ?? 0;
    at += 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
  }
  return false;
}

/** Flags of an extended WebP: it moves, or it has EXIF, whose orientation the server ignores and a browser may follow. */
const [MOVES, HAS_EXIF] = [0x02, 0x08];

/** RFC 9649, 2.4 to 2.7. */
function isWholeWebp(bytes: Uint8Array): boolean {
  if (bytes.length < 21 || ascii(bytes, 0) !== 'RIFF' || ascii(bytes, 8) !== 'WEBP') return false;
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true) + 8;
  const chunk = ascii(bytes, 12);
  const isPlain = chunk !== 'VP8X' || (bytes[20]! & (MOVES | HAS_EXIF)) === 0;
  return size <= bytes.length && ['VP8 ', 'VP8L', 'VP8X'].includes(chunk) && isPlain;
}

const ascii = (bytes: Uint8Array, begin: number) => String.fromCharCode(...bytes.subarray(begin, begin + 4));
