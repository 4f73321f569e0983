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

/** How large the codes of a filter's weights may be, either sign. */
export interface WeightLimits {
  /** Of one weight. */
  readonly code: number;
  /** Of two neighbours of one sign together: the weights of channels 2i and 2i + 1 at one place of the kernel. */
  readonly pair: number;
}

/**
 * All eight bits, as long as no two neighbours are more than 128 together. Processors with AVX2 and without VNNI multiply
 * codes pairwise and add the two products in 16 bits, saturating (`VPMADDUBSW`): 255 · 128 = 32,640 is below 32,767, so
 * no pair ever does, whatever the photos are. Neighbours of different signs can't: one product alone is the most. ONNX
 * Runtime's kernels take a filter's weights place by place, the channels of a place one after the other, two by two.
 */
export const WEIGHT_LIMITS: WeightLimits = { code: 127, pair: 128 };

/** What a weight is coded with. */
export interface WeightCoding {
  /** The scale of the codes that the convolution takes. */
  readonly inputScale: number;
  /** {@link WEIGHT_LIMITS} unless given. */
  readonly limits?: WeightLimits | undefined;
}

/** Largest code of a bias: half of 32 bits, for sums come on top. */
const MOST_BIAS_CODE = 2 ** 30;

/**
 * Codes a weight with a scale a filter, the finest that keeps the limits, unless the filter's bias needs a coarser one to
 * be a code at all (beside such a bias the weights are nothing).
 *
 * @param data `[filters, channels, places]`, the places of the kernel in any order.
 */
export function codeWeight(
  data: Float32Array,
  channels: number,
  bias: Float32Array,
  { inputScale, limits = WEIGHT_LIMITS }: WeightCoding,
): CodedWeight {
  const codes = new Int8Array(data.length);
  const size = data.length / bias.length;
  const scales = bias.map((number, filter) => {
    const own = data.subarray(filter * size, (filter + 1) * size);
    // Rounding adds half a code to each of two neighbours at most.
    const finest = Math.max(largest(own) / limits.code, largestPair(own, channels) / (limits.pair - 1));
    const scale = Math.fround(Math.max(finest, Math.abs(number) / (inputScale * MOST_BIAS_CODE))) || 1;
    for (const [index, weight] of own.entries()) {
      codes[filter * size + index] = Math.min(limits.code, Math.max(-limits.code, Math.round(weight / scale)));
    }
    return scale;
  });
  return { codes, scales };
}

const largest = (filter: Float32Array) => filter.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);

/** The largest sum, either sign, of two weights that are multiplied side by side. `[channels, places]`. */
function largestPair(filter: Float32Array, channels: number): number {
  const places = filter.length / channels;
  const weightAt = (index: number) => filter[(index % channels) * places + Math.floor(index / channels)]!;
  let most = 0;
  for (let index = 0; index < filter.length; index += 2) {
    const [first, second] = [weightAt(index), index + 1 < filter.length ? weightAt(index + 1) : 0];
    const [above, below] = [Math.max(first, 0) + Math.max(second, 0), Math.min(first, 0) + Math.min(second, 0)];
    most = Math.max(most, above, -below);
  }
  return most;
}

/**
 * What rounding a weight to codes takes from each filter's sum on the mean, `[filters]`, where the channels of the input
 * have these means: added to the biases, it makes the mean right again (Nagel et al. 2019, "Data-Free Quantization Through
 * Weight Equalization and Bias Correction", section 4.2).
 *
 * @param data as of {@link codeWeight}, and its codes.
 */
export function meanShift(data: Float32Array, { codes, scales }: CodedWeight, means: Float32Array): Float32Array {
  const size = data.length / scales.length;
  const places = size / means.length;
  return scales.map((scale, filter) => {
    let shift = 0;
    for (let index = 0; index < size; index += 1) {
      const at = filter * size + index;
      shift += means[Math.floor(index / places)]! * (data[at]! - scale * codes[at]!);
    }
    return shift;
  });
}

/** A convolution's bias in the units of its sums: the input's scale times the filter's. */
export function codeBias(bias: Float32Array, inputScale: number, { scales }: CodedWeight): Int32Array {
  return Int32Array.from(bias, (number, filter) => Math.round(number / (inputScale * scales[filter]!)));
}
