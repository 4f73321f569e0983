import { CommandError } from '../../command-error.ts';
import { type AttributeProto, decodeModelProto, type ModelProto, type NodeProto } from '../../onnx/proto.ts';
import { checkTensor, tensorNumbers } from '../../onnx/tensor-numbers.ts';

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
}

/** One operation of a foreign graph. */
export interface ForeignNode {
  /** ONNX's operator, prefixed with the domain if it isn't ONNX's own (`com.microsoft.FusedConv`). */
  readonly op: string;
  /** `undefined` for an optional input that is left out. */
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
  const values = new Map<string, ForeignConstant | ForeignValue>();
  for (const tensor of graph.initializer) {
    checkTensor(tensor);
    values.set(tensor.name, { name: tensor.name, shape: tensor.dims, numbers: () => tensorNumbers(tensor) });
  }
  const inputs: ForeignValue[] = [];
  for (const { name } of graph.input) {
    if (values.has(name)) continue;
    const input = { name, consumers: [] };
    values.set(name, input);
    inputs.push(input);
  }
  for (const node of graph.node) addNode(node, values);
  return { inputs, metadata };
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

function addNode(proto: NodeProto, values: Map<string, ForeignConstant | ForeignValue>): void {
  const [name = ''] = proto.output;
  const attribute = (key: string) => proto.attribute.find((one) => one.name === key);
  const op = ['', 'ai.onnx', undefined].includes(proto.domain) ? proto.opType : `${proto.domain}.${proto.opType}`;
  const inputs = proto.input.map((input) => {
    const value = values.get(input);
    if (value || input === '') return value;
    throw new CommandError('weights_invalid', `the node ${op} ${name} reads ${input}, which no earlier node computes`);
  });
  const [first] = inputs;
  if (op === 'Constant') {
    const tensor = attribute('value')?.t;
    if (!tensor) return; // a number or a string, which can't be a weight; a node that reads it reports it as missing
    const named = { ...tensor, name };
    checkTensor(named);
    values.set(name, { name, shape: tensor.dims, numbers: () => tensorNumbers(named) });
  } else if (PASS_THROUGH.includes(op) && first) {
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
