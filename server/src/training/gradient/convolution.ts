import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import { concat, pad, reduceSum, reshape, slice, transpose } from '../../onnx/operations.ts';
import { type Attributes, sizesOf, type Value } from '../../onnx/shape-inference.ts';
import type { GradientRule } from './rule.ts';

/** A convolution's window, by axis: height, width. `begin` and `end` are its pads. */
interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly begin: readonly number[];
  readonly end: readonly number[];
}

function windowOf({ kernel_shape, strides, pads }: Attributes): Window {
  const all = pads as readonly number[];
  return {
    kernel: kernel_shape as readonly number[],
    strides: strides as readonly number[],
    begin: all.slice(0, 2),
    end: all.slice(2),
  };
}

/** y = x ∗ w + b: three gradients, each with the fastest exact form that was measured (docs/experiments.md). */
export const convGradient: GradientRule<'Conv'> = ({ graph, step: { inputs, attributes }, dy, wants }) => {
  const [x, weight] = [inputs[0]!, inputs[1]!];
  const window = windowOf(attributes);
  return [
    wants(0) ? inputGradient(graph, x, weight, dy, window) : undefined,
    wants(1) ? weightGradient(graph, x, weight, dy, window) : undefined,
    wants(2) ? reduceSum(graph, dy, [0, 2, 3]) : undefined,
  ];
};

/**
 * dL/dx `[N, C, H, W]`. With stride 1 it is a convolution of dy with the kernels turned by 180° and input and output
 * channels exchanged, padded by kernel − 1 − pad; else the transposed convolution.
 */
function inputGradient(graph: GraphBuilder, x: Value, weight: Value, dy: Value, window: Window): Value {
  const { kernel, strides, begin, end } = window;
  if (strides.every((stride) => stride === 1)) {
    const exchanged = transpose(graph, weight, [1, 0, 2, 3]);
    const turned = kernel.every((size) => size === 1)
      ? exchanged
      : slice(graph, exchanged, {
          starts: [-1, -1],
          ends: kernel.map((size) => -size - 1),
          axes: [2, 3],
          steps: [-1, -1],
        });
    const pads = [...begin, ...end].map((size, index) => kernel[index % 2]! - 1 - size);
    return graph.apply('Conv', [dy, turned], { kernel_shape: kernel, strides, pads });
  }
  const outputs = sizesOf(dy.shape.slice(2));
  const left = sizesOf(x.shape.slice(2)).map(
    (size, axis) => size + begin[axis]! + end[axis]! - ((outputs[axis]! - 1) * strides[axis]! + kernel[axis]!),
  );
  const pads = [...begin, ...end];
  return graph.apply('ConvTranspose', [dy, weight], { kernel_shape: kernel, strides, pads, output_padding: left });
}

/** Positions of the output map from which on a multiplication per photo is faster than one over all photos. */
const POSITIONS_FOR_BATCHED = 400;

/**
 * dL/dw `[out, in, kh, kw]` = Σ over photos and positions of dy · (what the kernel's tap saw there). The taps are kh·kw
 * shifted views of the padded input, so this is a matrix product `[out, positions] · [positions, kh·kw·in]`: per photo
 * and then added up where maps are large, or over the positions of all photos at once where they are small.
 */
function weightGradient(graph: GraphBuilder, x: Value, weight: Value, dy: Value, window: Window): Value {
  const { kernel, begin, end } = window;
  const [count, channels] = sizesOf(x.shape) as [number, number];
  const [, filters, height, width] = sizesOf(dy.shape) as [number, number, number, number];
  const positions = height * width;
  const rows = kernel[0]! * kernel[1]! * channels;
  const padded = pad(graph, x, [0, 0, ...begin, 0, 0, ...end]);

  let product: Value; // [filters, kh·kw·in]
  if (positions >= POSITIONS_FOR_BATCHED) {
    const seen = reshape(graph, concat(graph, taps(graph, padded, [height, width], window), 1), [
      count,
      rows,
      positions,
    ]);
    const wanted = reshape(graph, dy, [count, filters, positions]);
    product = reduceSum(graph, graph.apply('MatMul', [wanted, transpose(graph, seen, [0, 2, 1])]), [0]);
  } else {
    const channelsFirst = transpose(graph, padded, [1, 0, 2, 3]);
    const seen = concat(graph, taps(graph, channelsFirst, [height, width], window), 0);
    const wanted = reshape(graph, transpose(graph, dy, [1, 0, 2, 3]), [filters, count * positions]);
    product = graph.apply('Gemm', [wanted, reshape(graph, seen, [rows, count * positions])], { transB: 1 });
  }
  if (kernel[0] === 1 && kernel[1] === 1) return reshape(graph, product, weight.shape);
  return transpose(graph, reshape(graph, product, [filters, kernel[0]!, kernel[1]!, channels]), [0, 3, 1, 2]);
}

/** What each tap of the kernel sees of a padded map `[·, ·, H, W]`, tap after tap: views of the output map's size. */
function taps(
  graph: GraphBuilder,
  padded: Value,
  size: readonly [number, number],
  { kernel, strides }: Window,
): Value[] {
  const whole = kernel.every((side) => side === 1) && strides.every((stride) => stride === 1);
  if (whole) return [padded];
  return Array.from({ length: kernel[0]! * kernel[1]! }, (_, tap) => {
    const starts = [Math.floor(tap / kernel[1]!), tap % kernel[1]!];
    const ends = starts.map((start, axis) => start + (size[axis]! - 1) * strides[axis]! + 1);
    return slice(graph, padded, { starts, ends, axes: [2, 3], steps: strides });
  });
}
