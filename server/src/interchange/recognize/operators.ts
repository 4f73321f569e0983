import type { Node } from '../../onnx/graph-builder.ts';
import { elementCount, sizesOf } from '../../onnx/shape-inference.ts';
import { isEvaluated } from './evaluate.ts';
import { type ForeignConstant, type ForeignNode, type ForeignValue, isConstant, transposed } from './foreign-graph.ts';
import { withoutLeadingOnes } from './new-shape.ts';

/** Foreign nodes that together compute the same as one of ours, with inputs in our order and form. */
export interface Counterpart {
  readonly inputs: readonly (ForeignConstant | ForeignValue | undefined)[];
  readonly output: ForeignValue;
  /** True if a mean over the whole map has no axes for height and width, so nothing is left to flatten. */
  readonly isFlat?: boolean;
}

/** Finds the output of local response normalization with our parameters that begins at a value. */
export type FindNormalization = (x: ForeignValue, own: Node) => ForeignValue | undefined;

/**
 * Compares a foreign node with one of ours: does it compute the same for inputs of the same shapes, in whatever form?
 * Doesn't compare the inputs themselves.
 *
 * @returns the node in our form, or how it differs, in words.
 */
export function counterpartOf(
  own: Node,
  foreign: ForeignNode,
  findNormalization: FindNormalization,
): Counterpart | string {
  const { op, inputs, output } = foreign;
  switch (own.op) {
    case 'Conv':
      return op === 'Conv' ? (windowDifference(own, foreign) ?? biased(foreign)) : `it is ${op}`;
    case 'MaxPool':
      return op === 'MaxPool' ? (windowDifference(own, foreign) ?? { inputs, output }) : `it is ${op}`;
    case 'LRN':
      if (op === 'LRN') return lrnDifference(own, foreign) ?? { inputs, output };
      return normalization(own, foreign, findNormalization);
    case 'GlobalAveragePool':
      return meanOverMap(own, foreign);
    case 'Flatten':
      // This comes before the classifier, so the input is [N, C, 1, 1], which can only be flattened one way.
      return ['Flatten', 'Reshape', 'Squeeze'].includes(op) ? { inputs: inputs.slice(0, 1), output } : `it is ${op}`;
    case 'Gemm':
      return linearOf(foreign);
    case 'Concat':
      return op === 'Concat' && [1, -3].includes(intOf(foreign, 'axis', 0)) ? { inputs, output } : `it is ${op}`;
    default:
      return op === own.op ? { inputs, output } : `it is ${op}`;
  }
}

const intOf = ({ attribute }: ForeignNode, name: string, fallback: number) => {
  const found = attribute(name);
  return found ? (found.i ?? 0) : fallback;
};
const floatOf = ({ attribute }: ForeignNode, name: string, fallback: number) => {
  const found = attribute(name);
  return found ? (found.f ?? 0) : fallback;
};
const intsOf = ({ attribute }: ForeignNode, name: string, fallback: readonly number[]) => {
  const found = attribute(name)?.ints;
  return found?.length ? found : fallback;
};

/** Returns a node's window over two axes: its sides and strides, and the pads before and after each axis. */
function windowOf(foreign: ForeignNode, sizes: readonly number[]) {
  const weight = foreign.inputs[1];
  const kernel = intsOf(foreign, 'kernel_shape', isConstant(weight) ? weight.shape.slice(2) : []);
  const strides = intsOf(foreign, 'strides', [1, 1]);
  const pads = intsOf(foreign, 'pads', [0, 0, 0, 0]);
  const auto = new TextDecoder().decode(foreign.attribute('auto_pad')?.s);
  if (!auto.startsWith('SAME_')) return { kernel, strides, begins: pads.slice(0, 2), ends: pads.slice(2) };
  const totals = sizes.map((size, axis) => {
    const windows = Math.ceil(size / strides[axis]!);
    return Math.max(0, (windows - 1) * strides[axis]! + kernel[axis]! - size);
  });
  const smaller = totals.map((total) => Math.floor(total / 2));
  const larger = totals.map((total) => Math.ceil(total / 2));
  const [begins, ends] = auto === 'SAME_UPPER' ? [smaller, larger] : [larger, smaller];
  return { kernel, strides, begins, ends };
}

/**
 * Says how a node's windows differ from ours in sides, strides, begins or number. Files express an overhang of the last
 * window with ceil_mode or with end pads, and exporters often write more end pads than needed. Neither changes a maximum.
 */
function windowDifference(own: Node, foreign: ForeignNode): string | undefined {
  const sizes = sizesOf(own.inputs[0]!.shape.slice(2));
  const { kernel, strides, begins, ends } = windowOf(foreign, sizes);
  const expected = own.attributes as Record<'kernel_shape' | 'strides' | 'pads', readonly number[]>;
  const wanted = {
    'kernel size': expected.kernel_shape,
    strides: expected.strides,
    'begin pads': expected.pads.slice(0, 2),
  };
  for (const [what, found] of Object.entries({ 'kernel size': kernel, strides, 'begin pads': begins })) {
    const should = wanted[what as keyof typeof wanted];
    if (found.join() !== should.join()) return `${what} [${found}], expected [${should}]`;
  }
  const plain = intOf(foreign, 'group', 1) === 1 && intsOf(foreign, 'dilations', [1, 1]).every((step) => step === 1);
  if (!plain) return 'it has groups or dilations';
  const round = intOf(foreign, 'ceil_mode', 0) === 1 ? Math.ceil : Math.floor;
  const windows = sizes.map((size, axis) => {
    const span = size + begins[axis]! + ends[axis]! - kernel[axis]!;
    const last = round(span / strides[axis]!);
    // With ceil_mode, a window that would begin after the map and its leading pad doesn't count.
    return (round === Math.ceil && last * strides[axis]! >= size + begins[axis]! ? last - 1 : last) + 1;
  });
  const should = sizesOf(own.outputs[0]!.shape.slice(2));
  return windows.join() === should.join() ? undefined : `it turns [${sizes}] into [${windows}], expected [${should}]`;
}

function lrnDifference(own: Node, foreign: ForeignNode): string | undefined {
  const defaults = { size: 0, alpha: 1e-4, beta: 0.75, bias: 1 };
  for (const [name, fallback] of Object.entries(defaults)) {
    const found = name === 'size' ? intOf(foreign, name, fallback) : floatOf(foreign, name, fallback);
    const should = own.attributes[name] as number;
    if (!isNear(found, should)) return `its ${name} is ${found}, expected ${should}`;
  }
  return undefined;
}

/** Reads a normalization of several nodes, of which `foreign` is one that reads the input. */
function normalization(own: Node, foreign: ForeignNode, find: FindNormalization): Counterpart | string {
  if (!isEvaluated(foreign.op)) return `it is ${foreign.op}`;
  const x = foreign.inputs.find((input) => input !== undefined && !isConstant(input)) as ForeignValue;
  const output = find(x, own);
  if (output) return { inputs: [x], output };
  const { size, alpha, beta, bias } = own.attributes;
  return `it doesn’t begin a local response normalization with size ${size}, alpha ${alpha}, beta ${beta} and bias ${bias}`;
}

/** Reads a convolution, whose bias is its third input, an `Add` after it, or zero. */
function biased({ inputs, output }: ForeignNode): Counterpart | string {
  const [x, weight, bias] = inputs;
  if (!isConstant(weight)) return 'its weight is not stored in the file';
  if (bias) return { inputs, output };
  const filters = weight.shape[0] ?? 0;
  const isBias = (value: Counterpart['inputs'][number]): value is ForeignConstant =>
    isConstant(value) && withoutLeadingOnes(value.shape, 3).join() === `${filters},1,1`;
  const add = output.consumers.find((consumer) => consumer.op === 'Add' && consumer.inputs.some(isBias));
  const added = add?.inputs.find(isBias);
  if (!add || !added) return { inputs: [x, weight, zeros(filters)], output };
  return { inputs: [x, weight, { ...added, shape: [filters] }], output: add.output };
}

/** What a layer without a bias adds. */
const zeros = (count: number): ForeignConstant => ({
  name: 'no bias',
  shape: [count],
  numbers: () => new Float32Array(count),
});

function meanOverMap(own: Node, foreign: ForeignNode): Counterpart | string {
  const { op, inputs, output } = foreign;
  const sizes = sizesOf(own.inputs[0]!.shape.slice(2));
  if (op === 'GlobalAveragePool') return { inputs, output };
  if (op === 'AveragePool') {
    const { kernel, begins, ends } = windowOf(foreign, sizes);
    const whole = kernel.join() === sizes.join() && [...begins, ...ends].every((pad) => pad === 0);
    return whole ? { inputs, output } : `it averages [${kernel}] of a map of [${sizes}]`;
  }
  if (op === 'Transpose' && intsOf(foreign, 'perm', []).join() === '0,2,3,1') {
    const mean = output.consumers.find((consumer) => consumer.op === 'ReduceMean');
    if (mean && intOf(mean, 'keepdims', 1) === 0) return reducedMean(mean, inputs, '1,2');
  }
  if (op === 'ReduceMean') return reducedMean(foreign, inputs.slice(0, 1), '2,3');
  return `it is ${op}, not the mean over the whole map`;
}

/** Reads a `ReduceMean` that must have these axes, from the first to the last. */
function reducedMean(foreign: ForeignNode, inputs: Counterpart['inputs'], expected: string): Counterpart | string {
  const list = foreign.inputs[1];
  const axes = isConstant(list) ? [...list.numbers()] : intsOf(foreign, 'axes', []);
  const along = axes.map((axis) => (axis < 0 ? axis + 4 : axis)).toSorted((a, b) => a - b);
  if (along.join() !== expected) return `it is the mean over the axes [${axes}], expected [${expected}]`;
  return { inputs, output: foreign.output, isFlat: intOf(foreign, 'keepdims', 1) === 0 };
}

/** Reads a fully connected layer, `Gemm` or `MatMul` with or without `Add`, with its weight as `[outputs, inputs]`. */
function linearOf(foreign: ForeignNode): Counterpart | string {
  const { op, inputs, output } = foreign;
  const [x, matrix, bias] = inputs;
  if (!['Gemm', 'MatMul'].includes(op)) return `it is ${op}, not a fully connected layer`;
  const shape = isConstant(matrix) ? withoutLeadingOnes(matrix.shape, 2) : [];
  if (!isConstant(matrix) || shape.length !== 2) return 'its weight is not a matrix that is stored in the file';
  const weight = { ...matrix, shape };
  if (op === 'Gemm') {
    const plain =
      floatOf(foreign, 'alpha', 1) === 1 && floatOf(foreign, 'beta', 1) === 1 && !intOf(foreign, 'transA', 0);
    if (!plain) return 'it has alpha, beta or transA set';
    const rows = intOf(foreign, 'transB', 0) ? weight : transposed(weight);
    return { inputs: [x, rows, bias ?? zeros(rows.shape[0]!)], output };
  }
  const rows = transposed(weight);
  const add = output.consumers.find((consumer) => consumer.op === 'Add' && consumer.inputs.some(isConstant));
  if (!add) return { inputs: [x, rows, zeros(rows.shape[0]!)], output };
  return { inputs: [x, rows, add.inputs.find(isConstant)], output: add.output };
}

/** Whether two numbers differ by no more than rounding to float32. */
function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));
}

/** Whether a constant has our numbers. The band of a normalization is part of the network, not a learned weight. */
export function holdsNumbers(found: ForeignConstant, numbers: readonly number[]): boolean {
  if (elementCount(found.shape) !== numbers.length) return false;
  return found.numbers().every((number, index) => isNear(number, numbers[index]!));
}
