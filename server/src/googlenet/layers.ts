import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { reshape, scale, transpose } from '../onnx/operations.ts';
import { CAST_TO_FLOAT32, type Shape, type Value } from '../onnx/shape-inference.ts';

/** Provides a layer's parameters, for example from a file or an initializer. It may also just record what is requested. */
export type ParameterSource = (name: string, shape: Shape) => Value;

/**
 * How the graph expresses local response normalization. `band` is fast in float32 (see
 * {@link Layers.localResponseNorm}). `op` is ONNX's own `LRN`. `channelsLast` is fast between int8 convolutions, which
 * ONNX Runtime computes on `[N, H, W, C]`.
 */
export type LrnForm = 'band' | 'op' | 'channelsLast';

/** Caffe's parameters of local response normalization. */
const LRN = { size: 5, alpha: 1e-4, beta: 0.75, k: 1 } as const;

/** A square window. */
interface Window {
  readonly kernel: number;
  readonly stride?: number;
  readonly pad?: number;
}

/** The layers that GoogLeNet is made of, on values `[N, C, H, W]`. Names and parameters are Caffe's. */
export class Layers {
  readonly graph: GraphBuilder;
  readonly #parameter: ParameterSource;
  readonly #lrnForm: LrnForm;

  constructor(graph: GraphBuilder, parameter: ParameterSource, lrnForm: LrnForm = 'band') {
    this.graph = graph;
    this.#parameter = parameter;
    this.#lrnForm = lrnForm;
  }

  /** Convolution, bias and ReLU: `[N, C, H, W]` → `[N, filters, H', W']`. */
  convRelu(x: Value, name: string, filters: number, { kernel, stride = 1, pad = 0 }: Window): Value {
    const channels = x.shape[1] ?? 1;
    const weight = this.#parameter(`${name}.weight`, [filters, channels, kernel, kernel]);
    const bias = this.#parameter(`${name}.bias`, [filters]);
    const window = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [pad, pad, pad, pad] };
    const conv = this.graph.apply('Conv', [x, weight, bias], window, name);
    return this.graph.apply('Relu', [conv], {}, `${name}/relu`);
  }

  /**
   * Max pooling with Caffe's output sizes. The last window may overhang the edge (sizes are rounded up), but must begin
   * inside the map or its leading pad. The overhang becomes an explicit pad at the end. The result is the same, and the
   * gradient of the pooling needs it.
   */
  maxPool(x: Value, name: string, { kernel, stride = 1, pad = 0 }: Window): Value {
    const overhang = (size: number) => {
      const last = Math.ceil((size + 2 * pad - kernel) / stride);
      const windows = (pad > 0 && last * stride >= size + pad ? last - 1 : last) + 1;
      return Math.max(0, (windows - 1) * stride + kernel - size - pad);
    };
    const [, , height, width] = x.shape as [unknown, unknown, number, number];
    const pads = [pad, pad, overhang(height), overhang(width)];
    const window = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads };
    return this.graph.apply('MaxPool', [x], window, name);
  }

  /**
   * Local response normalization across channels (Krizhevsky et al. 2012, section 3.3), in Caffe's form with size 5,
   * alpha 1e-4, beta 0.75 and k 1:
   *
   *     y[c] = x[c] / s[c]^0.75,   s[c] = 1 + (alpha / 5) · Σ x[j]²  over the five channels around c
   *
   * The sum over neighboring channels is a 1×1 convolution with a banded C×C matrix, and s^0.75 = √s · √√s. This is
   * exact and needs only operators that every runtime has fast kernels for. On a CPU, ONNX Runtime's `LRN` op takes 42%
   * of the whole network's time. `npm run bench` measures both.
   */
  localResponseNorm(x: Value, name: string): Value {
    if (this.#lrnForm === 'channelsLast') return this.#channelsLastNorm(x, name);
    const { size, alpha, beta, k } = LRN;
    if (this.#lrnForm === 'op') return this.graph.apply('LRN', [x], { size, alpha, beta, bias: k }, name);

    const channels = x.shape[1] as number;
    const band = Float32Array.from({ length: channels * channels }, (_, index) => {
      const distance = Math.abs(Math.floor(index / channels) - (index % channels));
      return distance <= (size - 1) / 2 ? alpha / size : 0;
    });
    const weight = this.graph.constant(`${name}/band`, 'float32', [channels, channels, 1, 1], band);
    const bias = this.graph.constant(`${name}/k`, 'float32', [channels], new Float32Array(channels).fill(k));
    const window = { kernel_shape: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0] };
    return this.graph.fuse({ op: 'LocalResponseNorm', beta }, x, () => {
      const squares = this.graph.apply('Mul', [x, x], {}, `${name}/squares`);
      const sums = this.graph.apply('Conv', [squares, weight, bias], window, `${name}/scale`);
      const power = this.#power(sums, name);
      const saved = { band: weight, scale: sums, power };
      return { output: this.graph.apply('Div', [x, power], {}, name), saved };
    });
  }

  /**
   * The same on `[N, H, W, C]`: an average pooling along the last axis takes the mean over neighboring channels. It is
   * exact too, and faster than the band between int8 convolutions (`npm run bench -- int8` measures both).
   */
  #channelsLastNorm(x: Value, name: string): Value {
    const { size, alpha, k } = LRN;
    const [, channels, height, width] = x.shape as [unknown, number, number, number];
    const reach = (size - 1) / 2;
    const window = { kernel_shape: [1, size], strides: [1, 1], pads: [0, reach, 0, reach], count_include_pad: 1 };
    const last = transpose(this.graph, x, [0, 2, 3, 1]);
    const squares = this.graph.apply('Mul', [last, last], {}, `${name}/squares`);
    const rows = reshape(this.graph, squares, [-1, 1, height * width, channels]);
    const means = this.graph.apply('AveragePool', [rows], window, `${name}/means`);
    const weighed = scale(this.graph, reshape(this.graph, means, [-1, height, width, channels]), alpha);
    const sums = this.graph.apply('Add', [weighed, this.graph.scalar(k)], {}, `${name}/scale`);
    const normed = this.graph.apply('Div', [last, this.#power(sums, name)], {}, `${name}/last`);
    return this.graph.apply('Transpose', [normed], { perm: [0, 3, 1, 2] }, name);
  }

  /** s^0.75 = √s · √√s. */
  #power(scaled: Value, name: string): Value {
    const root = this.graph.apply('Sqrt', [scaled], {}, `${name}/root`);
    const fourthRoot = this.graph.apply('Sqrt', [root], {}, `${name}/fourth_root`);
    return this.graph.apply('Mul', [root, fourthRoot], {}, `${name}/power`);
  }

  /** Average pooling without pads: `[N, C, H, W]` → `[N, C, H', W']`. */
  averagePool(x: Value, name: string, { kernel, stride = 1 }: Omit<Window, 'pad'>): Value {
    const window = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [0, 0, 0, 0] };
    return this.graph.apply('AveragePool', [x], window, name);
  }

  /** `[N, C, H, W]` → `[N, C·H·W]`, in row-major order. */
  flatten(x: Value, name: string): Value {
    return this.graph.apply('Flatten', [x], {}, name);
  }

  relu(x: Value, name: string): Value {
    return this.graph.apply('Relu', [x], {}, name);
  }

  /**
   * Dropout with a mask from outside, uint8 in x's shape. Elements with mask 0 are dropped. Those with mask 1 are divided
   * by the share of kept elements, so that the mean stays the same (Caffe's form). ONNX's own operator isn't used because
   * it keeps its random state inside the session, where checkpoints can't reach it.
   */
  dropout(x: Value, mask: Value, name: string, ratio: number): Value {
    const kept = this.graph.apply('Cast', [mask], CAST_TO_FLOAT32, `${name}/kept`);
    const factors = this.graph.apply('Mul', [kept, this.graph.scalar(1 / (1 - ratio))], {}, `${name}/factors`);
    return this.graph.apply('Mul', [x, factors], {}, name);
  }

  /** The mean over the whole map: `[N, C, H, W]` → `[N, C]`. */
  globalAveragePool(x: Value, name: string): Value {
    return this.graph.apply('Flatten', [this.graph.apply('GlobalAveragePool', [x], {}, name)], {}, `${name}/flat`);
  }

  /** A fully connected layer: `[N, in]` → `[N, outputs]`. Also returns its weight, `[outputs, in]`. */
  linear(x: Value, name: string, outputs: number): { logits: Value; weight: Value } {
    const weight = this.#parameter(`${name}.weight`, [outputs, x.shape[1] ?? 1]);
    const bias = this.#parameter(`${name}.bias`, [outputs]);
    return { logits: this.graph.apply('Gemm', [x, weight, bias], { transB: 1 }, name), weight };
  }
}
