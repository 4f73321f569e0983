import type { Node } from '../onnx/graph-builder.ts';
import { elementCount, sizesOf } from '../onnx/shape-inference.ts';
import {
  type ForeignConstant,
  type ForeignNode,
  type ForeignValue,
  isConstant,
  transposed,
} from './recognize-graph.ts';

/**
 * A foreign node (or two) that computes what one of our nodes does: its inputs in our order and forms, and its output.
 */
export interface Counterpart {
  readonly inputs: readonly (ForeignConstant | ForeignValue | undefined)[];
  readonly output: ForeignValue;
}

/**
 * Holds a foreign node against one of ours: whether it does the same to inputs of the same shapes, in whichever form it
 * is written. Inputs are not compared.
 *
 * @returns what it is in our form, or in words how it differs.
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
      return overWholeMap(own, foreign) ? { inputs, output } : `it is ${op}, not the mean over the whole map`;
    case 'Flatten':
      // What follows is the classifier: of [N, C, 1, 1] there is one way to make rows.
      return ['Flatten', 'Reshape', 'Squeeze'].includes(op) ? { inputs: inputs.slice(0, 1), output } : `it is ${op}`;
    case 'Gemm':
      return linearOf(foreign);
    case 'Concat':
      return op === 'Concat' && [1, -3].includes(whole(foreign, 'axis', 0)) ? { inputs, output } : `it is ${op}`;
    default:
      return op === own.op ? { inputs, output } : `it is ${op}`;
  }
}

const whole = ({ attribute }: ForeignNode, name: string, standard: number) => {
  const found = attribute(name);
  return found ? (found.i ?? 0) : standard;
};
const real = ({ attribute }: ForeignNode, name: string, standard: number) => {
  const found = attribute(name);
  return found ? (found.f ?? 0) : standard;
};
const list = ({ attribute }: ForeignNode, name: string, standard: readonly number[]) => {
  const found = attribute(name)?.ints;
  return found?.length ? found : standard;
};

/** A window over two axes: its sides, and for each axis what is put before and after the map. */
function windowOf(foreign: ForeignNode, sizes: readonly number[]) {
  const weight = foreign.inputs[1];
  const kernel = list(foreign, 'kernel_shape', isConstant(weight) ? weight.shape.slice(2) : []);
  const strides = list(foreign, 'strides', [1, 1]);
  const pads = list(foreign, 'pads', [0, 0, 0, 0]);
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
 * Whether windows lie where ours do: the same sides, steps and begins, and as many. How a file says that the last one
 * hangs over (ceil_mode, or pads at the end, of which exporters write more than needed) makes no difference to a
 * maximum.
 */
function windowDifference(own: Node, foreign: ForeignNode): string | undefined {
  const sizes = sizesOf(own.inputs[0]!.shape.slice(2));
  const { kernel, strides, begins, ends } = windowOf(foreign, sizes);
  const expected = own.attributes as Record<'kernel_shape' | 'strides' | 'pads', readonly number[]>;
  const wanted = { kernel: expected.kernel_shape, strides: expected.strides, begins: expected.pads.slice(0, 2) };
  for (const [what, found] of Object.entries({ kernel, strides, begins })) {
    const should = wanted[what as keyof typeof wanted];
    if (found.join() !== should.join()) return `its ${what} are [${found}], expected [${should}]`;
  }
  const plain = whole(foreign, 'group', 1) === 1 && list(foreign, 'dilations', [1, 1]).every((step) => step === 1);
  if (!plain) return 'it has groups or dilations';
  const round = whole(foreign, 'ceil_mode', 0) === 1 ? Math.ceil : Math.floor;
  const windows = sizes.map((size, axis) => {
    const span = size + begins[axis]! + ends[axis]! - kernel[axis]!;
    const last = round(span / strides[axis]!);
    // With ceil_mode a window that would begin behind the map and its leading pad does not count.
    return (round === Math.ceil && last * strides[axis]! >= size + begins[axis]! ? last - 1 : last) + 1;
  });
  const should = sizesOf(own.outputs[0]!.shape.slice(2));
  return windows.join() === should.join() ? undefined : `it gives [${windows}] of [${sizes}], expected [${should}]`;
}

function lrnDifference(own: Node, foreign: ForeignNode): string | undefined {
  const standard = { size: 0, alpha: 1e-4, beta: 0.75, bias: 1 };
  for (const [name, usual] of Object.entries(standard)) {
    const found = name === 'size' ? whole(foreign, name, usual) : real(foreign, name, usual);
    const should = own.attributes[name] as number;
    if (!isNear(found, should)) return `its ${name} is ${found}, expected ${should}`;
  }
  return undefined;
}

function overWholeMap(own: Node, foreign: ForeignNode): boolean {
  if (foreign.op === 'GlobalAveragePool') return true;
  if (foreign.op !== 'AveragePool') return false;
  const sizes = sizesOf(own.inputs[0]!.shape.slice(2));
  const { kernel, begins, ends } = windowOf(foreign, sizes);
  return kernel.join() === sizes.join() && [...begins, ...ends].every((pad) => pad === 0);
}

/** A fully connected layer, `Gemm` or `MatMul` and `Add`, with its weight as `[outputs, inputs]`. */
function linearOf(foreign: ForeignNode): Counterpart | string {
  const { op, inputs, output } = foreign;
  const [x, weight] = inputs;
  if (!isConstant(weight) || weight.shape.length !== 2) return `it is ${op}, not a fully connected layer`;
  if (op === 'Gemm') {
    const plain = real(foreign, 'alpha', 1) === 1 && real(foreign, 'beta', 1) === 1 && !whole(foreign, 'transA', 0);
    if (!plain) return 'it has factors';
    return { inputs: [x, whole(foreign, 'transB', 0) ? weight : transposed(weight), row(inputs[2])], output };
  }
  const add = output.consumers.find((consumer) => consumer.op === 'Add');
  if (op !== 'MatMul' || !add) return `it is ${op}, not a fully connected layer`;
  return { inputs: [x, transposed(weight), row(add.inputs.find(isConstant))], output: add.output };
}

/** A bias `[1, n]` as `[n]`. */
const row = (bias: Counterpart['inputs'][number]) =>
  isConstant(bias) && bias.shape[0] === 1 && bias.shape.length === 2 ? { ...bias, shape: bias.shape.slice(1) } : bias;

/** True where numbers are the same but for rounding to float32. */
function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));
}

/** True where a constant holds our numbers: a normalisation's band is part of the network, not learnt. */
export function holdsNumbers(found: ForeignConstant, numbers: readonly number[]): boolean {
  if (elementCount(found.shape) !== numbers.length) return false;
  return found.numbers().every((number, index) => isNear(number, numbers[index]!));
}
