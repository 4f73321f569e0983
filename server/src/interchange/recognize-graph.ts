import { CommandError } from '../command-error.ts';
import { type AttributeProto, decodeModelProto, type ModelProto, type NodeProto } from '../onnx/proto.ts';
import { refuseExternalData, tensorNumbers } from '../onnx/tensor-numbers.ts';

/** A value of a foreign graph whose numbers stand in the file. */
export interface ForeignConstant {
  readonly name: string;
  readonly shape: readonly number[];
  /** Its numbers; read only when asked for. Throws CommandError `weights_invalid`. */
  readonly numbers: () => Float32Array;
}

/** A value of a foreign graph that is given to it or computed, with what reads it. */
export interface ForeignValue {
  readonly name: string;
  readonly consumers: ForeignNode[];
}

/** One operation of a foreign graph; an input that was left out is `undefined`. */
export interface ForeignNode {
  /** ONNX's operator; one of another domain carries it (`com.microsoft.FusedConv`). */
  readonly op: string;
  readonly inputs: readonly (ForeignConstant | ForeignValue | undefined)[];
  /** Its first output. */
  readonly output: ForeignValue;
  readonly attribute: (name: string) => AttributeProto | undefined;
}

/** An ONNX file from anywhere, as values that know who reads them. */
export interface ForeignGraph {
  /** What is given at each run. */
  readonly inputs: readonly ForeignValue[];
  /** What the file says of itself (`metadata_props`). */
  readonly notes: Readonly<Record<string, string>>;
}

/** Tells by a file's notes what an int8 model was made of, where that is known. */
export type ParentOf = (notes: ForeignGraph['notes']) => string | undefined;

/**
 * Operations that pass their first input on when a network is used, whatever they do to its type or while it learns.
 */
const PASSING_ON = ['Identity', 'Dropout', 'Cast'];

/** True for a value whose numbers stand in the file. */
export const isConstant = (value: ForeignConstant | ForeignValue | undefined): value is ForeignConstant =>
  value !== undefined && 'numbers' in value;

/**
 * Reads an ONNX file for its structure. Its names are only used to tell who reads whom: weights may be initializers (in
 * files before IR 4 listed as inputs, too) or `Constant` nodes, behind a `Cast`, `Identity` or `Transpose`; a name that
 * is written twice, as Caffe's layers in place do, is the later value from there on.
 *
 * @param fileName what the file is called where its bytes are no model.
 * @throws CommandError `weights_invalid` where the bytes are no ONNX model, one in int8, a tensor is in another file, or a node
 *   reads what nothing before it gives.
 */
export function readForeignGraph(bytes: Uint8Array, fileName = 'the file', parentOf?: ParentOf): ForeignGraph {
  const { graph, metadataProps = [] } = decode(bytes, fileName);
  const notes = Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
  refuseIntegers(graph.node, () => parentOf?.(notes));
  const values = new Map<string, ForeignConstant | ForeignValue>();
  for (const tensor of graph.initializer) {
    refuseExternalData(tensor);
    values.set(tensor.name, { name: tensor.name, shape: tensor.dims, numbers: () => tensorNumbers(tensor) });
  }
  const inputs: ForeignValue[] = [];
  for (const { name } of graph.input) {
    if (values.has(name)) continue;
    const given = { name, consumers: [] };
    values.set(name, given);
    inputs.push(given);
  }
  for (const node of graph.node) addNode(node, values);
  return { inputs, notes };
}

/** Rounded weights are no weights to begin from: what int8 took away is gone. */
function refuseIntegers(nodes: readonly NodeProto[], parentOf: () => string | undefined): void {
  if (!nodes.some(({ opType }) => /^QLinear|^DequantizeLinear$/.test(opType))) return;
  const parent = parentOf();
  const instead = `${parent === undefined ? '' : `${parent}, `}the model that it was made of`;
  throw new CommandError('weights_invalid', `the model is an int8 one, whose weights are rounded: take ${instead}`);
}

function decode(bytes: Uint8Array, fileName: string): ModelProto {
  try {
    return decodeModelProto(bytes);
  } catch (cause) {
    throw new CommandError('weights_invalid', `${fileName} is neither safetensors nor an ONNX model`, { cause });
  }
}

function addNode(proto: NodeProto, values: Map<string, ForeignConstant | ForeignValue>): void {
  const [name = ''] = proto.output;
  const attribute = (key: string) => proto.attribute.find((one) => one.name === key);
  const op = ['', 'ai.onnx', undefined].includes(proto.domain) ? proto.opType : `${proto.domain}.${proto.opType}`;
  const inputs = proto.input.map((input) => {
    const value = values.get(input);
    if (value || input === '') return value;
    throw new CommandError('weights_invalid', `the node ${op} ${name} reads ${input}, which nothing before it gives`);
  });
  const [first] = inputs;
  if (op === 'Constant') {
    const tensor = attribute('value')?.t;
    if (!tensor) return; // a number or a text: no weights; who reads it as such says what it misses
    const named = { ...tensor, name };
    refuseExternalData(named);
    values.set(name, { name, shape: tensor.dims, numbers: () => tensorNumbers(named) });
  } else if (PASSING_ON.includes(op) && first) {
    values.set(name, first);
  } else if (op === 'Transpose' && isConstant(first) && first.shape.length === 2) {
    values.set(name, transposed(first));
  } else {
    const output = { name, consumers: [] };
    const node = { op, inputs, output, attribute };
    for (const input of new Set(inputs)) if (input && !isConstant(input)) input.consumers.push(node);
    for (const other of proto.output.slice(1)) values.set(other, { name: other, consumers: [] });
    values.set(name, output);
  }
}

/** A matrix whose rows are another's columns: `[m, n]` → `[n, m]`. */
export function transposed({ name, shape, numbers }: ForeignConstant): ForeignConstant {
  const [rows, columns] = shape as [number, number];
  const turned = () => {
    const from = numbers();
    return Float32Array.from({ length: from.length }, (_, index) => {
      return from[(index % rows) * columns + Math.floor(index / rows)]!;
    });
  };
  return { name, shape: [columns, rows], numbers: turned };
}
