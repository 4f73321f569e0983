import { tensorNumbers } from '../../onnx/tensor-numbers.ts';
import {
  type ForeignConstant,
  type ForeignNode,
  type ForeignValue,
  isConstant,
  operandAttribute,
} from './foreign-graph.ts';
import { newShape, type Reshaping } from './new-shape.ts';
import { broadcast, empty, given, padded, sizeOf, stridesOf, type Tensor, taken, Unsupported } from './tensor.ts';

type Operator = (inputs: readonly (Tensor | undefined)[], node: ForeignNode) => Tensor;

/** Normalizations have constants of a few numbers. */
const MAX_CONSTANT = 1_000;

/** A window over five channels has 5. */
const MAX_TAPS = 9;

/** What a hostile part may cost: nodes, numbers computed, and numbers kept at the same time. */
const LIMITS = { nodes: 200, computed: 30_000_000, kept: 6_000_000 } as const;

/**
 * Computes what a part of a foreign graph makes of the values in `known`. Understands the operators that exporters use
 * to write a normalization and to compute shapes.
 *
 * @returns undefined if the part has another operator, is invalid, or is too large.
 */
export function evaluate(wanted: ForeignValue, known: ReadonlyMap<ForeignValue, Tensor>): Tensor | undefined {
  const results = new Map(known);
  const cost = { nodes: 0, computed: 0, kept: 0 };
  const compute = (value: ForeignConstant | ForeignValue): Tensor => {
    if (isConstant(value)) return constantOf(value);
    const result = results.get(value);
    if (result) return result;
    const { producer } = value;
    const operator = producer && OPERATORS[producer.op];
    cost.nodes += 1;
    if (!operator || cost.nodes > LIMITS.nodes) throw new Unsupported();
    const sources = producer.op === 'If' ? [branchOf(producer)] : producer.inputs;
    const inputs = sources.map((source) => source && compute(source));
    const computed = operator(inputs, producer);
    cost.computed += computed.data.length;
    cost.kept += computed.data.length;
    for (const [index, source] of sources.entries()) {
      if (source && !isConstant(source) && !results.has(source)) cost.kept -= inputs[index]!.data.length;
    }
    if (cost.computed > LIMITS.computed || cost.kept > LIMITS.kept) throw new Unsupported();
    if (value.consumers.length > 1) results.set(value, computed); // the others are needed once
    return computed;
  };
  const branchOf = ({ inputs: [condition, whenTrue, whenFalse] }: ForeignNode) =>
    condition && compute(condition).data[0] === 0 ? whenFalse : whenTrue;
  try {
    return compute(wanted);
  } catch (error) {
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}

/** Whether {@link evaluate} knows an operator. */
export const isEvaluated = (op: string): boolean => Object.hasOwn(OPERATORS, op);

function constantOf({ shape, numbers }: ForeignConstant): Tensor {
  if (sizeOf(shape) > MAX_CONSTANT) throw new Unsupported();
  return { shape, data: numbers() };
}

const elementwise =
  (combine: (a: number, b: number) => number): Operator =>
  ([first, second]) => {
    const [a, b] = [given(first), given(second)];
    const rank = Math.max(a.shape.length, b.shape.length);
    const size = ({ shape }: Tensor, axis: number) => shape[axis - rank + shape.length] ?? 1;
    const shape = Array.from({ length: rank }, (_, axis) => Math.max(size(a, axis), size(b, axis)));
    const [left, right] = [broadcast(a, shape), broadcast(b, shape)];
    return { shape, data: left.map((number, index) => combine(number, right[index]!)) };
  };

const unary =
  (compute: (a: number) => number): Operator =>
  ([first]) => ({ shape: given(first).shape, data: given(first).data.map(compute) });

const reshaping =
  (op: Reshaping): Operator =>
  ([first, operand], { attribute }) => {
    const { shape, data } = given(first);
    const reshaped = newShape(op, shape, operand ? [...operand.data] : operandAttribute(op, attribute));
    if (!reshaped) throw new Unsupported();
    return { shape: reshaped, data };
  };

const pad: Operator = ([first, second, value], { attribute }) => {
  const mode = new TextDecoder().decode(attribute('mode')?.s);
  const tensor = given(first);
  const pads = second ? [...second.data] : (attribute('pads')?.ints ?? []);
  const zeros = (value?.data[0] ?? attribute('value')?.f ?? 0) === 0;
  if ((mode !== '' && mode !== 'constant') || !zeros || pads.length !== 2 * tensor.shape.length)
    throw new Unsupported();
  return padded(tensor, pads.slice(0, pads.length / 2), pads.slice(pads.length / 2));
};

const averagePool: Operator = ([first], { attribute }) => {
  const { shape } = given(first);
  const kernel = attribute('kernel_shape')?.ints ?? [];
  const pads = attribute('pads')?.ints ?? [];
  const lead = Array(Math.max(0, shape.length - kernel.length)).fill(0);
  const widths = pads.length > 0 ? pads : kernel.flatMap(() => [0, 0]);
  const padsNothing = widths.every((width) => width === 0);
  const plain = ['strides', 'dilations'].every((name) => (attribute(name)?.ints ?? []).every((step) => step === 1));
  const auto = new TextDecoder().decode(attribute('auto_pad')?.s);
  const counts = padsNothing || attribute('count_include_pad')?.i === 1;
  const taps = sizeOf(kernel);
  if (!plain || !counts || !['', 'NOTSET'].includes(auto) || !(taps >= 1 && taps <= MAX_TAPS) || lead.length !== 2) {
    throw new Unsupported();
  }
  const half = widths.length / 2;
  const source = padded(given(first), [...lead, ...widths.slice(0, half)], [...lead, ...widths.slice(half)]);
  const strides = stridesOf(source.shape);
  const windows = source.shape.map((size, axis) => size - (kernel[axis - lead.length] ?? 1) + 1);
  const sums = empty(windows);
  for (let tap = 0; tap < taps; tap += 1) {
    const offset = kernel.reduce((sum, size, axis) => {
      const place = Math.floor(tap / sizeOf(kernel.slice(axis + 1))) % size;
      return sum + place * strides[axis + lead.length]!;
    }, 0);
    const { data } = taken(windows, strides, offset, source.data);
    for (let index = 0; index < data.length; index += 1) sums.data[index]! += data[index]! / taps;
  }
  return sums;
};

const transpose: Operator = ([first], { attribute }) => {
  const { shape, data } = given(first);
  const order = attribute('perm')?.ints ?? shape.map((_, axis) => shape.length - 1 - axis);
  if (order.toSorted((a, b) => a - b).some((axis, index) => axis !== index) || order.length !== shape.length) {
    throw new Unsupported();
  }
  const strides = stridesOf(shape);
  return taken(
    order.map((axis) => shape[axis]!),
    order.map((axis) => strides[axis]!),
    0,
    data,
  );
};

const slice: Operator = ([first, starts, ends, axes, steps], { attribute }) => {
  const { shape, data } = given(first);
  const list = (tensor: Tensor | undefined, name: string) => (tensor ? [...tensor.data] : attribute(name)?.ints);
  const [from, to] = [list(starts, 'starts') ?? [], list(ends, 'ends') ?? []];
  const along = list(axes, 'axes') ?? from.map((_, axis) => axis);
  const strides = stridesOf(shape);
  const [sizes, moves] = [[...shape], [...strides]];
  let offset = 0;
  for (const [index, given] of along.entries()) {
    const axis = given < 0 ? given + shape.length : given;
    const size = shape[axis];
    const step = steps?.data[index] ?? 1;
    if (size === undefined || !Number.isInteger(step) || step === 0) throw new Unsupported();
    const clamped = (place: number, least: number, most: number) =>
      Math.min(Math.max(place < 0 ? place + size : place, least), most);
    const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
    const begin = clamped(from[index]!, Math.max(0, low), high);
    const end = to[index]! < -size ? low : clamped(to[index]!, low, high);
    sizes[axis] = Math.max(0, Math.ceil((end - begin) / step));
    offset += begin * strides[axis]!;
    moves[axis] = strides[axis]! * step;
  }
  return taken(sizes, moves, offset, data);
};

const concat: Operator = (inputs, { attribute }) => {
  const parts = inputs.map(given);
  const rank = parts[0]?.shape.length ?? 0;
  const axis = ((attribute('axis')?.i ?? 0) + rank) % Math.max(1, rank);
  const total = parts.reduce((sum, { shape }) => sum + (shape[axis] ?? Number.NaN), 0);
  const result = empty((parts[0]?.shape ?? []).map((size, index) => (index === axis ? total : size)));
  const [inner, outer] = [sizeOf(result.shape.slice(axis + 1)), sizeOf(result.shape.slice(0, axis))];
  let at = 0;
  for (const { shape, data } of parts) {
    const run = shape[axis]! * inner;
    if (data.length !== outer * run) throw new Unsupported();
    for (let row = 0; row < outer; row += 1) {
      result.data.set(data.subarray(row * run, (row + 1) * run), row * total * inner + at);
    }
    at += run;
  }
  return result;
};

/** Along the first axis of a list, which is how sizes are picked from a shape. */
const gather: Operator = ([list, places]) => {
  const { shape, data } = given(list);
  if (shape.length !== 1) throw new Unsupported();
  const { shape: wanted, data: at } = given(places);
  return { shape: wanted, data: at.map((place) => data.at(place) ?? Number.NaN) };
};

const constantOfShape: Operator = ([sizes], { attribute }) => {
  const value = attribute('value')?.t;
  const filler = value ? (tensorNumbers({ ...value, name: 'value' })[0] ?? 0) : 0;
  const result = empty([...given(sizes).data]);
  return { shape: result.shape, data: result.data.fill(filler) };
};

const add = elementwise((a, b) => a + b);

/** ONNX’s operators by name. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  Add: add,
  Sub: elementwise((a, b) => a - b),
  Mul: elementwise((a, b) => a * b),
  Div: elementwise((a, b) => a / b),
  Pow: elementwise((a, b) => a ** b),
  Equal: elementwise((a, b) => (a === b ? 1 : 0)),
  If: ([branch]) => given(branch),
  Sum: (inputs, node) => inputs.map(given).reduce((sum, part) => add([sum, part], node)),
  Sqrt: unary(Math.sqrt),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Reciprocal: unary((a) => 1 / a),
  Reshape: reshaping('Reshape'),
  Flatten: reshaping('Flatten'),
  Squeeze: reshaping('Squeeze'),
  Unsqueeze: reshaping('Unsqueeze'),
  Shape: ([first]) => ({ shape: [given(first).shape.length], data: Float32Array.from(given(first).shape) }),
  Gather: gather,
  Concat: concat,
  Slice: slice,
  ConstantOfShape: constantOfShape,
  Transpose: transpose,
  Pad: pad,
  AveragePool: averagePool,
};
