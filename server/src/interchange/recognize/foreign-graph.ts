import { CommandError } from '../../command-error.ts';
import {
  type AttributeProto,
  DATA_TYPES,
  decodeModelProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from '../../onnx/proto.ts';
import { checkTensor, MAX_DIMENSIONS, tensorNumbers } from '../../onnx/tensor-numbers.ts';
import { isReshaping, newShape, type Reshaping } from './new-shape.ts';

/** A value of a foreign graph whose numbers are stored in the file. */
export interface ForeignConstant {
  readonly name: string;
  readonly shape: readonly number[];
  /** Reads its numbers. Throws CommandError `weights_invalid`. */
  readonly numbers: () => Float32Array;
  /** If it is the transpose of another constant: that one. */
  readonly transposeOf?: ForeignConstant;
}

/** An input or computed value of a foreign graph, with the nodes that read it. */
export interface ForeignValue {
  readonly name: string;
  readonly consumers: ForeignNode[];
  /** The node whose first output it is. */
  readonly producer?: ForeignNode;
}

/** One operation of a foreign graph. */
export interface ForeignNode {
  /** ONNX's operator, prefixed with the domain if it isn't ONNX's own (`com.microsoft.FusedConv`). */
  readonly op: string;
  /** `undefined` for an optional input that is left out. An `If` also reads the outputs of its two branches. */
  readonly inputs: readonly (ForeignConstant | ForeignValue | undefined)[];
  /** Its first output. */
  readonly output: ForeignValue;
  readonly attribute: (name: string) => AttributeProto | undefined;
}

/** An untrusted ONNX file, as values that know their readers. */
export interface ForeignGraph {
  /** What the caller provides for each run. */
  readonly inputs: readonly ForeignValue[];
  /** The file's `metadata_props`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Finds the id of an int8 model's parent, if known, from the file's metadata. */
export type ParentOf = (metadata: ForeignGraph['metadata']) => string | undefined;

/** Operations that pass on their first input at inference. A `Cast` changes only its type. */
const PASS_THROUGH = ['Identity', 'Dropout', 'Cast'];

/** The attributes of an `If`. PyTorch writes one where it doesn't know whether an axis has the size 1. */
const BRANCHES = ['then_branch', 'else_branch'];

export const isConstant = (value: ForeignConstant | ForeignValue | undefined): value is ForeignConstant =>
  value !== undefined && 'numbers' in value;

/**
 * Reads the structure of an ONNX file. Names only connect values to their readers. Weights may be initializers (before IR
 * 4, also listed as inputs) or `Constant` nodes, and may pass through a `Cast`, `Identity` or `Transpose`. If a name is
 * written twice, as by Caffe's in-place layers, later nodes read the later value.
 *
 * @param fileName the file's name for error messages.
 * @throws CommandError `weights_invalid` if the bytes aren't an ONNX model, the model is int8, a tensor is in another file,
 *   or a node reads a value that no earlier node computes.
 */
export function readForeignGraph(bytes: Uint8Array, fileName = 'the file', parentOf?: ParentOf): ForeignGraph {
  const { graph, metadataProps = [] } = decode(bytes, fileName);
  const metadata = Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
  rejectInt8(graph.node, () => parentOf?.(metadata));
  const values = new Scope();
  addConstants(graph, values);
  const inputs: ForeignValue[] = [];
  for (const { name } of graph.input) {
    if (values.get(name)) continue;
    const input = { name, consumers: [] };
    values.set(name, input);
    inputs.push(input);
  }
  for (const node of graph.node) addNode(node, values);
  return { inputs, metadata };
}

/** The values of a graph by name. A branch of an `If` also sees those of the graph around it. */
class Scope {
  readonly #values = new Map<string, ForeignConstant | ForeignValue>();
  readonly #outer: Scope | undefined;

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  get(name: string): ForeignConstant | ForeignValue | undefined {
    return this.#values.get(name) ?? this.#outer?.get(name);
  }

  set(name: string, value: ForeignConstant | ForeignValue): void {
    this.#values.set(name, value);
  }
}

function addConstants(graph: GraphProto, values: Scope): void {
  for (const tensor of graph.initializer) {
    checkTensor(tensor);
    values.set(tensor.name, { name: tensor.name, shape: tensor.dims, numbers: () => tensorNumbers(tensor) });
  }
}

/** Adds the nodes of a branch of an `If`. Returns its output. */
function addBranch(graph: GraphProto | undefined, outer: Scope): ForeignConstant | ForeignValue | undefined {
  if (!graph) return undefined;
  const values = new Scope(outer);
  addConstants(graph, values);
  for (const node of graph.node) addNode(node, values);
  return values.get(graph.output[0]?.name ?? '');
}

/** Rejects int8 models: the precision that their weights lost can't be restored. */
function rejectInt8(nodes: readonly NodeProto[], parentOf: () => string | undefined): void {
  if (!nodes.some(({ opType }) => /^QLinear|^DequantizeLinear$/.test(opType))) return;
  const parent = parentOf();
  const instead = parent === undefined ? 'the model it was made from' : `${parent}, the model it was made from`;
  throw new CommandError('weights_invalid', `this is an int8 model, whose weights are rounded; use ${instead}`);
}

function decode(bytes: Uint8Array, fileName: string): ModelProto {
  try {
    return decodeModelProto(bytes);
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    throw new CommandError('weights_invalid', `${fileName} is neither a safetensors file nor an ONNX model`, { cause });
  }
}

function addNode(proto: NodeProto, values: Scope): void {
  const [name = ''] = proto.output;
  const attribute = (key: string) => proto.attribute.find((one) => one.name === key);
  const op = ['', 'ai.onnx', undefined].includes(proto.domain) ? proto.opType : `${proto.domain}.${proto.opType}`;
  const read = proto.input.map((input) => {
    const value = values.get(input);
    if (value || input === '') return value;
    throw new CommandError('weights_invalid', `the node ${op} ${name} reads ${input}, which no earlier node computes`);
  });
  const branches = op === 'If' ? BRANCHES.map((branch) => addBranch(attribute(branch)?.g, values)) : [];
  const inputs = [...read, ...branches];
  const [first] = inputs;
  const reshaped = isConstant(first) && isReshaping(op) ? reshapedConstant(op, first, inputs[1], attribute) : undefined;
  if (op === 'Constant') {
    const tensor = constantTensor(attribute);
    if (!tensor) return; // a string, which no operator of a GoogLeNet reads
    const named = { ...tensor, name };
    checkTensor(named);
    values.set(name, { name, shape: tensor.dims, numbers: () => tensorNumbers(named) });
  } else if (PASS_THROUGH.includes(op) && first) {
    values.set(name, first);
  } else if (op === 'Transpose' && isConstant(first) && first.shape.length === 2) {
    values.set(name, transposed(first));
  } else if (reshaped) {
    values.set(name, reshaped);
  } else {
    for (const other of proto.output.slice(1)) values.set(other, { name: other, consumers: [] });
    values.set(name, connected(op, inputs, name, attribute).output);
  }
}

/** Creates a node, and lists it at the values that it reads. */
export function connected(
  op: string,
  inputs: ForeignNode['inputs'],
  name: string,
  attribute: ForeignNode['attribute'],
): ForeignNode {
  const output: { name: string; consumers: ForeignNode[]; producer?: ForeignNode } = { name, consumers: [] };
  const node = { op, inputs, output, attribute };
  output.producer = node;
  for (const input of new Set(inputs)) if (input && !isConstant(input)) input.consumers.push(node);
  return node;
}

/** Returns the number or the tensor of a `Constant` node. */
function constantTensor(attribute: ForeignNode['attribute']): Omit<TensorProto, 'name'> | undefined {
  const [float, int, ints] = ['value_float', 'value_int', 'value_ints'].map(attribute);
  if (float) return { dims: [], dataType: DATA_TYPES.float32, floatData: [float.f ?? 0] };
  if (int) return { dims: [], dataType: DATA_TYPES.int64, int64Data: [int.i ?? 0] };
  if (ints?.ints) return { dims: [ints.ints.length], dataType: DATA_TYPES.int64, int64Data: ints.ints };
  return attribute('value')?.t;
}

/** Gives a constant another shape. Returns undefined if that shape is computed or impossible. */
function reshapedConstant(
  op: Reshaping,
  constant: ForeignConstant,
  operand: ForeignConstant | ForeignValue | undefined,
  attribute: ForeignNode['attribute'],
): ForeignConstant | undefined {
  if (operand && !isConstant(operand)) return undefined;
  const shape = newShape(op, constant.shape, operand ? shortList(operand) : operandAttribute(op, attribute));
  if (!shape || shape.length > MAX_DIMENSIONS) return undefined;
  return { name: constant.name, shape, numbers: constant.numbers };
}

/** The attribute that older opsets have instead of a second input. */
export function operandAttribute(op: Reshaping, attribute: ForeignNode['attribute']): readonly number[] | undefined {
  if (op === 'Flatten') return [attribute('axis')?.i ?? (attribute('axis') ? 0 : 1)];
  const ints = attribute(op === 'Reshape' ? 'shape' : 'axes')?.ints;
  return ints?.length ? ints : undefined;
}

/** The numbers of a constant that lists sizes or axes. A longer one can't. */
const shortList = (list: ForeignConstant) =>
  list.shape.every((size) => size <= MAX_DIMENSIONS) && list.shape.length < 2 ? [...list.numbers()] : undefined;

/** Transposes a matrix: `[m, n]` → `[n, m]`. Two transposes in a row cancel out, however many a file has. */
export function transposed(matrix: ForeignConstant): ForeignConstant {
  if (matrix.transposeOf) return matrix.transposeOf;
  const { name, shape, numbers } = matrix;
  const [rows, columns] = shape as [number, number];
  const transposedNumbers = () => {
    const source = numbers();
    return Float32Array.from({ length: source.length }, (_, index) => {
      return source[(index % rows) * columns + Math.floor(index / rows)]!;
    });
  };
  return { name, shape: [columns, rows], numbers: transposedNumbers, transposeOf: matrix };
}
