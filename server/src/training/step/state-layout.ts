import type { Weights, WeightTensor } from '../../googlenet/weights.ts';
import { elementCount } from '../../onnx/shape-inference.ts';
import type { Tensor } from '../../runtime/session.ts';
import { PARAMETER_GROUPS, type ParameterGroup } from './optimizer.ts';

/** The position of a parameter in its group's row. */
interface Place {
  readonly name: string;
  readonly shape: readonly number[];
  readonly size: number;
  readonly offset: number;
}

/** The layout of one group's parameters in one row of numbers. */
interface GroupLayout {
  readonly places: readonly Place[];
  readonly size: number;
  /**
   * How graphs take the row: `[size / columns, columns]`. Every parameter is a whole number of these lines. CUDA's `Split`
   * and `Concat` fill an array on the host for each call that is as long as their axis, and this makes the axis shorter.
   */
  readonly shape: readonly [number, number];
}

/** The layout of a network's parameters in one row of numbers per group. */
export type StateLayout = Readonly<Record<ParameterGroup, GroupLayout>>;

/** A network's parameters or their momenta, as the training graph takes them: one row per group. */
export type Rows = Readonly<Record<ParameterGroup, Float32Array>>;

/** The groups, in a fixed order. */
export const GROUPS = Object.keys(PARAMETER_GROUPS) as readonly ParameterGroup[];

/** Makes something of each group. */
export const eachGroup = <Made>(make: (group: ParameterGroup) => Made): Readonly<Record<ParameterGroup, Made>> => ({
  weights: make('weights'),
  biases: make('biases'),
});

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
    const columns = commonColumns(places);
    return { places, size, shape: [size / columns, columns] as const };
  };
  return { weights: layout('weights'), biases: layout('biases') };
}

/** All sizes of GoogLeNet's weights are multiples of 64. Biases and narrow networks have fewer columns. */
const MAX_COLUMNS = 64;

/** Returns the largest power of two, at most {@link MAX_COLUMNS}, that divides the sizes of all parameters. */
function commonColumns(places: readonly Place[]): number {
  let columns = MAX_COLUMNS;
  while (places.some(({ size }) => size % columns > 0)) columns /= 2;
  return columns;
}

/** Returns a group's row as graphs take it. */
export const rowTensor = ({ shape }: GroupLayout, data: Float32Array): Tensor<Float32Array> => ({ data, shape });

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
