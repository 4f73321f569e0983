import { evaluate, isEvaluated } from './evaluate.ts';
import type { ForeignNode, ForeignValue } from './foreign-graph.ts';
import type { Tensor } from './tensor.ts';

/** The parameters of local response normalization, as in ONNX’s `LRN`. */
export interface NormalizationParameters {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
}

/** How many nodes to follow from the normalization’s input. PyTorch writes 40 of them at most. */
const MAX_NODES = 100;

/** How many values to compute. A normalization has one end. */
const MAX_ENDS = 2;

/** Room for rounding in float32, and for constants that are stored as float32. */
const TOLERANCE = 1e-4;

/**
 * Finds local response normalization that an exporter has written as several nodes: PyTorch as an average pooling over
 * the channels, Keras as a sum of slices. There are many ways to write it, so this doesn't look at how. It computes what
 * the nodes make of some numbers, and compares the result with the formula.
 *
 * @param x the normalization's input, and its shape without the batch, `[C, H, W]`.
 * @returns its output, or undefined if the nodes after `x` compute something else.
 */
export function normalizedFrom(
  x: ForeignValue,
  shape: readonly number[],
  parameters: NormalizationParameters,
): ForeignValue | undefined {
  const input = { shape: [1, ...shape], data: probe(shape) };
  const expected = normalized(input, parameters);
  return endsAfter(x)
    .slice(0, MAX_ENDS)
    .find((end) => {
      const found = evaluate(end, new Map([[x, input]]));
      return found?.shape.join() === input.shape.join() && isNear(found.data, expected);
    });
}

/** Lists values that are computed from `x` and read by a node that isn't part of a normalization. */
function endsAfter(x: ForeignValue): ForeignValue[] {
  const seen = new Set<ForeignNode>();
  const ends: ForeignValue[] = [];
  for (const waiting = [x]; waiting.length > 0; ) {
    const value = waiting.shift()!;
    const parts = value.consumers.filter(({ op }) => isEvaluated(op));
    if (value !== x && parts.length < value.consumers.length) ends.push(value);
    for (const node of parts) {
      if (seen.has(node) || seen.size >= MAX_NODES) continue;
      seen.add(node);
      waiting.push(node.output);
    }
  }
  return ends;
}

/** Returns numbers up to ±300, without a pattern. With these, the normalization changes a lot. */
function probe(shape: readonly number[]): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  let state = 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 32 - 0.5) * 600;
  });
}

/** Computes `x / (bias + alpha / size · Σ x²)^beta` over neighboring channels of `[1, C, H, W]`. */
function normalized({ shape, data }: Tensor, { size, alpha, beta, bias }: NormalizationParameters): Float32Array {
  const [, channels = 0, height = 0, width = 0] = shape;
  const area = height * width;
  const reach = (size - 1) / 2;
  return data.map((number, index) => {
    const [channel, place] = [Math.floor(index / area), index % area];
    let sum = 0;
    for (let other = Math.max(0, channel - reach); other <= Math.min(channels - 1, channel + reach); other += 1) {
      sum += data[other * area + place]! ** 2;
    }
    return number / (bias + (alpha / size) * sum) ** beta;
  });
}

const isNear = (found: Float32Array, expected: Float32Array) =>
  found.every(
    (number, index) => Math.abs(number - expected[index]!) <= TOLERANCE * (Math.abs(expected[index]!) + 1e-3),
  );
