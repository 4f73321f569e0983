import { MAX_DIMENSIONS } from '../../onnx/tensor-numbers.ts';

/** Operators that give a tensor another shape and leave its numbers alone. */
export const RESHAPING = ['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'] as const;

export type Reshaping = (typeof RESHAPING)[number];

export const isReshaping = (op: string): op is Reshaping => (RESHAPING as readonly string[]).includes(op);

const product = (sizes: readonly number[]) => sizes.reduce((result, size) => result * size, 1);

/**
 * Returns the shape that an ONNX node gives a tensor, or `undefined` if it can't have that shape.
 *
 * @param operand the target of a `Reshape`, the axes of a `Squeeze` or `Unsqueeze`, or the one axis of a `Flatten`.
 */
export function newShape(
  op: Reshaping,
  shape: readonly number[],
  operand: readonly number[] | undefined,
): readonly number[] | undefined {
  if ((operand?.length ?? 0) > MAX_DIMENSIONS) return undefined;
  switch (op) {
    case 'Reshape':
      return operand && resolved(shape, operand);
    case 'Flatten': {
      const axis = fromEnd(operand?.[0] ?? 1, shape.length);
      return [product(shape.slice(0, axis)), product(shape.slice(axis))];
    }
    case 'Squeeze': {
      const axes = operand?.map((axis) => fromEnd(axis, shape.length));
      const drops = (size: number, axis: number) => (axes ? axes.includes(axis) : size === 1);
      return shape.every((size, axis) => size === 1 || !drops(size, axis))
        ? shape.filter((size, axis) => !drops(size, axis))
        : undefined;
    }
    case 'Unsqueeze': {
      const rank = shape.length + (operand?.length ?? 0);
      const axes = operand?.map((axis) => fromEnd(axis, rank)) ?? [];
      const rest = [...shape];
      const wider = Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (rest.shift() ?? 0)));
      return rest.length === 0 ? wider : undefined;
    }
  }
}

const fromEnd = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);

/** Fills in a `Reshape`’s target: 0 keeps the size of that axis, and one -1 takes what is left. */
function resolved(shape: readonly number[], target: readonly number[]): readonly number[] | undefined {
  const kept = target.map((size, axis) => (size === 0 ? (shape[axis] ?? 0) : size));
  const known = product(kept.filter((size) => size !== -1));
  const sizes = kept.map((size) => (size === -1 ? product(shape) / known : size));
  return product(sizes) === product(shape) && sizes.every((size) => Number.isInteger(size) && size >= 0)
    ? sizes
    : undefined;
}

/** Removes leading sizes of 1 until the shape has this rank. Caffe's old format gives every tensor four sizes. */
export function withoutLeadingOnes(shape: readonly number[], rank: number): readonly number[] {
  const extra = shape.length - rank;
  return extra > 0 && shape.slice(0, extra).every((size) => size === 1) ? shape.slice(extra) : shape;
}
