/** Numbers with a shape, row-major. Lists of sizes are tensors too. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A normalization of GoogLeNet’s second map, with its padding, has 620,000 numbers. */
const MAX_NUMBERS = 1_000_000;

/** Thrown by operators for what they don’t support. */
export class Unsupported extends Error {}

export const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

export const given = (tensor: Tensor | undefined): Tensor => {
  if (!tensor) throw new Unsupported();
  return tensor;
};

/** Creates a tensor of zeros. Throws Unsupported if it has an impossible shape or too many numbers. */
export function empty(shape: readonly number[]): Tensor {
  if (!(sizeOf(shape) <= MAX_NUMBERS) || shape.some((size) => !(Number.isInteger(size) && size >= 0)))
    throw new Unsupported();
  return { shape, data: new Float32Array(sizeOf(shape)) };
}

/** How far apart neighbors along each axis are in row-major order. */
export const stridesOf = (shape: readonly number[]) => shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));

/** Copies numbers into a new tensor: position `[i, j, …]` comes from `offset + i·strides[0] + j·strides[1] + …`. */
export function taken(
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
  source: Float32Array,
): Tensor {
  const result = empty(shape);
  const inner = shape.at(-1) ?? 1;
  const step = strides.at(-1) ?? 0;
  const place = new Array<number>(shape.length).fill(0);
  for (let at = 0, from = offset; at < result.data.length; at += inner) {
    for (let index = 0; index < inner; index += 1) result.data[at + index] = source[from + index * step]!;
    for (let axis = shape.length - 2; axis >= 0; axis -= 1) {
      place[axis]! += 1;
      from += strides[axis]!;
      if (place[axis]! < shape[axis]!) break;
      from -= place[axis]! * strides[axis]!;
      place[axis] = 0;
    }
  }
  return result;
}

/** Repeats a tensor along axes where it has the size 1, as ONNX’s operators do with two shapes. */
export function broadcast({ shape, data }: Tensor, wanted: readonly number[]): Float32Array {
  if (shape.join() === wanted.join()) return data;
  const padded = [...Array(Math.max(0, wanted.length - shape.length)).fill(1), ...shape];
  if (padded.some((size, axis) => size !== 1 && size !== wanted[axis])) throw new Unsupported();
  const strides = stridesOf(padded).map((stride, axis) => (padded[axis] === 1 ? 0 : stride));
  return taken(wanted, strides, 0, data).data;
}

/** Adds zeros around a tensor. A negative width, which would cut something off, is not supported. */
export function padded({ shape, data }: Tensor, before: readonly number[], after: readonly number[]): Tensor {
  if ([...before, ...after].every((width) => width === 0)) return { shape, data };
  if ([...before, ...after].some((width) => !(width >= 0))) throw new Unsupported();
  const result = empty(shape.map((size, axis) => size + before[axis]! + after[axis]!));
  const strides = stridesOf(result.shape);
  const inner = shape.at(-1) ?? 1;
  const own = stridesOf(shape);
  for (let at = 0; at < data.length; at += inner) {
    const to = before.reduce((sum, width, axis) => {
      const place = Math.floor(at / own[axis]!) % shape[axis]!;
      return sum + (place + width) * strides[axis]!;
    }, 0);
    result.data.set(data.subarray(at, at + inner), to);
  }
  return result;
}
