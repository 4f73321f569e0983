import { box, letters, u16s, u32s } from './boxes.ts';

/** A coded picture: an AV1 stream and the boxes that describe it (`av1C`, `ispe`, `pixi`, `colr` …). */
export interface CodedPicture {
  readonly stream: Uint8Array;
  readonly properties: readonly Uint8Array[];
}

const ALPHA = 'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0';

/** `infe` and `iref` name the items by these. */
const [PICTURE, TRANSPARENCY] = [1, 2];

/** The box of the size in pixels. */
export const sizeBox = (width: number, height: number): Uint8Array => box('ispe', u32s(0, width, height));

/** The box of the bit depth of each channel. */
export const depthBox = (channels: number, bits: number): Uint8Array =>
  box('pixi', u32s(0), Uint8Array.of(channels, ...Array(channels).fill(bits)));

/** Writes an AVIF of one picture, perhaps with transparency (AV1 Image File Format, 2 and 4). */
export function stillAvif(picture: CodedPicture, alpha?: CodedPicture): Uint8Array<ArrayBuffer> {
  const pictures = alpha ? [picture, alphaOf(alpha)] : [picture];
  const file = (begin: number) => [
    box('ftyp', letters('avif'), u32s(0), letters('avifmif1miaf')),
    box('meta', u32s(0), ...metaBoxes(pictures, begin)),
    box('mdat', ...pictures.map(({ stream }) => stream)),
  ];
  const [ftyp, meta] = file(0);
  return concatenated(file(ftyp!.length + meta!.length + 8));
}

const alphaOf = ({ stream, properties }: CodedPicture): CodedPicture => ({
  stream,
  properties: [...properties, box('auxC', u32s(0), letters(ALPHA))],
});

/** `begin` is where the first stream starts in the file. */
function metaBoxes(pictures: readonly CodedPicture[], begin: number): readonly Uint8Array[] {
  const numbers = pictures.map((_, index) => PICTURE + index);
  const infe = numbers.map((number) => box('infe', u32s(2 << 24), u16s(number, 0), letters('av01\0')));
  let [at, property] = [begin, 0];
  const places = pictures.map(({ stream }, index) => {
    const place = [u16s(numbers[index]!, 0, 1), u32s(at, stream.length)];
    at += stream.length;
    return place;
  });
  const associations = pictures.map(({ properties }, index) => {
    const listed = properties.map(() => (property += 1));
    return [u16s(numbers[index]!), Uint8Array.of(listed.length, ...listed)];
  });
  return [
    box('hdlr', u32s(0, 0), letters('pict'), u32s(0, 0, 0), letters('\0')),
    box('pitm', u32s(0), u16s(PICTURE)),
    box('iloc', u32s(0), Uint8Array.of(0x44, 0), u16s(pictures.length), ...places.flat()),
    box('iinf', u32s(0), u16s(pictures.length), ...infe),
    box(
      'iprp',
      box('ipco', ...pictures.flatMap(({ properties }) => properties)),
      box('ipma', u32s(0, pictures.length), ...associations.flat()),
    ),
    ...(pictures.length > 1 ? [box('iref', u32s(0), box('auxl', u16s(TRANSPARENCY, 1, PICTURE)))] : []),
  ];
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
