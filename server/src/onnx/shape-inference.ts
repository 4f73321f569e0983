import type { DataType } from './proto.ts';

/** A size that is known (`224`) or free (`'N'`, the batch). */
export type Dimension = number | string;

/** The shape of a value, row-major; ONNX's order for photos is `[N, channels, height, width]`. */
export type Shape = readonly Dimension[];

/** What an operation reads or gives: a name with its element type and shape. */
export interface Value {
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: Shape;
}

/** A node's attributes. Numbers are ints, except for the names in `FLOAT_ATTRIBUTES`; lists are lists of ints. */
export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

/** Attributes that ONNX's operators define as floats (JavaScript cannot tell `1` from `1.0`). */
export const FLOAT_ATTRIBUTES: ReadonlySet<string> = new Set(['alpha', 'beta', 'bias']);

/** What a rule is given of the node. `constant` gives the numbers of an input that is a constant, or throws. */
export interface InferenceInput {
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly constant: (index: number) => readonly number[];
}

type Result = Pick<Value, 'dtype' | 'shape'>;
type ShapeRule = (node: InferenceInput) => Result;

/** The sizes of a shape that has no free dimension. Throws RangeError where one is free. */
export function sizesOf(shape: Shape): number[] {
  return shape.map((size) => {
    if (typeof size === 'string') throw new RangeError(`the dimension ${size} of [${shape.join(', ')}] is free`);
    return size;
  });
}

/** The number of elements of a shape without a free dimension. */
export function elementCount(shape: Shape): number {
  return sizesOf(shape).reduce((count, size) => count * size, 1);
}

/** Numpy's broadcasting, which ONNX's elementwise operators follow: sizes are equal, or one of them is 1. */
function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const sizeA = a[a.length - rank + axis] ?? 1;
    const sizeB = b[b.length - rank + axis] ?? 1;
    if (sizeA !== sizeB && sizeA !== 1 && sizeB !== 1) {
      throw new RangeError(`[${a.join(', ')}] and [${b.join(', ')}] do not broadcast`);
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

const elementwise: ShapeRule = (node) => {
  const [a, b] = [input(node, 0), input(node, 1)];
  return { dtype: a.dtype, shape: broadcast(a.shape, b.shape) };
};

const same: ShapeRule = (node) => input(node, 0);

/** The sizes after a window has slid over `[N, C, H, W]`: floor((size + pads − kernel) / stride) + 1. */
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

/** `Cast`'s attribute `to` for a float. */
export const CAST_TO_FLOAT32 = { to: 1 } as const;

/**
 * The operators this project's graphs are made of, each with the shape of its output
 * (https://onnx.ai/onnx/operators/, opset 17). An operator without a rule cannot be used: it does not compile.
 */
export const shapeRules = {
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
    if (node.attributes.to !== CAST_TO_FLOAT32.to) throw new RangeError('Cast is only used to float32');
    return { dtype: 'float32', shape: input(node, 0).shape };
  },
  Conv: (node) => {
    const [photos, weight] = [input(node, 0), input(node, 1)];
    if (photos.shape[1] !== weight.shape[1]) {
      throw new RangeError(`Conv has ${photos.shape[1]} input channels, its weight takes ${weight.shape[1]}`);
    }
    return slide(node, weight.shape[0] ?? 1);
  },
  MaxPool: (node) => slide(node, input(node, 0).shape[1] ?? 1),
  GlobalAveragePool: (node) => {
    const { dtype, shape } = input(node, 0);
    return { dtype, shape: shape.map((size, axis) => (axis < 2 ? size : 1)) };
  },
  Concat: (node) => {
    const axis = node.attributes.axis as number;
    const { dtype, shape } = input(node, 0);
    const total = sizesOf(node.inputs.map((value) => value.shape[axis] ?? 1)).reduce((sum, size) => sum + size, 0);
    return { dtype, shape: shape.map((size, index) => (index === axis ? total : size)) };
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
  MatMul: (node) => {
    const [a, b] = [input(node, 0), input(node, 1)];
    if (a.shape[1] !== b.shape[0]) throw new RangeError(`MatMul of [${a.shape}] and [${b.shape}]`);
    return { dtype: a.dtype, shape: [a.shape[0] ?? 1, b.shape[1] ?? 1] };
  },
  /** With `transB: 1` only: `[N, in] · [out, in]ᵀ + [out]`. */
  Gemm: (node) => {
    const [a, b] = [input(node, 0), input(node, 1)];
    if (node.attributes.transB !== 1 || a.shape[1] !== b.shape[1]) {
      throw new RangeError(`Gemm of [${a.shape}] and [${b.shape}]`);
    }
    return { dtype: a.dtype, shape: [a.shape[0] ?? 1, b.shape[0] ?? 1] };
  },
} as const satisfies Record<string, ShapeRule>;

/** An operator that this project uses. */
export type Op = keyof typeof shapeRules;
