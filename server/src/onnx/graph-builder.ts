import {
  ATTRIBUTE_TYPES,
  type AttributeProto,
  DATA_TYPES,
  type DataType,
  encodeModelProto,
  type ValueInfoProto,
} from './proto.ts';
import {
  type Attributes,
  CAST_TO_FLOAT32,
  elementCount,
  FLOAT_ATTRIBUTES,
  type Op,
  type Shape,
  shapeRules,
  sizesOf,
  type Value,
} from './shape-inference.ts';

/** One operation of a graph. */
export interface Node {
  readonly name: string;
  readonly op: Op;
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly attributes: Attributes;
}

/** The numbers of a constant; their type is the value's. */
export type ConstantData = Float32Array | Float16Array | Uint8Array | BigInt64Array;

/** A value whose numbers stand in the file. */
export interface Constant {
  readonly value: Value;
  readonly data: ConstantData;
}

/** A graph as data: nodes in an order in which every input is known before it is read. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly nodes: readonly Node[];
  readonly constants: readonly Constant[];
}

const DATA_CLASSES = { float32: Float32Array, float16: Float16Array, uint8: Uint8Array, int64: BigInt64Array } as const;

/** Builds a graph node by node; every value knows its shape from the start, and a shape that does not fit throws. */
export class GraphBuilder {
  readonly #name: string;
  readonly #inputs: Value[] = [];
  readonly #outputs: Value[] = [];
  readonly #nodes: Node[] = [];
  readonly #constants = new Map<string, Constant>();
  readonly #names = new Set<string>();

  constructor(name: string) {
    this.#name = name;
  }

  /** A value the caller gives at each run. */
  input(name: string, dtype: DataType, shape: Shape): Value {
    const value = { name: this.#claim(name), dtype, shape };
    this.#inputs.push(value);
    return value;
  }

  /** A constant, row-major. Throws RangeError where the count of numbers is not the shape's. */
  constant(name: string, dtype: keyof typeof DATA_CLASSES, shape: Shape, numbers: ArrayLike<number>): Value {
    if (numbers.length !== elementCount(shape)) {
      throw new RangeError(`${name}: ${numbers.length} numbers for [${shape.join(', ')}]`);
    }
    const data =
      dtype === 'int64' ? BigInt64Array.from(Array.from(numbers), BigInt) : DATA_CLASSES[dtype].from(numbers);
    const value = { name: this.#claim(name), dtype, shape };
    this.#constants.set(value.name, { value, data });
    return value;
  }

  /** A constant for computing with, kept in the file at half its size: float16 numbers and a `Cast` that ONNX Runtime folds. */
  halfConstant(name: string, shape: Shape, numbers: ArrayLike<number>): Value {
    return this.apply('Cast', [this.constant(`${name}.float16`, 'float16', shape, numbers)], CAST_TO_FLOAT32, name);
  }

  /** Adds an operation and gives its output, which is named like the node. Throws RangeError where the shapes do not fit. */
  apply(op: Op, inputs: readonly Value[], attributes: Attributes = {}, name?: string): Value {
    const unique = this.#claim(name ?? `${op.toLowerCase()}_${this.#nodes.length}`);
    const constant = (index: number) => {
      const found = this.#constants.get(inputs[index]?.name ?? '');
      if (!found) throw new RangeError(`${unique}: input ${index} must be a constant`);
      return Array.from(found.data, Number);
    };
    const { dtype, shape } = shapeRules[op]({ inputs, attributes, constant });
    const output = { name: unique, dtype, shape };
    this.#nodes.push({ name: unique, op, inputs, output, attributes });
    return output;
  }

  /** Makes a value an output of the graph, under a name of its own. */
  output(value: Value, name: string): Value {
    const output = this.apply('Identity', [value], {}, name);
    this.#outputs.push(output);
    return output;
  }

  /** The graph as it stands. */
  build(): Graph {
    return {
      name: this.#name,
      inputs: [...this.#inputs],
      outputs: [...this.#outputs],
      nodes: [...this.#nodes],
      constants: [...this.#constants.values()],
    };
  }

  #claim(name: string): string {
    if (this.#names.has(name)) throw new RangeError(`the name ${name} is taken`);
    this.#names.add(name);
    return name;
  }
}

/** Opset 17 and IR 8 are the newest that every serving runtime of the last years reads (facts: Triton, ORT ≥ 1.12). */
const OPSET_VERSION = 17;
const IR_VERSION = 8;

/** A graph as the bytes of a standard ONNX file. */
export function encodeModel(graph: Graph): Uint8Array {
  return encodeModelProto({
    irVersion: IR_VERSION,
    producerName: 'swipenet',
    opsetImport: [{ version: OPSET_VERSION }],
    graph: {
      name: graph.name,
      input: graph.inputs.map(valueInfo),
      output: graph.outputs.map(valueInfo),
      initializer: graph.constants.map(({ value, data }) => ({
        name: value.name,
        dims: sizesOf(value.shape),
        dataType: DATA_TYPES[value.dtype],
        rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      })),
      node: graph.nodes.map(({ name, op, inputs, output, attributes }) => ({
        name,
        opType: op,
        input: inputs.map((value) => value.name),
        output: [output.name],
        attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
      })),
    },
  });
}

function valueInfo({ name, dtype, shape }: Value): ValueInfoProto {
  const dim = shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }));
  return { name, type: { tensorType: { elemType: DATA_TYPES[dtype], shape: { dim } } } };
}

function attribute(name: string, value: Attributes[string]): AttributeProto {
  if (typeof value === 'string') return { name, type: ATTRIBUTE_TYPES.string, s: new TextEncoder().encode(value) };
  if (typeof value !== 'number') return { name, type: ATTRIBUTE_TYPES.ints, ints: [...(value ?? [])] };
  return FLOAT_ATTRIBUTES.has(name)
    ? { name, type: ATTRIBUTE_TYPES.float, f: value }
    : { name, type: ATTRIBUTE_TYPES.int, i: value };
}
