import { type Box, box, boxesIn, contentAt, contentOf, fourLetters, letters, u16s, uint } from './boxes.ts';
import { colorConfigOf } from './sequence-header.ts';
import { type CodedPicture, depthBox, sizeBox, stillAvif } from './still.ts';

/** What describes a track's pictures and stays valid for a still. */
const KEPT = ['av1C', 'colr', 'pasp', 'pixi'];

/** Bytes in the sample entry of a picture before its boxes (ISO/IEC 14496-12, 12.1.3). */
const ENTRY_BYTES = 78;

/**
 * Returns the first frame of an animated AVIF as a still, with its transparency. libvips opens only stills.
 *
 * @returns `undefined` if the file isn't animated. @throws RangeError if it is damaged.
 */
export function firstFrame(file: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const boxes = boxesIn(file);
  const ftyp = contentOf(boxes, 'ftyp');
  const moov = contentOf(boxes, 'moov');
  if (!ftyp || fourLetters(ftyp, 0) !== 'avis' || !moov) return undefined;
  const tracks = boxesIn(moov).filter(({ type }) => type === 'trak');
  const frameOf = (handler: string) => {
    const track = tracks.find(({ content }) => handlerOf(content) === handler);
    return track && frameIn(file, track.content);
  };
  const picture = frameOf('pict');
  return picture && stillAvif(picture, frameOf('auxv'));
}

function handlerOf(track: Uint8Array): string | undefined {
  const hdlr = contentAt(track, 'mdia', 'hdlr');
  return hdlr && fourLetters(hdlr, 8);
}

/** Reads the first sample of a track (ISO/IEC 14496-12, 8.5 and 8.7): it starts the first chunk. */
function frameIn(file: Uint8Array, track: Uint8Array): CodedPicture | undefined {
  const table = contentAt(track, 'mdia', 'minf', 'stbl');
  if (!table) return undefined;
  const boxes = boxesIn(table);
  const [stsd, stsz] = [contentOf(boxes, 'stsd'), contentOf(boxes, 'stsz')];
  const [stco, co64] = [contentOf(boxes, 'stco'), contentOf(boxes, 'co64')];
  const entry = stsd && contentOf(boxesIn(stsd.subarray(8)), 'av01');
  const offsets = stco ?? co64;
  if (!entry || !stsz || !offsets) return undefined;
  const begin = uint(offsets, 8, stco ? 4 : 8);
  const length = uint(stsz, 4, 4) || uint(stsz, 12, 4); // all samples have one size, or each its own
  if (begin + length > file.length) throw new RangeError('the first frame is cut off');
  const described = boxesIn(entry.subarray(ENTRY_BYTES)).filter(({ type }) => KEPT.includes(type));
  const config = contentOf(described, 'av1C');
  if (!config) return undefined;
  const monochrome = (config[2]! & 0x10) !== 0;
  const stream = file.subarray(begin, begin + length);
  return {
    stream,
    properties: [
      sizeBox(uint(entry, 24, 2), uint(entry, 26, 2)),
      ...described.filter((property) => !isCoded(property)).map(({ whole }) => whole),
      limitedRange(described.find(isCoded)?.content, stream),
      ...(contentOf(described, 'pixi') ? [] : [depthBox(monochrome ? 1 : 3, bitDepthOf(config))]),
    ],
  };
}

const isCoded = ({ type, content }: Box) => type === 'colr' && fourLetters(content, 0) === 'nclx';

/**
 * Returns the box that says what levels mean: what the track says, or else its stream, but always from 16 to 235 of 255.
 * Chromium 156 (2026-11) takes all levels of an animation so, also where the file says that they are from 0 to 255.
 */
function limitedRange(coded: Uint8Array | undefined, stream: Uint8Array): Uint8Array {
  const codes = coded?.subarray(4, 10) ?? u16s(...(colorConfigOf(stream)?.codes ?? [2, 2, 2]));
  return box('colr', letters('nclx'), codes, Uint8Array.of(0));
}

/** Bits per channel, from the codec's configuration (AV1 in ISOBMFF, 2.3). */
export function bitDepthOf(config: Uint8Array): number {
  const high = config[2]! & 0x40;
  if (!high) return 8;
  return config[2]! & 0x20 ? 12 : 10;
}
