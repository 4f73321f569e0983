/** The lowest and the highest value of an activation. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** How quantized values (0 to 255) map to real ones: real = scale · (quantized − zeroPoint). */
export interface QuantizationParameters {
  readonly scale: number;
  readonly zeroPoint: number;
}

const MAX_QUANTIZED = 255;

/**
 * Computes the parameters that cover a range and 0. They represent 0 exactly, because convolutions pad with it. Values
 * outside the range are clamped.
 */
export function quantizationParametersOf({ low, high }: Range): QuantizationParameters {
  const [from, to] = [Math.min(0, low), Math.max(0, high)];
  const scale = Math.fround((to - from) / MAX_QUANTIZED) || 1;
  return { scale, zeroPoint: Math.min(MAX_QUANTIZED, Math.round((0 - from) / scale)) };
}

/** A convolution's quantized weight: real = scale of its filter · quantized. */
export interface QuantizedWeight {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/** The largest magnitudes that a filter's quantized weights may have. */
export interface WeightLimits {
  /** For one weight. */
  readonly single: number;
  /** For the sum of two neighbors with the same sign: the weights of channels 2i and 2i + 1 at one kernel position. */
  readonly pair: number;
}

/**
 * All eight bits, as long as no two neighbors exceed 128 together. Processors with AVX2 but without VNNI multiply
 * quantized values in pairs and add the two products in 16 bits with saturation (`VPMADDUBSW`). Since 255 · 128 = 32,640
 * is below 32,767, no pair saturates, whatever the photo. Neighbors with different signs can't saturate either: their
 * products partly cancel out. ONNX Runtime's kernels go through a filter's weights position by position and pair up the
 * channels of each position.
 */
export const WEIGHT_LIMITS: WeightLimits = { single: 127, pair: 128 };

/** How a weight is quantized. */
export interface WeightQuantization {
  /** The scale of the convolution's quantized input. */
  readonly inputScale: number;
  /** {@link WEIGHT_LIMITS} by default. */
  readonly limits?: WeightLimits | undefined;
}

/** The largest magnitude of a quantized bias: half of what 32 bits hold, since the sums add to it. */
const MAX_QUANTIZED_BIAS = 2 ** 30;

/**
 * Quantizes a weight with one scale per filter. It is the finest scale within the limits, unless the filter's quantized
 * bias would overflow. Such a bias dwarfs the weights, so the scale is then as coarse as the bias needs.
 *
 * @param data `[filters, channels, positions]`, with the kernel's positions in any order.
 */
export function quantizeWeight(
  data: Float32Array,
  channels: number,
  bias: Float32Array,
  { inputScale, limits = WEIGHT_LIMITS }: WeightQuantization,
): QuantizedWeight {
  const values = new Int8Array(data.length);
  const size = data.length / bias.length;
  const scales = bias.map((number, filter) => {
    const own = data.subarray(filter * size, (filter + 1) * size);
    // Rounding adds at most half a step to each of two neighbors.
    const finest = Math.max(largest(own) / limits.single, largestPair(own, channels) / (limits.pair - 1));
    const scale = Math.fround(Math.max(finest, Math.abs(number) / (inputScale * MAX_QUANTIZED_BIAS))) || 1;
    for (const [index, weight] of own.entries()) {
      values[filter * size + index] = Math.min(limits.single, Math.max(-limits.single, Math.round(weight / scale)));
    }
    return scale;
  });
  return { values, scales };
}

const largest = (filter: Float32Array) => filter.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);

/** The largest magnitude of the sum of two neighbors with the same sign. `filter` is `[channels, positions]`. */
function largestPair(filter: Float32Array, channels: number): number {
  const positions = filter.length / channels;
  const weightAt = (index: number) => filter[(index % channels) * positions + Math.floor(index / channels)]!;
  let most = 0;
  for (let index = 0; index < filter.length; index += 2) {
    const [first, second] = [weightAt(index), index + 1 < filter.length ? weightAt(index + 1) : 0];
    const [above, below] = [Math.max(first, 0) + Math.max(second, 0), Math.min(first, 0) + Math.min(second, 0)];
    most = Math.max(most, above, -below);
  }
  return most;
}

/**
 * Computes how much rounding the weights lowers each filter's mean output, `[filters]`, for inputs with these channel
 * means. Adding it to the biases corrects the mean (Nagel et al. 2019, "Data-Free Quantization Through Weight
 * Equalization and Bias Correction", section 4.2).
 *
 * @param data the unquantized weight, as {@link quantizeWeight} takes it.
 */
export function meanShift(data: Float32Array, { values, scales }: QuantizedWeight, means: Float32Array): Float32Array {
  const size = data.length / scales.length;
  const positions = size / means.length;
  return scales.map((scale, filter) => {
    let shift = 0;
    for (let index = 0; index < size; index += 1) {
      const at = filter * size + index;
      shift += means[Math.floor(index / positions)]! * (data[at]! - scale * values[at]!);
    }
    return shift;
  });
}

/** Quantizes a convolution's bias in the units of its sums: the input's scale times the filter's scale. */
export function quantizeBias(bias: Float32Array, inputScale: number, { scales }: QuantizedWeight): Int32Array {
  return Int32Array.from(bias, (number, filter) => Math.round(number / (inputScale * scales[filter]!)));
}
