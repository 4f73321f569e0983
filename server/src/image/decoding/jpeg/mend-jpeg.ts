import { type JpegPiece, jpegPieces, MARKERS } from './jpeg-pieces.ts';

/** Frames whose scans each have all coefficients: baseline and extended (T.81, table B.1). */
const SEQUENTIAL = [0xc0, 0xc1];

/** Where a scan header says which coefficients follow: the first, the last, and which of their bits. */
const ALL_COEFFICIENTS = [0, 63, 0];

/**
 * Rewrites a JPEG without what makes libjpeg warn and has nothing to do with pixels: bytes between segments, a wrong
 * range of coefficients in a sequential scan (as Samsung phones write), an unknown version of JFIF or of Adobe's color
 * transform, no end. libjpeg ignores each of them, as browsers do. What it still warns of then is missing or damaged
 * pixels, so a truncated photo stays one.
 *
 * @param strayBytes how many bytes to drop before the end.
 */
export function mendJpeg(jpeg: Uint8Array, strayBytes = 0): Uint8Array {
  const pieces = jpegPieces(jpeg);
  const sequential = pieces.some(({ marker }) => SEQUENTIAL.includes(marker ?? 0));
  const mended = pieces.map((piece) => mendPiece(piece, sequential));
  const last = mended.at(-1);
  if (strayBytes > 0 && last) mended[mended.length - 1] = last.subarray(0, Math.max(0, last.length - strayBytes));
  return Buffer.concat([Uint8Array.of(0xff, MARKERS.start), ...mended, Uint8Array.of(0xff, MARKERS.end)]);
}

function mendPiece({ marker, bytes }: JpegPiece, sequential: boolean): Uint8Array {
  if (marker === MARKERS.scan && sequential) return replaced(bytes, bytes.length - 3, ALL_COEFFICIENTS);
  if (marker === MARKERS.app0 && startsWith(bytes, 'JFIF\0') && bytes[9] !== 1) return replaced(bytes, 9, [1]);
  if (marker === MARKERS.app14 && startsWith(bytes, 'Adobe') && (bytes[15] ?? 0) > 2) return replaced(bytes, 15, [1]);
  return bytes;
}

const startsWith = (segment: Uint8Array, name: string) =>
  String.fromCharCode(...segment.subarray(4, 4 + name.length)) === name;

function replaced(bytes: Uint8Array, at: number, values: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  if (at >= 4 && at + values.length <= copy.length) copy.set(values, at);
  return copy;
}
