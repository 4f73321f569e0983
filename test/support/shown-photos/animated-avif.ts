import { box, boxesIn, letters, u16s, u32s } from '@swipenet/server/image/decoding/avif/boxes.ts';
import { type CodedPicture, stillAvif } from '@swipenet/server/image/decoding/avif/still.ts';

/** A track: the frames of a picture, or of its transparency. */
interface Track {
  readonly frames: readonly CodedPicture[];
  readonly handler: 'pict' | 'auxv';
  /** Where its first frame begins in the file. */
  readonly begin: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const FRAME_MS = 60_000;
const MATRIX = u32s(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const ALPHA = 'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0';

/** Writes an animated AVIF of frames that are all key frames (AV1 Image File Format, 3; ISO/IEC 14496-12, 8). */
export function animatedAvif(size: Size, frames: readonly CodedPicture[], alpha?: readonly CodedPicture[]): Buffer {
  const lengthOf = (pictures: readonly CodedPicture[]) => pictures.reduce((sum, { stream }) => sum + stream.length, 0);
  const head = (begin: number) =>
    Buffer.concat([
      box('ftyp', letters('avis'), u32s(0), letters('avisavifmsf1iso8mif1miaf')),
      metaOf(frames[0]!),
      box(
        'moov',
        box('mvhd', u32s(0, 0, 0, 1000, FRAME_MS * frames.length, 0x10000, 0x1000000, 0, 0), MATRIX, NO_TIMES, u32s(3)),
        trackBox(1, size, { frames, handler: 'pict', begin }),
        ...(alpha ? [trackBox(2, size, { frames: alpha, handler: 'auxv', begin: begin + lengthOf(frames) })] : []),
      ),
    ]);
  const streams = [...frames, ...(alpha ?? [])].map(({ stream }) => stream);
  return Buffer.concat([head(head(0).length + 8), box('mdat', ...streams)]);
}

const NO_TIMES = new Uint8Array(24);

/** The box that describes a still. It must be there, but an animation's pictures are in its tracks. */
const metaOf = (picture: CodedPicture) => boxesIn(stillAvif(picture)).find(({ type }) => type === 'meta')!.whole;

function trackBox(id: number, { width, height }: Size, { frames, handler, begin }: Track): Uint8Array {
  const duration = FRAME_MS * frames.length;
  const described = frames[0]!.properties.filter((property) => ['av1C', 'colr'].includes(boxesIn(property)[0]!.type));
  const kind = handler === 'auxv' ? [box('auxi', u32s(0), letters(ALPHA))] : [];
  const entry = box(
    'av01',
    ...[u32s(0), u16s(0, 1), u32s(0, 0, 0, 0), u16s(width, height), u32s(0x480000, 0x480000, 0), u16s(1)],
    ...[new Uint8Array(32), u16s(24, 0xffff), ...described, ...kind],
  );
  let at = begin;
  const offsets = frames.map(({ stream }) => {
    at += stream.length;
    return at - stream.length;
  });
  const sizes = frames.map(({ stream }) => stream.length);
  return box(
    'trak',
    box('tkhd', u32s(7, 0, 0, id, 0, duration, 0, 0, 0, 0), MATRIX, u32s(width << 16, height << 16)),
    ...(handler === 'auxv' ? [box('tref', box('auxl', u32s(1)))] : []),
    box(
      'mdia',
      box('mdhd', u32s(0, 0, 0, 1000, duration, 0x55c40000)),
      box('hdlr', u32s(0, 0), letters(handler), u32s(0, 0, 0), letters('\0')),
      box(
        'minf',
        box('vmhd', u32s(1, 0, 0)),
        box('dinf', box('dref', u32s(0, 1), box('url ', u32s(1)))),
        box(
          'stbl',
          box('stsd', u32s(0, 1), entry),
          box('stts', u32s(0, 1, frames.length, FRAME_MS)),
          box('stsc', u32s(0, 1, 1, 1, 1)),
          box('stsz', u32s(0, 0, frames.length, ...sizes)),
          box('stco', u32s(0, frames.length, ...offsets)),
        ),
      ),
    ),
  );
}
