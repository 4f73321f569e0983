/** How an AV1 stream stores levels (AV1 specification, 5.5.2). */
export interface ColorConfig {
  readonly monochrome: boolean;
  /** False if levels are from 16 to 235, as in video. */
  readonly fullRange: boolean;
  /** Code points for primaries, transfer and matrix (ITU-T H.273). 2 stands for "not specified". */
  readonly codes: readonly [primaries: number, transfer: number, matrix: number];
}

const SEQUENCE_HEADER = 1;
const PROFILE_OF_444 = 1;
const PROFILE_OF_12_BITS = 2;
const [BT709, SRGB, IDENTITY] = [1, 13, 0];

/** Reads the sequence header of an AV1 stream, its first unit but for delimiters (5.3 to 5.5). @throws RangeError. */
export function colorConfigOf(stream: Uint8Array): ColorConfig | undefined {
  for (let at = 0; at < stream.length; ) {
    const header = stream[at]!;
    const extension = (header & 4) >> 2;
    const sized = (header & 2) !== 0;
    at += 1 + extension;
    let length = stream.length - at;
    if (sized) {
      length = 0;
      for (let shift = 0; shift < 35; shift += 7) {
        const byte = stream[at] ?? 0;
        at += 1;
        length += (byte & 127) * 2 ** shift;
        if (byte < 128) break;
      }
    }
    if (((header >> 3) & 15) === SEQUENCE_HEADER) return colorConfig(new Bits(stream.subarray(at, at + length)));
    at += length;
  }
  return undefined;
}

/** Reads bits, most significant first. */
class Bits {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left -= 1, this.#at += 1) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new RangeError('the sequence header ends early');
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
    }
    return value;
  }

  flag(): boolean {
    return this.read(1) === 1;
  }

  /** Skips a number of variable length (4.10.3). */
  skipVariable(): void {
    let zeros = 0;
    while (!this.flag()) zeros += 1;
    if (zeros < 32) this.read(zeros);
  }
}

function colorConfig(bits: Bits): ColorConfig {
  const profile = bits.read(3);
  bits.read(1); // still_picture
  const reduced = bits.flag();
  if (reduced) bits.read(5);
  else skipOperatingPoints(bits);
  skipFrame(bits, reduced);
  const highBitDepth = bits.flag();
  if (profile === PROFILE_OF_12_BITS && highBitDepth) bits.read(1);
  const monochrome = profile !== PROFILE_OF_444 && bits.flag();
  const codes: ColorConfig['codes'] = bits.flag() ? [bits.read(8), bits.read(8), bits.read(8)] : [2, 2, 2];
  const isRgb = !monochrome && codes[0] === BT709 && codes[1] === SRGB && codes[2] === IDENTITY;
  return { monochrome, fullRange: isRgb || bits.flag(), codes };
}

function skipOperatingPoints(bits: Bits): void {
  let delayBits = 0;
  if (bits.flag()) {
    bits.read(64);
    if (bits.flag()) bits.skipVariable();
    if (bits.flag()) {
      delayBits = bits.read(5) + 1;
      bits.read(32 + 5 + 5);
    }
  }
  const displayDelays = bits.flag();
  for (let left = bits.read(5) + 1; left > 0; left -= 1) {
    bits.read(12);
    if (bits.read(5) > 7) bits.read(1);
    if (delayBits > 0 && bits.flag()) bits.read(2 * delayBits + 1);
    if (displayDelays && bits.flag()) bits.read(4);
  }
}

function skipFrame(bits: Bits, reduced: boolean): void {
  const [widthBits, heightBits] = [bits.read(4) + 1, bits.read(4) + 1];
  bits.read(widthBits + heightBits);
  if (!reduced && bits.flag()) bits.read(7); // lengths of frame numbers
  bits.read(3);
  if (!reduced) {
    bits.read(4);
    const orderHint = bits.flag();
    if (orderHint) bits.read(2);
    const forcesScreenContent = bits.flag() ? 2 : bits.read(1);
    if (forcesScreenContent > 0 && !bits.flag()) bits.read(1); // integer motion vectors
    if (orderHint) bits.read(3);
  }
  bits.read(3); // super-resolution, CDEF, restoration
}
