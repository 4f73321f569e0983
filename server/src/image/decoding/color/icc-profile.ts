import { type ColorSpace, columnsToD50, D50, type Vector } from './color-space.ts';

/** Enough for lines between entries to be exact to a level of 8 bits. */
const CURVE_ENTRIES = 4096;

const HEADER_BYTES = 128;

/** Tags, and which of the data they refer to. */
type Tags = Readonly<Record<string, Uint8Array>>;

/**
 * Writes a color space as an ICC profile, for gray or for colors (ICC.1:2001-04), so that libvips can apply it.
 *
 * @returns `undefined` if the chromaticities make no color space.
 */
export function iccProfile({ toLight, chromaticities }: ColorSpace, gray: boolean): Uint8Array | undefined {
  const columns = columnsToD50(chromaticities);
  if (!columns) return undefined;
  const curve = tagData('curv', u32(CURVE_ENTRIES), curveEntries(toLight));
  const [red, green, blue] = columns;
  const meaning: Tags = gray
    ? { kTRC: curve }
    : { rXYZ: xyzData(red), gXYZ: xyzData(green), bXYZ: xyzData(blue), rTRC: curve, gTRC: curve, bTRC: curve };
  return profileOf(gray ? 'GRAY' : 'RGB ', { wtpt: xyzData(D50), ...meaning });
}

/** The channels that an ICC profile is for (ICC.1, 7.2.8): `RGB ` or `GRAY`, for example. */
export const channelsOfProfile = (profile: Uint8Array): string => String.fromCharCode(...profile.subarray(16, 20));

function profileOf(channels: string, tags: Tags): Uint8Array {
  const entries = Object.entries(tags);
  const data = [...new Set(Object.values(tags))];
  const begin = HEADER_BYTES + 4 + 12 * entries.length;
  const offsetOf = (wanted: Uint8Array) =>
    data.slice(0, data.indexOf(wanted)).reduce((at, { length }) => at + length, begin);
  const table = entries.map(([name, of]) => Buffer.concat([Buffer.from(name), u32(offsetOf(of)), u32(of.length)]));
  const body = Buffer.concat([u32(entries.length), ...table, ...data]);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(HEADER_BYTES + body.length, 0);
  header.writeUInt32BE(0x02400000, 8); // version 2.4
  header.write(`mntr${channels}XYZ `, 12);
  header.write('acsp', 36);
  Buffer.concat(D50.map(fixed)).copy(header, 68);
  return Buffer.concat([header, body]);
}

function curveEntries(toLight: ColorSpace['toLight']): Buffer {
  const entries = Buffer.alloc(2 * CURVE_ENTRIES);
  for (let index = 0; index < CURVE_ENTRIES; index += 1) {
    entries.writeUInt16BE(Math.round(65_535 * toLight(index / (CURVE_ENTRIES - 1))), 2 * index);
  }
  return entries;
}

const xyzData = (values: Vector) => tagData('XYZ ', ...values.map(fixed));

/** A multiple of four bytes, as all data of tags here. */
const tagData = (type: string, ...data: readonly Buffer[]) => Buffer.concat([Buffer.from(type), u32(0), ...data]);

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** A signed number with 16 bits after the point. */
const fixed = (value: number) => u32(Math.round(value * 65_536));
