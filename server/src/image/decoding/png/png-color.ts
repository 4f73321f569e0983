import { sharp } from '../../sharp.ts';
import { type Chromaticities, codedSpace, isSrgb, powerToLight, SRGB_CHROMATICITIES } from '../color/color-space.ts';
import { iccProfile } from '../color/icc-profile.ts';
import { stored } from './checksums.ts';
import { chunk, chunksOf, isIntact, SIGNATURE } from './chunks.ts';

/** What chunks hold, by their type. */
type Chunks = ReadonlyMap<string, Uint8Array>;

/** How a PNG stores its levels. */
export interface PngColor {
  /** True for 16 bits per channel. */
  readonly deep: boolean;
  /** True for a picture without colors. */
  readonly gray: boolean;
  /** The ICC profile that says what the levels mean. Without it: sRGB. */
  readonly profile: Uint8Array | undefined;
}

/** The chunks that say what levels mean. */
const MEANING = ['cICP', 'iCCP', 'sRGB', 'gAMA', 'cHRM'];

/** PNG stores gammas and chromaticities as integers, multiplied by this. */
const UNIT = 100_000;

/** A gamma this close to that of sRGB means sRGB. Chromium does the same. */
const GAMMA_TOLERANCE = 0.05;
const SRGB_GAMMA = 1 / 2.2;

/** What Chromium takes for the transfer functions of video in a PNG: a screen for video (ITU-R BT.1886). */
const videoToLight = powerToLight(2.4);

/**
 * Reads what the levels of a PNG mean (PNG, 4.3 and 11.3.2): the first of `cICP`, `iCCP`, `sRGB` and `gAMA` counts, and
 * `cHRM` only with `gAMA`. Browsers honor all of them and libvips only `iCCP`, so each is returned as a profile.
 */
export async function pngColor(png: Uint8Array): Promise<PngColor> {
  const chunks = chunksBeforePixels(png);
  const header = chunks.get('IHDR');
  const gray = header !== undefined && (header[9]! & 2) === 0;
  return { deep: header?.[8] === 16, gray, profile: await profileFor(chunks, gray) };
}

/** Replaces everything in a PNG that says what its levels mean. */
export function withMeaning(png: Uint8Array, profile: Uint8Array | undefined): Uint8Array {
  const head = [...chunksOf(png, 'IDAT')];
  const rest = head.reduce((at, { whole }) => at + whole.length, SIGNATURE.length);
  const [header, ...kept] = head.filter(({ type }) => !MEANING.includes(type)).map(({ whole }) => whole);
  return Buffer.concat([SIGNATURE, header!, ...(profile ? [profileChunk(profile)] : []), ...kept, png.subarray(rest)]);
}

async function profileFor(chunks: Chunks, gray: boolean): Promise<Uint8Array | undefined> {
  const [primaries, transfer, matrix, fullRange] = chunks.get('cICP') ?? [];
  const coded = matrix === 0 && fullRange === 1 && codedSpace(primaries!, transfer!, videoToLight);
  if (coded) return isSrgb(coded) ? undefined : iccProfile(coded, gray);
  const profile = await profileIn(chunks.get('iCCP'), gray);
  if (profile) return profile;
  const gamma = chunks.has('sRGB') ? undefined : numbersIn(chunks.get('gAMA'), 1)?.[0];
  if (!gamma) return undefined;
  const chromaticities = numbersIn(chunks.get('cHRM'), 8) as unknown as Chromaticities | undefined;
  if (!chromaticities && Math.abs(gamma / SRGB_GAMMA - 1) < GAMMA_TOLERANCE) return undefined;
  const toLight = powerToLight(1 / gamma);
  return iccProfile({ toLight, chromaticities: chromaticities ?? SRGB_CHROMATICITIES }, gray);
}

const profileChunk = (profile: Uint8Array) =>
  chunk('iCCP', Buffer.concat([Buffer.from('profile\0\0'), stored(profile)]));

/**
 * Unpacks an ICC profile. libpng does that, in a PNG of one pixel: it refuses one for colors in a gray picture, and
 * browsers don't. One for gray says nothing about colors.
 */
async function profileIn(data: Uint8Array | undefined, gray: boolean): Promise<Uint8Array | undefined> {
  if (!data) return undefined;
  for (const carrier of gray ? [ONE_PIXEL.color, ONE_PIXEL.gray] : [ONE_PIXEL.color]) {
    const png = withChunk(await carrier(), chunk('iCCP', data));
    const icc = await sharp(png)
      .metadata()
      .then(
        (found) => found.icc,
        () => undefined, // a profile that libpng can't unpack
      );
    if (icc) return icc;
  }
  return undefined;
}

const onePixel = (space: 'srgb' | 'b-w') => () =>
  sharp({ create: { width: 1, height: 1, channels: 3, background: 'black' } })
    .toColourspace(space)
    .png()
    .toBuffer();

const ONE_PIXEL = { color: onePixel('srgb'), gray: onePixel('b-w') };

/** Inserts a chunk after the header. */
const withChunk = (png: Uint8Array, inserted: Uint8Array) =>
  Buffer.concat([png.subarray(0, HEADER_END), inserted, png.subarray(HEADER_END)]);

const HEADER_END = 33;

function numbersIn(data: Uint8Array | undefined, count: number): number[] | undefined {
  if (data?.length !== 4 * count) return undefined;
  const view = new DataView(data.buffer, data.byteOffset);
  return Array.from({ length: count }, (_, index) => view.getUint32(4 * index) / UNIT);
}

/** Returns what chunks hold by their type. Those that are damaged don't count, nor does a second one of a type. */
function chunksBeforePixels(png: Uint8Array): Chunks {
  const chunks = new Map<string, Uint8Array>();
  for (const one of chunksOf(png, 'IDAT')) {
    if (!chunks.has(one.type) && isIntact(one)) chunks.set(one.type, one.data);
  }
  return chunks;
}
