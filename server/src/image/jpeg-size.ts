/** A photo's sides in pixels, as its file has them, before it is turned. */
export interface PhotoSize {
  readonly width: number;
  readonly height: number;
}

/** Frame headers, SOF0 to SOF15; the three between them are tables (JPEG, ITU-T T.81, table B.1). */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Markers without a length: restarts, begin and end of the image, TEM. */
const standsAlone = (marker: number) => (marker >= 0xd0 && marker <= 0xd9) || marker === 0x01;

/**
 * The size that a JPEG's header states, read without decoding (T.81, B.2): from segment to segment by their lengths up to
 * the frame's. `undefined` where there is none before the pixels, or it is not as it should be. Asking sharp takes a
 * fifth of the time of decoding (docs/experiments.md).
 */
export function jpegSize(bytes: Uint8Array): PhotoSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2; // behind the begin of the image
  while (at + 9 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1; // a marker may have any number of these before it
    } else if (isFrame(marker)) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return width > 0 && height > 0 ? { width, height } : undefined; // a height of 0 is stated behind the pixels
    } else if (marker === 0xda || standsAlone(marker)) {
      return undefined;
    } else {
      at += 2 + view.getUint16(at + 2);
    }
  }
  return undefined;
}
