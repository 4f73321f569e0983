import type { Node } from '../../onnx/graph-builder.ts';
import { elementCount, sizesOf } from '../../onnx/shape-inference.ts';
import { type ForeignConstant, type ForeignNode, type ForeignValue, isConstant, transposed } from './foreign-graph.ts';

/** One or two foreign nodes that compute the same as one of ours, with inputs in our order and form. */
export interface Counterpart {
  readonly inputs: readonly (ForeignConstant | ForeignValue | undefined)[];
  readonly output: ForeignValue;
}

/**
 * Compares a foreign node with one of ours: does it compute the same for inputs of the same shapes, in whatever form?
 * Doesn't compare the inputs themselves.
 *
 * @returns the node in our form, or how it differs, in words.
 */
export function counterpartOf(own: Node, foreign: ForeignNode): Counterpart | string {
  const { op, inputs, output } = foreign;
  switch (own.op) {
    case 'Conv':
    case 'MaxPool':
      return op === own.op ? (windowDifference(own, foreign) ?? { inputs, output }) : `it is ${op}`;
    case 'LRN':
      return op === 'LRN' ? (lrnDifference(own, foreign) ?? { inputs, output }) : `it is ${op}`;
    case 'GlobalAveragePool':
      return averagesWholeMap(own, foreign) ? { inputs, output } : `it is ${op}, not the mean over the whole map`;
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

function averagesWholeMap(own: Node, foreign: ForeignNode): boolean {
  if (foreign.op === 'GlobalAveragePool') return true;
  if (foreign.op !== 'AveragePool') return false;
  const sizes = sizesOf(own.inputs[0]!.shape.slice(2));
  const { kernel, begins, ends } = windowOf(foreign, sizes);
  return kernel.join() === sizes.join() && [...begins, ...ends].every((pad) => pad === 0);
}

/** Reads a fully connected layer, `Gemm` or `MatMul` plus `Add`, with its weight as `[outputs, inputs]`. */
function linearOf(foreign: ForeignNode): Counterpart | string {
  const { op, inputs, output } = foreign;
  const [x, weight] = inputs;
  if (!isConstant(weight) || weight.shape.length !== 2) return `it is ${op}, not a fully connected layer`;
  if (op === 'Gemm') {
    const plain =
      floatOf(foreign, 'alpha', 1) === 1 && floatOf(foreign, 'beta', 1) === 1 && !intOf(foreign, 'transA', 0);
    if (!plain) return 'it has alpha, beta or transA set';
    return { inputs: [x, intOf(foreign, 'transB', 0) ? weight : transposed(weight), row(inputs[2])], output };
  }
  const add = output.consumers.find((consumer) => consumer.op === 'Add');
  if (op !== 'MatMul' || !add) return `it is ${op}, not a fully connected layer`;
  return { inputs: [x, transposed(weight), row(add.inputs.find(isConstant))], output: add.output };
}

/** Returns a bias `[1, n]` as `[n]`. */
const row = (bias: Counterpart['inputs'][number]) =>
  isConstant(bias) && bias.shape[0] === 1 && bias.shape.length === 2 ? { ...bias, shape: bias.shape.slice(1) } : bias;

/** Whether two numbers differ by no more than rounding to float32. */
function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));
}

/** Whether a constant has our numbers. The band of a normalization is part of the network, not a learned weight. */
export function holdsNumbers(found: ForeignConstant, numbers: readonly number[]): boolean {
  if (elementCount(found.shape) !== numbers.length) return false;
  return found.numbers().every((number, index) => isNear(number, numbers[index]!));
}
