import {
  ATTRIBUTE_TYPES,
  type AttributeProto,
  DATA_TYPES,
  type DataType,
  encodeModelProto,
  type GraphProto,
  type ValueInfoProto,
} from './proto.ts';
import {
  type Attributes,
  CAST_TO_FLOAT32,
  elementCount,
  FLOAT_ATTRIBUTES,
  type Op,
  type Result,
  type Shape,
  shapeRules,
  sizesOf,
  type Value,
} from './shape-inference.ts';
import { halfNameOf } from './tensor-numbers.ts';

/** One operation of a graph. */
export interface Node {
  readonly name: string;
  readonly op: Op;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
}

/**
 * Several operations that together are one function of one input. The gradient has a single rule for them, which is
 * shorter than the chain rule through each part. `saved` holds inner values that the rule reuses. For local response
 * normalization, y = x / s^beta: `band` is the weight whose 1×1 convolution sums alpha/n · x² over a channel's
 * neighbors, `scale` is s, and `power` is s^beta.
 */
export interface Fusion {
  readonly name: string;
  readonly op: 'LocalResponseNorm';
  readonly beta: number;
  readonly inputs: readonly [Value];
  readonly outputs: readonly [Value];
  readonly saved: { readonly band: Value; readonly scale: Value; readonly power: Value };
}

/** One step of a computation, as its gradient sees it. */
export type Step = Node | Fusion;

/** The numbers of a constant, in its value's element type. */
type ConstantData = Float32Array | Float16Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

/** A value whose numbers are stored in the file. */
export interface Constant {
  readonly value: Value;
  readonly data: ConstantData;
}

/** A graph as data. Its nodes are sorted: each one comes after the nodes it reads from. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly nodes: readonly Node[];
  readonly constants: readonly Constant[];
}

const DATA_CLASSES = {
  float32: Float32Array,
  float16: Float16Array,
  uint8: Uint8Array,
  int8: Int8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const;

function dataOf(dtype: DataType, numbers: ArrayLike<number>): ConstantData {
  if (dtype === 'int64') return BigInt64Array.from(Array.from(numbers), BigInt);
  return numbers instanceof DATA_CLASSES[dtype] ? numbers : new DATA_CLASSES[dtype](numbers);
}

/** A node of an unfinished graph, which can still gain outputs. */
interface OpenNode extends Node {
  readonly outputs: Value[];
}

/**
 * Builds a graph node by node. Every value has its shape from the start, and shapes that don't fit throw. To build the
 * body of a `Loop`, pass a prefix for all names: they must differ from those of the surrounding graph. If you pass that
 * graph too, the body may use its values, and operations on nothing else are added there, where they run once.
 */
export class GraphBuilder {
  readonly #name: string;
  readonly #prefix: string;
  readonly #outer: GraphBuilder | undefined;
  readonly #inputs: Value[] = [];
  readonly #outputs: Value[] = [];
  readonly #nodes: OpenNode[] = [];
  readonly #steps: Step[] = [];
  readonly #constants = new Map<string, Constant>();
  readonly #names = new Set<string>();

  constructor(name: string, prefix = '', outer?: GraphBuilder) {
    this.#name = name;
    this.#prefix = prefix;
    this.#outer = outer;
  }

  /** The steps added so far, in order. */
  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** Adds an input, which the caller provides for each run. */
  input(name: string, dtype: DataType, shape: Shape): Value {
    const value = { name: this.#claim(name), dtype, shape };
    this.#inputs.push(value);
    return value;
  }

  /** Adds a constant, row-major. Throws RangeError if the shape needs other numbers. Those of its type aren't copied. */
  constant(name: string, dtype: keyof typeof DATA_CLASSES, shape: Shape, numbers: ArrayLike<number>): Value {
    if (numbers.length !== elementCount(shape)) {
      throw new RangeError(`${name} has ${numbers.length} numbers, but its shape is [${shape.join(', ')}]`);
    }
    const value = { name: this.#claim(name), dtype, shape };
    this.#constants.set(value.name, { value, data: dataOf(dtype, numbers) });
    return value;
  }

  /** Returns an int64 list, which is how operators take shapes, axes and pads. Equal lists share one constant. */
  ints(numbers: readonly number[]): Value {
    if (this.#outer) return this.#outer.ints(numbers);
    return this.#once(`ints[${numbers.join(', ')}]`, (name) => this.constant(name, 'int64', [numbers.length], numbers));
  }

  /** Returns a float32 scalar. Equal numbers share one constant. */
  scalar(number: number): Value {
    if (this.#outer) return this.#outer.scalar(number);
    return this.#once(`scalar(${number})`, (name) => this.constant(name, 'float32', [], [number]));
  }

  /** Adds a float32 constant that is stored as float16. ONNX Runtime folds its `Cast` when it loads the model. */
  halfConstant(name: string, shape: Shape, numbers: ArrayLike<number>): Value {
    return this.apply('Cast', [this.constant(halfNameOf(name), 'float16', shape, numbers)], CAST_TO_FLOAT32, name);
  }

  /** Returns the numbers of a constant, or `undefined` for any other value. */
  numbersOf(value: Value): number[] | undefined {
    const found = this.#constants.get(value.name);
    return found ? Array.from(found.data, Number) : this.#outer?.numbersOf(value);
  }

  /** Adds an operation and returns its output, named after the node. Throws RangeError if the shapes don't fit. */
  apply(op: Op, inputs: readonly Value[], attributes: Attributes = {}, name?: string): Value {
    return this.#add(op, inputs, attributes, name, 1)[0]!;
  }

  /** Adds an operation with several outputs and returns them all. */
  applyAll(op: Op, inputs: readonly Value[], attributes: Attributes = {}, name?: string): readonly Value[] {
    return this.#add(op, inputs, attributes, name);
  }

  /** Adds the second output of an existing node (`MaxPool`'s indices) and returns it. */
  secondOutput(node: Node): Value {
    const open = this.#nodes.find((other) => other === node);
    if (!open) throw new RangeError(`${node.name} isn’t a node of this graph`);
    const result = this.#infer(node)[1];
    if (!result) throw new RangeError(`${node.name}: ${node.op} has only one output`);
    open.outputs[1] ??= { name: this.#claim(`${node.name}/second`), ...result };
    return open.outputs[1];
  }

  /** Combines the operations that `build` adds into a single step for the gradient. */
  fuse(
    { op, beta }: Pick<Fusion, 'op' | 'beta'>,
    input: Value,
    build: () => { output: Value; saved: Fusion['saved'] },
  ): Value {
    const begin = this.#steps.length;
    const { output, saved } = build();
    const fusion = { name: output.name, op, beta, inputs: [input], outputs: [output], saved } as const;
    this.#steps.splice(begin, this.#steps.length, fusion);
    return output;
  }

  /** Makes a value an output of the graph, under the given name. */
  output(value: Value, name: string): Value {
    const output = this.apply('Identity', [value], {}, name);
    this.#outputs.push(output);
    return output;
  }

  /** Returns the graph as built so far. */
  build(): Graph {
    return {
      name: this.#name,
      inputs: [...this.#inputs],
      outputs: [...this.#outputs],
      nodes: [...this.#nodes],
      constants: [...this.#constants.values()],
    };
  }

  #add(op: Op, inputs: readonly Value[], attributes: Attributes, chosenName?: string, count?: number): Value[] {
    const outer = this.#outer;
    if (outer && this.#isInvariant(inputs, outer)) return outer.#add(op, inputs, attributes, chosenName, count);
    const name = this.#claim(chosenName ?? `${op.toLowerCase()}_${this.#nodes.length}`);
    const results = this.#infer({ name, op, inputs, attributes }).slice(0, count);
    const outputs = results.map(({ dtype, shape }, index) => ({
      name: index === 0 ? name : this.#claim(`${chosenName ?? name}/${index}`),
      dtype,
      shape,
    }));
    const node = { name, op, inputs, outputs, attributes };
    this.#nodes.push(node);
    this.#steps.push(node);
    return outputs;
  }

  /** Returns true if none of the inputs is this body's, and at least one is computed or fed in the surrounding graph. */
  #isInvariant(inputs: readonly Value[], outer: GraphBuilder): boolean {
    const computed = inputs.filter(({ name }) => !outer.#constants.has(name));
    return computed.length > 0 && computed.every(({ name }) => !this.#names.has(name));
  }

  #infer({ name, op, inputs, attributes }: Omit<Node, 'outputs'>): readonly Result[] {
    const constant = (index: number) => {
      const numbers = inputs[index] && this.numbersOf(inputs[index]);
      if (!numbers) throw new RangeError(`${name}: input ${index} must be a constant`);
      return numbers;
    };
    return [shapeRules[op]({ inputs, attributes, constant })].flat();
  }

  #once(name: string, make: (name: string) => Value): Value {
    return this.#constants.get(this.#prefix + name)?.value ?? make(name);
  }

  #claim(short: string): string {
    const name = this.#prefix + short;
    if (this.#names.has(name)) throw new RangeError(`the name ${name} is already taken`);
    this.#names.add(name);
    return name;
  }
}

/** Opset 17 and IR 8 are the newest that every recent serving runtime reads (Triton, ONNX Runtime 1.12 and later). */
const OPSET_VERSION = 17;
const IR_VERSION = 8;

/** Encodes a graph as a standard ONNX file. */
export function encodeModel(graph: Graph): Uint8Array {
  return encodeModelProto({
    irVersion: IR_VERSION,
    producerName: 'swipenet',
    opsetImport: [{ version: OPSET_VERSION }],
    graph: graphProto(graph),
  });
}

function graphProto(graph: Graph): GraphProto {
  return {
    name: graph.name,
    input: graph.inputs.map(valueInfo),
    output: graph.outputs.map(valueInfo),
    initializer: graph.constants.map(({ value, data }) => ({
      name: value.name,
      dims: sizesOf(value.shape),
      dataType: DATA_TYPES[value.dtype],
      rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    })),
    node: graph.nodes.map(({ name, op, inputs, outputs, attributes }) => ({
      name,
      opType: op,
      input: inputs.map((value) => value.name),
      output: outputs.map((value) => value.name),
      attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    })),
  };
}

function valueInfo({ name, dtype, shape }: Value): ValueInfoProto {
  const dim = shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }));
  return { name, type: { tensorType: { elemType: DATA_TYPES[dtype], shape: { dim } } } };
}

function attribute(name: string, value: Attributes[string]): AttributeProto {
  if (typeof value === 'string') return { name, type: ATTRIBUTE_TYPES.string, s: new TextEncoder().encode(value) };
  if (typeof value === 'object' && 'inputs' in value) {
    return { name, type: ATTRIBUTE_TYPES.graph, g: graphProto(value as Graph) };
  }
  if (typeof value !== 'number') return { name, type: ATTRIBUTE_TYPES.ints, ints: [...(value ?? [])] };
  return FLOAT_ATTRIBUTES.has(name)
    ? { name, type: ATTRIBUTE_TYPES.float, f: value }
    : { name, type: ATTRIBUTE_TYPES.int, i: value };
}
