import type { Weights, WeightTensor } from '../../googlenet/weights.ts';
import { elementCount } from '../../onnx/shape-inference.ts';
import { PARAMETER_GROUPS, type ParameterGroup } from './optimizer.ts';

/** The position of a parameter in its group's row. */
interface Place {
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
  readonly offset: number;
}

/** The layout of a network's parameters in one row of numbers per group. */
export type StateLayout = Readonly<
  Record<ParameterGroup, { readonly places: readonly Place[]; readonly size: number }>
>;

/** A network's parameters or their momenta, as the training graph takes them: one row per group. */
export type Rows = Readonly<Record<ParameterGroup, Float32Array>>;

/** The groups, in a fixed order. */
export const GROUPS = Object.keys(PARAMETER_GROUPS) as readonly ParameterGroup[];

/** Lays out parameters with these names and shapes. Names that end in `.bias` are biases. */
export function stateLayout(shapes: ReadonlyMap<string, readonly number[]>): StateLayout {
  const groupOf = (name: string): ParameterGroup => (name.endsWith('.bias') ? 'biases' : 'weights');
  const layout = (group: ParameterGroup) => {
    let size = 0;
    const places = [...shapes].flatMap(([name, shape]) => {
      if (groupOf(name) !== group) return [];
      const place = { name, shape, size: elementCount(shape), offset: size };
      size += place.size;
      return [place];
    });
    return { places, size };
  };
  return { weights: layout('weights'), biases: layout('biases') };
}

/** Converts parameters by name to one row per group. Throws a RangeError if one is missing or has the wrong size. */
export function toRows(layout: StateLayout, tensors: Weights): Rows {
  const row = (group: ParameterGroup) => {
    const numbers = new Float32Array(layout[group].size);
    for (const { name, size, offset } of layout[group].places) {
      const data = tensors.get(name)?.data;
      if (data?.length !== size) throw new RangeError(`${name} has ${data?.length} numbers, expected ${size}`);
      numbers.set(data, offset);
    }
    return numbers;
  };
  return { weights: row('weights'), biases: row('biases') };
}

/** Converts one row per group to parameters by name, which are views into the rows. */
export function fromRows(layout: StateLayout, rows: Rows): Map<string, WeightTensor> {
  return new Map(
    GROUPS.flatMap((group) =>
      layout[group].places.map(({ name, shape, size, offset }) => {
        const data = rows[group].subarray(offset, offset + size);
        return [name, { shape, data }] as const;
      }),
    ),
  );
}
