import type { DataType } from './proto.ts';

/** A size: known (`224`) or free (`'N'`, the batch). */
type Dimension = number | string;

/** The shape of a value, row-major. ONNX's order for photos is `[N, channels, height, width]`. */
export type Shape = readonly Dimension[];

/** An input or output of an operation: a name with its element type and shape. */
export interface Value {
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: Shape;
}

/** The parts of a `Loop` body that matter for shapes. */
interface Subgraph {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** A node's attributes. Numbers are ints, except for the names in `FLOAT_ATTRIBUTES`. Lists are lists of ints. */
export type Attributes = Readonly<Record<string, number | string | readonly number[] | Subgraph>>;

/** Attributes that ONNX defines as floats. JavaScript can't tell `1` from `1.0`. */
export const FLOAT_ATTRIBUTES: ReadonlySet<string> = new Set(['alpha', 'beta', 'bias']);

/** What a rule knows about its node. `constant` returns the numbers of a constant input and throws for any other. */
interface InferenceInput {
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly constant: (index: number) => readonly number[];
}

/** An output without its name. */
export type Result = Pick<Value, 'dtype' | 'shape'>;

/** Returns a node's output, or all its outputs in ONNX's order if the operator has several. */
type ShapeRule = (node: InferenceInput) => Result | readonly Result[];

/** Returns the sizes of a shape. Throws RangeError if a dimension is free. */
export function sizesOf(shape: Shape): number[] {
  return shape.map((size) => {
    if (typeof size === 'string') throw new RangeError(`the dimension ${size} of [${shape.join(', ')}] is free`);
    return size;
  });
}

/** Returns the number of elements of a shape. Throws RangeError if a dimension is free. */
export function elementCount(shape: Shape): number {
  return sizesOf(shape).reduce((count, size) => count * size, 1);
}

/** Broadcasts two shapes by NumPy's rules, which ONNX's elementwise operators follow: sizes are equal or one is 1. */
function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const sizeA = a[a.length - rank + axis] ?? 1;
    const sizeB = b[b.length - rank + axis] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      throw new RangeError(`[${a.join(', ')}] and [${b.join(', ')}] can’t be broadcast`);
    }
    return sizeA === 1 ? sizeB : sizeA;
  });
}

const input = ({ inputs }: InferenceInput, index: number): Value => {
  const value = inputs[index];
  if (!value) throw new RangeError(`input ${index} is missing`);
  return value;
};

const ints = ({ attributes }: InferenceInput, name: string): readonly number[] => {
  const value = attributes[name];
  if (!Array.isArray(value)) throw new RangeError(`attribute ${name} is missing`);
  return value;
};

const float32 = (shape: Shape): Result => ({ dtype: 'float32', shape });

/** Replaces some sizes of a shape. `sizes` is keyed by axis. */
const resized = (shape: Shape, sizes: ReadonlyMap<number, Dimension>): Shape =>
  shape.map((size, axis) => sizes.get(axis) ?? size);

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const elementwise: ShapeRule = (node) => {
  const [a, b] = [input(node, 0), input(node, 1)];
  return { dtype: a.dtype, shape: broadcast(a.shape, b.shape) };
};

const same = (node: InferenceInput): Result => input(node, 0);

const comparison: ShapeRule = (node) => ({
  dtype: 'bool',
  shape: broadcast(input(node, 0).shape, input(node, 1).shape),
});

/** How many elements `Slice` takes from an axis. Negative starts and ends count from the axis's end. Both are clamped. */
function sliceSize(size: number, start: number, end: number, step: number): number {
  const clamp = (index: number, low: number, high: number) =>
    Math.min(high, Math.max(low, index < 0 ? index + size : index));
  const [from, to] =
    step > 0 ? [clamp(start, 0, size), clamp(end, 0, size)] : [clamp(start, 0, size - 1), clamp(end, -1, size - 1)];
  return Math.max(0, Math.ceil((to - from) / step));
}

/** The output of a window that slides over `[N, C, H, W]`. Each size is floor((size + pads − kernel) / stride) + 1. */
function slide(node: InferenceInput, channels: Dimension): Result {
  const { dtype, shape } = input(node, 0);
  const [batch, , ...sizes] = shape;
  const [kernel, strides, pads] = [ints(node, 'kernel_shape'), ints(node, 'strides'), ints(node, 'pads')];
  const slid = sizesOf(sizes).map((size, axis) => {
    const padded = size + (pads[axis] ?? 0) + (pads[axis + sizes.length] ?? 0);
    return Math.floor((padded - (kernel[axis] ?? 1)) / (strides[axis] ?? 1)) + 1;
  });
  return { dtype, shape: [batch ?? 1, channels, ...slid] };
}

/** The attributes of a `Cast` to float32. */
export const CAST_TO_FLOAT32 = { to: 1 } as const;

/**
 * The shape rule of every operator in this project's graphs (https://onnx.ai/onnx/operators/, opset 17). Using an
 * operator without a rule doesn't compile.
 */
export const shapeRules = {
  Greater: comparison,
  Equal: comparison,
  Exp: same,
  LogSoftmax: same,
  Add: elementwise,
  Sub: elementwise,
  Mul: elementwise,
  Div: elementwise,
  Relu: same,
  Sqrt: same,
  LRN: same,
  Softmax: same,
  Identity: same,
  Cast: (node) => {
    if (node.attributes.to !== CAST_TO_FLOAT32.to) throw new RangeError('Cast is only supported to float32');
    return { dtype: 'float32', shape: input(node, 0).shape };
  },
  Conv: (node) => {
    const [photos, weight] = [input(node, 0), input(node, 1)];
    if (photos.shape[1] !== weight.shape[1]) {
      throw new RangeError(`Conv has ${photos.shape[1]} input channels, but its weight has ${weight.shape[1]}`);
    }
    return slide(node, weight.shape[0] ?? 1);
  },
  /** Inputs: quantized values and the weight, each with scale and zero point; the output's scale and zero point; bias. */
  QLinearConv: (node) => {
    const [quantized, weight] = [input(node, 0), input(node, 3)];
    if (quantized.shape[1] !== weight.shape[1]) {
      throw new RangeError(
        `QLinearConv has ${quantized.shape[1]} input channels, but its weight has ${weight.shape[1]}`,
      );
    }
    return { ...slide(node, weight.shape[0] ?? 1), dtype: input(node, 7).dtype };
  },
  /** Inputs: floats, scale, zero point. The quantized values have the zero point's type. */
  QuantizeLinear: (node) => ({ dtype: input(node, 2).dtype, shape: input(node, 0).shape }),
  /** Inputs: quantized values, scale, zero point. */
  DequantizeLinear: (node) => float32(input(node, 0).shape),
  /** Inputs: `[N, C, H, W]` and the weight `[C, out, kernel, kernel]`. Inverts the shape of a `Conv` with that weight. */
  ConvTranspose: (node) => {
    const [{ dtype, shape }, weight] = [input(node, 0), input(node, 1)];
    if (shape[1] !== weight.shape[0]) {
      throw new RangeError(`ConvTranspose has ${shape[1]} input channels, but its weight has ${weight.shape[0]}`);
    }
    const [kernel, strides, pads, extra] = ['kernel_shape', 'strides', 'pads', 'output_padding'].map((name) =>
      ints(node, name),
    );
    const sizes = sizesOf(shape.slice(2)).map((size, axis) => {
      const padding = pads![axis]! + pads![axis + 2]!;
      return (size - 1) * strides![axis]! + kernel![axis]! - padding + extra![axis]!;
    });
    return { dtype, shape: [shape[0] ?? 1, weight.shape[1] ?? 1, ...sizes] };
  },
  /** Outputs: the maxima, and the index of each in the flattened input. */
  MaxPool: (node) => {
    const maxima = slide(node, input(node, 0).shape[1] ?? 1);
    return [maxima, { dtype: 'int64', shape: maxima.shape }];
  },
  /** ONNX lets pads count as zeros or not. Here they must count (`count_include_pad`). */
  AveragePool: (node) => {
    if (node.attributes.count_include_pad !== 1 && ints(node, 'pads').some((pad) => pad !== 0))
      throw new RangeError('AveragePool with pads needs count_include_pad: 1');
    return slide(node, input(node, 0).shape[1] ?? 1);
  },
  GlobalAveragePool: (node) => {
    const { dtype, shape } = input(node, 0);
    return { dtype, shape: shape.map((size, axis) => (axis < 2 ? size : 1)) };
  },
  Concat: (node) => {
    const axis = node.attributes.axis as number;
    const { dtype, shape } = input(node, 0);
    const total = sum(sizesOf(node.inputs.map((value) => value.shape[axis] ?? 1)));
    return { dtype, shape: resized(shape, new Map([[axis, total]])) };
  },
  /** Inputs: data, the sizes of the parts. */
  Split: (node) => {
    const axis = node.attributes.axis as number;
    const { dtype, shape } = input(node, 0);
    const sizes = node.constant(1);
    if (sum(sizes) !== shape[axis]) throw new RangeError(`Split can’t cut ${shape[axis]} into [${sizes.join(', ')}]`);
    return sizes.map((size) => ({ dtype, shape: resized(shape, new Map([[axis, size]])) }));
  },
  Transpose: (node) => {
    const { dtype, shape } = input(node, 0);
    return { dtype, shape: ints(node, 'perm').map((axis) => shape[axis] ?? 1) };
  },
  /** Inputs: data, starts, ends, axes, steps. */
  Slice: (node) => {
    const { dtype, shape } = input(node, 0);
    const [starts, ends, axes, steps] = [1, 2, 3, 4].map((index) => node.constant(index));
    const sizes = axes!.map((axis, index) => {
      const [size] = sizesOf([shape[axis] ?? 1]);
      return [axis, sliceSize(size!, starts![index]!, ends![index]!, steps![index]!)] as const;
    });
    return { dtype, shape: resized(shape, new Map(sizes)) };
  },
  /** Inputs: data, pads (all before, then all after; negative pads crop), and the fill value, 0 by default. */
  Pad: (node) => {
    const { dtype, shape } = input(node, 0);
    const pads = node.constant(1);
    return { dtype, shape: sizesOf(shape).map((size, axis) => size + pads[axis]! + pads[axis + shape.length]!) };
  },
  Expand: (node) => ({ dtype: input(node, 0).dtype, shape: broadcast(input(node, 0).shape, node.constant(1)) }),
  /** Fills the shape with zeros. */
  ConstantOfShape: (node) => float32(node.constant(0)),
  /** Inputs: data, indices, updates. Used with `reduction: 'add'`. */
  ScatterElements: same,
  /** Inputs: data, indices into the first axis. The indices' shape takes that axis's place. */
  Gather: (node) => {
    const { dtype, shape } = input(node, 0);
    if (node.attributes.axis !== 0) throw new RangeError('Gather is only supported along the first axis');
    return { dtype, shape: [...input(node, 1).shape, ...shape.slice(1)] };
  },
  /** Inputs: data, the axes to sum over and drop. */
  ReduceSum: (node) => {
    const { dtype, shape } = input(node, 0);
    if (node.attributes.keepdims !== 0) throw new RangeError('ReduceSum is only supported without keepdims');
    const axes = node.constant(1);
    return { dtype, shape: shape.filter((_, axis) => !axes.includes(axis)) };
  },
  /**
   * Inputs: trip count, condition, carried values. Outputs: the carried values, then the scan outputs, stacked. The body
   * maps iteration number, condition and carried values to condition, carried values and scan outputs.
   */
  Loop: (node) => {
    const [tripCount] = node.constant(0);
    const carried = node.inputs.slice(2);
    const { outputs } = node.attributes.body as Subgraph;
    return outputs.slice(1).map(({ dtype, shape }, index) => {
      if (index >= carried.length) return { dtype, shape: [tripCount!, ...shape] };
      const before = carried[index]!;
      if (before.shape.join() !== shape.join()) throw new RangeError(`Loop changes the shape of ${before.name}`);
      return { dtype, shape };
    });
  },
  Flatten: (node) => {
    const { dtype, shape } = input(node, 0);
    const [batch, ...rest] = shape;
    return { dtype, shape: [batch ?? 1, elementCount(rest)] };
  },
  /** `-1` stands for the free dimension, which must come first. */
  Reshape: (node) => {
    const { dtype, shape } = input(node, 0);
    return { dtype, shape: node.constant(1).map((size) => (size === -1 ? (shape[0] ?? 1) : size)) };
  },
  /** `[…, m, k] · […, k, n]`. The leading dimensions must be equal. */
  MatMul: (node) => {
    const [a, b] = [input(node, 0), input(node, 1)];
    const batch = a.shape.slice(0, -2);
    if (a.shape.at(-1) !== b.shape.at(-2) || batch.join() !== b.shape.slice(0, -2).join()) {
      throw new RangeError(`MatMul can’t multiply [${a.shape}] by [${b.shape}]`);
    }
    return { dtype: a.dtype, shape: [...batch, a.shape.at(-2) ?? 1, b.shape.at(-1) ?? 1] };
  },
  /** `[m, k] · [k, n]`, or their transposes with `transA` and `transB`. An optional third input is a bias `[n]`. */
  Gemm: (node) => {
    const oriented = (index: number, transposed: unknown) => {
      const { shape } = input(node, index);
      return transposed === 1 ? shape.toReversed() : shape;
    };
    const { transA, transB } = node.attributes;
    const [a, b] = [oriented(0, transA), oriented(1, transB)];
    if (a[1] !== b[0]) throw new RangeError(`Gemm can’t multiply [${a}] by [${b}]`);
    return { dtype: input(node, 0).dtype, shape: [a[0] ?? 1, b[1] ?? 1] };
  },
} as const satisfies Record<string, ShapeRule>;

export type Op = keyof typeof shapeRules;
