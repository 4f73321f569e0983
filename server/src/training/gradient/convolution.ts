import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import { concat, pad, reduceSum, reshape, slice, transpose } from '../../onnx/operations.ts';
import { type Attributes, sizesOf, type Value } from '../../onnx/shape-inference.ts';
import type { GradientRule } from './rule.ts';

/** A convolution's window along height and width. `begin` and `end` are its pads. */
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

/** y = x ∗ w + b. Each of the three gradients uses the fastest exact form that was measured (docs/experiments.md). */
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
 * dL/dx `[N, C, H, W]`. With stride 1, it is the convolution of dy with the kernels rotated by 180° and their input and
 * output channels swapped, padded by kernel − 1 − pad. Otherwise it is the transposed convolution.
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

/** From this many positions in the output map on, one multiplication per photo is faster than one for all photos. */
const POSITIONS_FOR_BATCHED = 400;

/**
 * dL/dw `[out, in, kh, kw]` = Σ over photos and positions of dy · (the input that the kernel's tap saw there). A tap
 * sees a shifted view of the padded input. The views of the taps in one kernel row are concatenated. Shifting the
 * result by whole pixel rows gives the other kernel rows. Each kernel row is then one matrix product `[out, positions]
 * · [positions, kw·in]`: per photo and then summed if maps are large, or over the positions of all photos at once if
 * they are small.
 */
function weightGradient(graph: GraphBuilder, x: Value, weight: Value, dy: Value, window: Window): Value {
  const { kernel, begin, end } = window;
  const [, filters, height, width] = sizesOf(dy.shape) as [number, number, number, number];
  const padded = pad(graph, x, [0, 0, ...begin, 0, 0, ...end]);
  const multiply = height * width >= POSITIONS_FOR_BATCHED ? photoByPhoto : allPhotosAtOnce;
  const products = multiply(graph, padded, dy, (map, channelAxis) => {
    const inRow = range(kernel[1]!).map((tap) => view(graph, map, 3, tap, width, window));
    const row = concat(graph, inRow, channelAxis);
    return range(kernel[0]!).map((tap) => view(graph, row, 2, tap, height, window));
  });
  const rows = products.map((product) => reshape(graph, product, [filters, 1, kernel[1]!, x.shape[1]!]));
  const gradient = concat(graph, rows, 1);
  return weight.shape.at(-1) === 1 && weight.shape.at(-2) === 1
    ? reshape(graph, gradient, weight.shape)
    : transpose(graph, gradient, [0, 3, 1, 2]);
}

const range = (length: number) => Array.from({ length }, (_, index) => index);

/** Returns what a tap sees along an axis: `size` elements from the tap's position on, a stride apart. */
function view(graph: GraphBuilder, map: Value, axis: 2 | 3, tap: number, size: number, { strides }: Window): Value {
  const stride = strides[axis - 2]!;
  if (map.shape[axis] === size && stride === 1) return map;
  return slice(graph, map, { starts: [tap], ends: [tap + (size - 1) * stride + 1], axes: [axis], steps: [stride] });
}

/** Returns what each kernel row sees of a map, with its columns concatenated along the channel axis. */
type Views = (map: Value, channelAxis: number) => Value[];

/**
 * Per kernel row `[out, kw·in]`: the products `[N, out, positions] · [N, positions, kw·in]`, summed over the photos.
 */
function photoByPhoto(graph: GraphBuilder, padded: Value, dy: Value, views: Views): Value[] {
  const asRows = (map: Value) => {
    const [count, channels, height, width] = sizesOf(map.shape) as [number, number, number, number];
    return reshape(graph, map, [count, channels, height * width]);
  };
  const wanted = asRows(dy);
  return views(padded, 1).map((seen) => {
    const product = graph.apply('MatMul', [wanted, transpose(graph, asRows(seen), [0, 2, 1])]);
    return reduceSum(graph, product, [0]);
  });
}

/** Per kernel row `[out, kw·in]`: the product `[out, N·positions] · [N·positions, kw·in]`. */
function allPhotosAtOnce(graph: GraphBuilder, padded: Value, dy: Value, views: Views): Value[] {
  const channelsFirst = (map: Value) => transpose(graph, map, [1, 0, 2, 3]);
  const asRows = (map: Value) => {
    const [channels, ...positions] = sizesOf(map.shape) as [number, ...number[]];
    return reshape(graph, map, [channels, positions.reduce((product, size) => product * size, 1)]);
  };
  const wanted = asRows(channelsFirst(dy));
  return views(channelsFirst(padded), 0).map((seen) => graph.apply('Gemm', [wanted, asRows(seen)], { transB: 1 }));
}
