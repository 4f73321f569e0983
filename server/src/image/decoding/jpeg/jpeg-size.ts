/** The size of a photo in pixels, as stored in its file, before rotation, and its number of channels. */
export interface PhotoSize {
  readonly width: number;
  readonly height: number;
  /** Of a JPEG: 1 for gray, 3 for colors, 4 for inks. */
  readonly channels: number;
}

/** Frame headers are SOF0 to SOF15, except for the three table markers in between (JPEG, ITU-T T.81, table B.1). */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Markers without a length: restarts, start and end of the image, TEM. */
const standsAlone = (marker: number) => (marker >= 0xd0 && marker <= 0xd9) || marker === 0x01;

/**
 * Reads the size and the number of channels in a JPEG header without decoding (T.81, B.2): it follows the segment lengths to the frame header.
 * Returns `undefined` if the header has no valid size. Asking sharp would take a fifth of the decoding time
 * (docs/experiments.md).
 */
export function jpegSize(bytes: Uint8Array): PhotoSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2; // after the start of the image
  while (at + 10 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1; // any number of these may precede a marker
    } else if (isFrame(marker)) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return width > 0 && height > 0 ? { width, height, channels: bytes[at + 9]! } : undefined; // a height of 0 means that it follows the pixels
    } else if (marker === 0xda || standsAlone(marker)) {
      return undefined;
    } else {
      at += 2 + view.getUint16(at + 2);
    }
  }
  return undefined;
}
