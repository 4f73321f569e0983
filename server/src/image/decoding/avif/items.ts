import { type Box, boxesIn, contentOf, uint } from './boxes.ts';
import type { CodedPicture } from './still.ts';

/** The pictures that make up an AVIF still. */
export interface StillItems {
  readonly picture: CodedPicture;
  readonly alpha: CodedPicture | undefined;
}

/** A reference of an item to others, such as `auxl` from transparency to its picture. */
interface Reference {
  readonly type: string;
  readonly from: number;
  readonly to: readonly number[];
}

/**
 * Reads the primary picture of an AVIF and its transparency (ISO/IEC 23008-12, 6 and 9; ISO/IEC 14496-12, 8.11). A
 * picture made of tiles is described by itself and its first tile.
 *
 * @returns `undefined` if there is no primary picture. @throws RangeError if the file is damaged.
 */
export function stillItems(file: Uint8Array): StillItems | undefined {
  const meta = contentOf(boxesIn(file), 'meta');
  if (!meta) return undefined;
  const boxes = boxesIn(meta.subarray(4));
  const pitm = contentOf(boxes, 'pitm');
  if (!pitm) return undefined;
  const primary = uint(pitm, 4, pitm[0] === 0 ? 2 : 4);
  const references = referencesIn(contentOf(boxes, 'iref'));
  const properties = propertiesOf(contentOf(boxes, 'iprp'));
  const streams = streamsOf(file, boxes);
  const pictureOf = (item: number): CodedPicture => {
    const tile = references.find(({ type, from }) => type === 'dimg' && from === item)?.to[0];
    const own = (properties.get(item) ?? []).map(({ whole }) => whole);
    const ofTile = tile === undefined ? [] : (properties.get(tile) ?? []).map(({ whole }) => whole);
    return { stream: streams(tile ?? item), properties: [...own, ...ofTile] };
  };
  const alpha = references.find(
    ({ type, from, to }) => type === 'auxl' && to.includes(primary) && isAlpha(properties.get(from) ?? []),
  );
  return { picture: pictureOf(primary), alpha: alpha && pictureOf(alpha.from) };
}

const isAlpha = (properties: readonly Box[]) =>
  properties.some(({ type, content }) => type === 'auxC' && textOf(content.subarray(4)).endsWith(':alpha'));

const textOf = (bytes: Uint8Array) => String.fromCharCode(...bytes.subarray(0, 64)).split('\0', 1)[0]!;

function referencesIn(iref: Uint8Array | undefined): readonly Reference[] {
  if (!iref) return [];
  const width = iref[0] === 0 ? 2 : 4;
  return boxesIn(iref.subarray(4)).map(({ type, content }) => {
    const count = Math.min(uint(content, width, 2), MAX_ITEMS);
    const to = Array.from({ length: count }, (_, index) => uint(content, width + 2 + index * width, width));
    return { type, from: uint(content, 0, width), to };
  });
}

/** More than a grid of 16 × 16 tiles with transparency. */
const MAX_ITEMS = 1024;

/** Lists the properties of each item: `ipma` refers to the boxes in `ipco` by number. */
function propertiesOf(iprp: Uint8Array | undefined): ReadonlyMap<number, readonly Box[]> {
  const boxes = iprp ? boxesIn(iprp) : [];
  const all = boxesIn(contentOf(boxes, 'ipco') ?? new Uint8Array());
  const properties = new Map<number, readonly Box[]>();
  const ipma = contentOf(boxes, 'ipma');
  if (!ipma) return properties;
  const itemWidth = ipma[0] === 0 ? 2 : 4;
  const width = (ipma[3]! & 1) + 1;
  let at = 8;
  for (let left = Math.min(uint(ipma, 4, 4), MAX_ITEMS); left > 0; left -= 1) {
    const item = uint(ipma, at, itemWidth);
    const count = uint(ipma, at + itemWidth, 1);
    at += itemWidth + 1;
    const numbers = Array.from({ length: count }, (_, index) => {
      return uint(ipma, at + index * width, width) & (width === 1 ? 0x7f : 0x7fff); // the first bit says "essential"
    });
    at += count * width;
    properties.set(
      item,
      numbers.flatMap((number) => all[number - 1] ?? []),
    );
  }
  return properties;
}

/** Returns a function that finds the first bytes of an item's stream: its first extent. */
function streamsOf(file: Uint8Array, boxes: readonly Box[]): (item: number) => Uint8Array {
  const iloc = contentOf(boxes, 'iloc');
  const idat = contentOf(boxes, 'idat') ?? new Uint8Array();
  const places = iloc ? placesIn(iloc) : new Map<number, Place>();
  return (item) => {
    const place = places.get(item);
    if (!place) return new Uint8Array();
    return (place.inIdat ? idat : file).subarray(place.begin, place.begin + place.length);
  };
}

interface Place {
  readonly inIdat: boolean;
  readonly begin: number;
  readonly length: number;
}

function placesIn(iloc: Uint8Array): Map<number, Place> {
  const version = iloc[0]!;
  const [offsetWidth, lengthWidth] = [iloc[4]! >> 4, iloc[4]! & 15];
  const [baseWidth, indexWidth] = [iloc[5]! >> 4, version === 0 ? 0 : iloc[5]! & 15];
  const itemWidth = version < 2 ? 2 : 4;
  const places = new Map<number, Place>();
  let at = 6 + itemWidth;
  for (let left = Math.min(uint(iloc, 6, itemWidth), MAX_ITEMS); left > 0; left -= 1) {
    const item = uint(iloc, at, itemWidth);
    at += itemWidth;
    const inIdat = version > 0 && (uint(iloc, at, 2) & 15) === 1;
    at += (version > 0 ? 2 : 0) + 2;
    const base = uint(iloc, at, baseWidth);
    const extents = uint(iloc, at + baseWidth, 2);
    at += baseWidth + 2;
    const extentWidth = indexWidth + offsetWidth + lengthWidth;
    if (extents > 0) {
      const begin = base + uint(iloc, at + indexWidth, offsetWidth);
      places.set(item, { inIdat, begin, length: uint(iloc, at + indexWidth + offsetWidth, lengthWidth) });
    }
    at += extents * extentWidth;
  }
  return places;
}
