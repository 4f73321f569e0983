import { type JpegPiece, jpegPieces, MARKERS } from './jpeg-pieces.ts';

const [BASELINE, EXTENDED, PROGRESSIVE] = [0xc0, 0xc1, 0xc2];
const COEFFICIENTS = 64;

/**
 * Tells whether the scans of a JPEG give all bits of all coefficients of each channel (T.81, G.1). A photo that was cut
 * between two scans, and got an end, has too few of them. libjpeg says nothing then, and shows a blurred photo.
 */
export function hasAllScans(jpeg: Uint8Array): boolean {
  const pieces = jpegPieces(jpeg);
  const frame = pieces.find(({ marker }) => [BASELINE, EXTENDED, PROGRESSIVE].includes(marker ?? 0));
  if (!frame) return true; // another kind of frame, or none: libjpeg says so
  const missing = new Map<number, Set<number>>();
  for (let channel = 0; channel < (frame.bytes[9] ?? 0); channel += 1) {
    missing.set(frame.bytes[10 + 3 * channel] ?? -1, new Set(Array(COEFFICIENTS).keys()));
  }
  for (const { marker, bytes } of pieces) {
    if (marker === MARKERS.scan) removeFinished(missing, bytes, frame);
  }
  return [...missing.values()].every(({ size }) => size === 0);
}

/** A scan lists its channels, then the first and the last coefficient, and the lowest bit that it gives (B.2.3). */
function removeFinished(missing: ReadonlyMap<number, Set<number>>, scan: Uint8Array, frame: JpegPiece): void {
  const channels = scan[4] ?? 0;
  const [first = 0, last = 0, bits = 0] = scan.subarray(5 + 2 * channels);
  const progressive = frame.marker === PROGRESSIVE;
  if (progressive && (bits & 15) !== 0) return; // later scans refine these
  for (let channel = 0; channel < channels; channel += 1) {
    const left = missing.get(scan[5 + 2 * channel] ?? -1);
    if (progressive) for (let coefficient = first; coefficient <= last; coefficient += 1) left?.delete(coefficient);
    else left?.clear();
  }
}
