import type { Pixels } from './gray-square.ts';

/** Width and height of the pattern in pixels. */
const SIDE = 64;

/** A BMP's headers: 14 bytes of the file's, and 40 of the picture's. */
const HEADER_BYTES = 54;

/** The pixels of the pattern. All levels of each color are in it. */
export function patternPixels(): Pixels {
  const data = new Uint8ClampedArray(SIDE * SIDE * 4);
  for (let at = 0; at < SIDE * SIDE; at += 1)
    data.set([at & 255, (at * 7) & 255, (at * 29 + (at >> 8)) & 255, 255], 4 * at);
  return { width: SIDE, height: SIDE, data };
}

/** Returns the pattern as a BMP, which every browser decodes and which loses nothing. */
export function patternFile(): Uint8Array<ArrayBuffer> {
  const { data } = patternPixels();
  const file = new Uint8Array(HEADER_BYTES + SIDE * SIDE * 3);
  const header = new DataView(file.buffer);
  file.set([0x42, 0x4d]); // “BM”
  header.setUint32(2, file.length, true);
  header.setUint32(10, HEADER_BYTES, true);
  header.setUint32(14, HEADER_BYTES - 14, true);
  header.setInt32(18, SIDE, true);
  header.setInt32(22, SIDE, true);
  header.setUint16(26, 1, true); // planes
  header.setUint16(28, 24, true); // bits per pixel
  // Rows go from the bottom up, and colors are blue, green, red.
  for (let row = SIDE - 1, into = HEADER_BYTES; row >= 0; row -= 1) {
    for (let at = 4 * row * SIDE; at < 4 * (row + 1) * SIDE; at += 4, into += 3) {
      file.set([data[at + 2]!, data[at + 1]!, data[at]!], into);
    }
  }
  return file;
}
