/** The numbers that something takes, from the least to the greatest. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** How numbers are kept as codes from 0 to 255: number = scale · (code − zeroPoint). */
export interface Coding {
  readonly scale: number;
  readonly zeroPoint: number;
}

const MOST_CODE = 255;

/**
 * The coding that covers a range (and 0, which is exact in every coding, for convolutions pad with it); what is outside
 * becomes its nearest end.
 */
export function codingOf({ low, high }: Range): Coding {
  const [from, to] = [Math.min(0, low), Math.max(0, high)];
  const scale = Math.fround((to - from) / MOST_CODE) || 1;
  return { scale, zeroPoint: Math.min(MOST_CODE, Math.round((0 - from) / scale)) };
}

/** A convolution's weight as codes: number = scale of its filter · code. */
export interface CodedWeight {
  readonly codes: Int8Array;
  readonly scales: Float32Array;
}

/**
 * Largest code of a weight, either sign: seven bits of the eight. Processors with AVX2 and without VNNI multiply codes
 * pairwise and add the two products in 16 bits, saturating (`VPMADDUBSW`): 255 · 64 · 2 = 32,640 is below 32,767, so no
 * pair ever does, whatever the photos are.
 */
export const MOST_WEIGHT_CODE = 64;

/** What a weight is coded with. */
export interface WeightCoding {
  /** The scale of the codes that the convolution takes. */
  readonly inputScale: number;
  /** See {@link MOST_WEIGHT_CODE}; 127 is all eight bits. */
  readonly most?: number | undefined;
}

/** Largest code of a bias: half of 32 bits, for sums come on top. */
const MOST_BIAS_CODE = 2 ** 30;

/**
 * Codes a weight `[filters, …]` with a scale a filter: its largest number is the largest code, unless its bias needs a
 * coarser scale to be a code at all (beside such a bias the weights are nothing).
 */
export function codeWeight(
  data: Float32Array,
  bias: Float32Array,
  { inputScale, most = MOST_WEIGHT_CODE }: WeightCoding,
): CodedWeight {
  const codes = new Int8Array(data.length);
  const size = data.length / bias.length;
  const scales = bias.map((number, filter) => {
    const own = data.subarray(filter * size, (filter + 1) * size);
    const largest = own.reduce((found, weight) => Math.max(found, Math.abs(weight)), 0);
    const scale = Math.fround(Math.max(largest / most, Math.abs(number) / (inputScale * MOST_BIAS_CODE))) || 1;
    for (const [index, weight] of own.entries()) {
      codes[filter * size + index] = Math.min(most, Math.max(-most, Math.round(weight / scale)));
    }
    return scale;
  });
  return { codes, scales };
}

/** A convolution's bias in the units of its sums: the input's scale times the filter's. */
export function codeBias(bias: Float32Array, inputScale: number, { scales }: CodedWeight): Int32Array {
  return Int32Array.from(bias, (number, filter) => Math.round(number / (inputScale * scales[filter]!)));
}
