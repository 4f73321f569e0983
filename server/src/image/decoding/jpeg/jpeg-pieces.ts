/** A JPEG in pieces: marker segments, and after a scan header its coded pixels. */
export interface JpegPiece {
  /** The second byte of the marker, or `undefined` for coded pixels. */
  readonly marker: number | undefined;
  /** With the marker. */
  readonly bytes: Uint8Array;
}

/** The second bytes of markers (T.81, table B.1). */
export const MARKERS = { start: 0xd8, end: 0xd9, scan: 0xda, app0: 0xe0, app14: 0xee } as const;

/** The most pieces of a JPEG. One with a long profile and many scans has about a hundred. */
const MAX_PIECES = 4096;

/** Restart markers, which stand in coded pixels, and 0, which makes the byte before it a part of them. */
const belongsToPixels = (second: number) => second === 0 || (second >= 0xd0 && second <= 0xd7);

/** Takes a JPEG apart, without its start, its end, what follows that, and bytes between segments. */
export function jpegPieces(jpeg: Uint8Array): readonly JpegPiece[] {
  const pieces: JpegPiece[] = [];
  for (let at = 2; pieces.length < MAX_PIECES; ) {
    at = nextMarker(jpeg, at);
    const marker = jpeg[at + 1];
    if (marker === undefined || marker === MARKERS.end || at + 4 > jpeg.length) break;
    const end = Math.min(jpeg.length, at + 2 + jpeg[at + 2]! * 256 + jpeg[at + 3]!);
    pieces.push({ marker, bytes: jpeg.subarray(at, end) });
    at = Math.max(end, at + 4);
    if (marker === MARKERS.scan) {
      const pixelsEnd = nextMarker(jpeg, at);
      pieces.push({ marker: undefined, bytes: jpeg.subarray(at, pixelsEnd) });
      at = pixelsEnd;
    }
  }
  return pieces;
}

/** Returns where the next segment begins: at the last of the 0xff bytes before its marker. Or the length. */
function nextMarker(jpeg: Uint8Array, from: number): number {
  for (let at = jpeg.indexOf(0xff, from); at >= 0; at = jpeg.indexOf(0xff, at + 1)) {
    const second = jpeg[at + 1];
    if (second !== undefined && second !== 0xff && !belongsToPixels(second)) return at;
  }
  return jpeg.length;
}
