import type { GraphBuilder, Node } from '../../onnx/graph-builder.ts';
import { pad, reshape, scale, select } from '../../onnx/operations.ts';
import { elementCount, type Shape, sizesOf, type Value } from '../../onnx/shape-inference.ts';
import type { GradientContext, GradientRule } from './rule.ts';

/**
 * Max pooling: dy goes to where each maximum came from, or to its first place in the window if it occurs several times.
 * Two exact forms give the same numbers up to rounding. With stride 1, rows and columns are pooled one after the other;
 * otherwise indices tell where the gradient goes. On a CPU the first form takes half as long (docs/experiments.md),
 * because `MaxPool` is vectorized only without indices and the scatter is single-threaded. With a larger stride, its
 * shifts would become copies of single numbers.
 */
export const maxPoolGradient: GradientRule<'MaxPool'> = (given) => {
  const strides = given.step.attributes.strides as readonly number[];
  return [strides.every((stride) => stride === 1) ? byRowsAndColumns(given) : byIndices(given)];
};

/**
 * The maximum over a window is the maximum of its rows' maxima: y is the column maxima of m, and m the row maxima of x.
 * dy goes back through the columns to m, and then through the rows to x.
 */
function byRowsAndColumns({ graph, step, dy }: GradientContext<Node>): Value {
  const [x, y] = [step.inputs[0]!, step.outputs[0]!];
  const { kernel_shape, pads } = step.attributes as Record<string, readonly number[]>;
  const [height, width] = [kernel_shape![0]!, kernel_shape![1]!];
  const [top, left, , right] = pads as readonly [number, number, number, number];
  const rowWindow = { kernel_shape: [1, width], strides: [1, 1], pads: [0, left, 0, right] };
  const maxima = graph.apply('MaxPool', [x], rowWindow);
  const dMaxima = lineGradient(graph, { x: maxima, y, dy, axis: 2, kernel: height, begin: top });
  return lineGradient(graph, { x, y: maxima, dy: dMaxima, axis: 3, kernel: width, begin: left });
}

/** The lowest float32, which is below every possible maximum. */
const LOWEST = -3.4028234663852886e38;

/** Pooling along one axis: its input, its output, and the gradient of its output. */
interface Line {
  readonly x: Value;
  readonly y: Value;
  readonly dy: Value;
  readonly axis: number;
  readonly kernel: number;
  /** The pad at the start of the axis. */
  readonly begin: number;
}

/**
 * The gradient of pooling along one axis with stride 1. Goes through the taps in order: each output gives its remaining
 * gradient to the first tap that equals its maximum. The last tap gets what is left.
 */
function lineGradient(graph: GraphBuilder, { x, y, dy, axis, kernel, begin }: Line): Value {
  const [from, to] = [Number(x.shape[axis]), Number(y.shape[axis])];
  /** Shifts a value along the axis. The inner axes are flattened, so that it copies long rows instead of short ones. */
  const shifted = (value: Value, before: number, after: number, filling: number) => {
    if (before === 0 && after === 0) return value;
    const sizes = sizesOf(value.shape);
    const inner = sizes.slice(axis + 1).reduce((product, size) => product * size, 1);
    const flat = reshape(graph, value, [elementCount(sizes.slice(0, axis)), sizes[axis]! * inner]);
    const moved = pad(graph, flat, [0, before * inner, 0, after * inner], filling);
    return reshape(graph, moved, sizes.with(axis, sizes[axis]! + before + after));
  };
  let rest = dy;
  const parts = Array.from({ length: kernel }, (_, tap) => {
    const offset = tap - begin; // through this tap, output q sees x[q + offset]
    let taken = rest;
    if (tap < kernel - 1) {
      const seen = shifted(x, -offset, offset + to - from, LOWEST);
      taken = select(graph, graph.apply('Equal', [seen, y]), rest);
      rest = graph.apply('Sub', [rest, taken]);
    }
    return shifted(taken, offset, from - to - offset, 0);
  });
  return parts.reduce((one, other) => graph.apply('Add', [one, other]));
}

/**
 * Uses `MaxPool`'s second output, indices into the flattened input. A scatter sums what several windows send to a
 * place.
 */
function byIndices({ graph, step, dy }: GradientContext<Node>): Value {
  const { shape } = step.inputs[0]!;
  const indices = reshape(graph, graph.secondOutput(step), [elementCount(dy.shape)]);
  const zeros = graph.apply('ConstantOfShape', [graph.ints([elementCount(shape)])]);
  const updates = reshape(graph, dy, [elementCount(dy.shape)]);
  const flat = graph.apply('ScatterElements', [zeros, indices, updates], { axis: 0, reduction: 'add' });
  return reshape(graph, flat, shape);
}

/**
 * Average pooling that counts its pads: dy / window size, spread over each window. That is a transposed convolution of
 * each channel by itself, `[N·C, 1, h, w]` → `[N·C, 1, H, W]`, with a constant kernel.
 */
export const averagePoolGradient: GradientRule<'AveragePool'> = ({ graph, step, dy }) => {
  const { shape } = step.inputs[0]!;
  const { kernel_shape, strides, pads } = step.attributes as Record<string, readonly number[]>;
  const [height, width] = [kernel_shape![0]!, kernel_shape![1]!];
  const share = new Float32Array(height * width).fill(1 / (height * width));
  const kernel = graph.constant(`${step.name}/share`, 'float32', [1, 1, height, width], share);
  const channelByChannel = ([n, c, ...sizes]: Shape) => [Number(n) * Number(c), 1, ...sizes];
  const left = sizesOf(shape.slice(2)).map((size, axis) => {
    return (size + pads![axis]! + pads![axis + 2]! - kernel_shape![axis]!) % strides![axis]!;
  });
  const window = { kernel_shape: kernel_shape!, strides: strides!, pads: pads!, output_padding: left };
  const spread = graph.apply('ConvTranspose', [reshape(graph, dy, channelByChannel(dy.shape)), kernel], window);
  return [reshape(graph, spread, shape)];
};

/** y is the mean of a whole map, so the gradient is dy / (H·W) everywhere. */
export const globalAveragePoolGradient: GradientRule<'GlobalAveragePool'> = ({ graph, step, dy }) => {
  const { shape } = step.inputs[0]!;
  const share = scale(graph, dy, 1 / elementCount(shape.slice(2)));
  return [graph.apply('Expand', [share, graph.ints(sizesOf(shape))])];
};
