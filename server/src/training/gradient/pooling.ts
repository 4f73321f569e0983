import type { GraphBuilder, Node } from '../../onnx/graph-builder.ts';
import { pad, reshape, scale, select } from '../../onnx/operations.ts';
import { elementCount, type Shape, sizesOf, type Value } from '../../onnx/shape-inference.ts';
import type { GradientContext, GradientRule } from './rule.ts';

/**
 * Max pooling: dy goes to where each maximum came from, the first in its window where it stands there several times.
 * Two exact forms that give the same numbers to a rounding: with stride 1 rows and columns one after the other, else by
 * indices. The first takes half the time of the second on a CPU (docs/experiments.md), whose `MaxPool` is vectorised only
 * without indices and whose scatter runs on one thread; with a stride its shifts become copies of single numbers.
 */
export const maxPoolGradient: GradientRule<'MaxPool'> = (given) => {
  const strides = given.step.attributes.strides as readonly number[];
  return [strides.every((stride) => stride === 1) ? byRowsAndColumns(given) : byIndices(given)];
};

/**
 * The maximum over a window is the maximum over its rows' maxima: y = column maxima of m, m = row maxima of x. dy goes
 * back through the columns to m and from there through the rows to x.
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

/** Less than every number that could be a maximum. */
const LOWEST = -3.4028234663852886e38;

/** A pooling along one axis: what went in and came out, and what comes back. */
interface Line {
  readonly x: Value;
  readonly y: Value;
  readonly dy: Value;
  readonly axis: number;
  readonly kernel: number;
  /** Its pad at the begin. */
  readonly begin: number;
}

/**
 * The gradient of pooling along one axis with stride 1. Tap after tap, each output gives what it still has to the tap
 * that its maximum equals; what the others did not take is the last one's.
 */
function lineGradient(graph: GraphBuilder, { x, y, dy, axis, kernel, begin }: Line): Value {
  const [from, to] = [Number(x.shape[axis]), Number(y.shape[axis])];
  /** Moved along the axis. What lies behind the axis moves as one: a copy of long rows instead of short ones. */
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
    const offset = tap - begin; // output q sees x[q + offset] by this tap
    let taken = rest;
    if (tap < kernel - 1) {
      const seen = shifted(x, -offset, offset + to - from, LOWEST);
      taken = select(graph, graph.apply('Equal', [seen, y]), rest);
      rest = graph.apply('Sub', [rest, taken]);
    }
    return shifted(taken, offset, from - to - offset, 0);
  });
  return graph.apply('Sum', parts);
}

/** `MaxPool`'s second output are indices into the flattened input; a scatter adds up what windows send to one place. */
function byIndices({ graph, step, dy }: GradientContext<Node>): Value {
  const { shape } = step.inputs[0]!;
  const indices = reshape(graph, graph.secondOutput(step), [elementCount(dy.shape)]);
  const zeros = graph.apply('ConstantOfShape', [graph.ints([elementCount(shape)])]);
  const updates = reshape(graph, dy, [elementCount(dy.shape)]);
  const flat = graph.apply('ScatterElements', [zeros, indices, updates], { axis: 0, reduction: 'add' });
  return reshape(graph, flat, shape);
}

/**
 * Average pooling whose pads count: dy / window size, spread over each window. That is a transposed convolution of every
 * channel by itself, `[N·C, 1, h, w]` → `[N·C, 1, H, W]`, with a constant kernel.
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

/** The mean over a whole map: dy / (H·W) everywhere. */
export const globalAveragePoolGradient: GradientRule<'GlobalAveragePool'> = ({ graph, step, dy }) => {
  const { shape } = step.inputs[0]!;
  const share = scale(graph, dy, 1 / elementCount(shape.slice(2)));
  return [graph.apply('Expand', [share, graph.ints(sizesOf(shape))])];
};
