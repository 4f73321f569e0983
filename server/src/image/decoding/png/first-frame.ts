import { type Chunk, chunk, chunksOf, SIGNATURE } from './chunks.ts';

/**
 * Returns the first frame of an animated PNG whose default picture isn't part of the animation (PNG, 4.9), as a PNG.
 * libvips shows the default picture, and browsers the animation.
 *
 * @returns `undefined` if the PNG isn't one, or the frame is smaller than the picture or damaged.
 */
export function firstPngFrame(png: Uint8Array): Uint8Array | undefined {
  const head = [...chunksOf(png, 'IDAT')];
  const isAnimated = head.some(({ type }) => type === 'acTL');
  if (!isAnimated || head.some(({ type }) => type === 'fcTL')) return undefined;
  const chunks = [...chunksOf(png)];
  const begin = chunks.findIndex(({ type }) => type === 'fcTL');
  const end = chunks.findIndex(({ type }, index) => index > begin && type !== 'fdAT');
  const control = chunks[begin];
  if (!control || end < 0 || !isWhole(control, head[0])) return undefined;
  const frame = chunks.slice(begin + 1, end).map(({ data }) => chunk('IDAT', data.subarray(SEQUENCE_BYTES)));
  const kept = head.filter(({ type }) => type !== 'acTL').map(({ whole }) => whole);
  return Buffer.concat([SIGNATURE, ...kept, ...frame, chunk('IEND', new Uint8Array())]);
}

/** Both kinds of chunks of a frame start with its place in the sequence. */
const SEQUENCE_BYTES = 4;

/** Tells whether a frame covers the whole picture: the same width and height, at 0, 0. */
function isWhole(control: Chunk, header: Chunk | undefined): boolean {
  const place = Buffer.from(control.data.subarray(SEQUENCE_BYTES, SEQUENCE_BYTES + 16));
  const size = header?.data.subarray(0, 8);
  return size !== undefined && place.equals(Buffer.concat([size, new Uint8Array(8)]));
}
