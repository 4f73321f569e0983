import {
  ATTRIBUTE_TYPES,
  DATA_TYPES,
  decodeModelProto,
  encodeModelProto,
  type NodeProto,
  type TensorProto,
} from './proto.ts';
import { tensorNumbers } from './tensor-numbers.ts';

/**
 * The operators that compute in float16. All others stay in float32: subtracting the mean, local response normalization,
 * whose squares would overflow, and the softmax.
 */
const IN_FLOAT16: ReadonlySet<string> = new Set([
  'Conv',
  'Relu',
  'MaxPool',
  'Concat',
  'GlobalAveragePool',
  'Flatten',
  'Gemm',
]);

/**
 * Rewrites a float model file so that nearly everything computes in float16. Inputs and outputs keep their types. A weight
 * that is stored as float16 is used as it is. Where a value passes between float16 and float32, it is cast once.
 *
 * @param bytes a GoogLeNet for serving, in a file that is trusted.
 */
export function withFloat16(bytes: Uint8Array): Uint8Array {
  const model = decodeModelProto(bytes);
  const { graph } = model;
  const rewriter = new Rewriter(graph.initializer);
  for (const node of graph.node) rewriter.add(node);
  const nodes = rewriter.nodes;
  const read = new Set([...nodes.flatMap(({ input }) => input), ...graph.output.map(({ name }) => name)]);
  return encodeModelProto({
    ...model,
    graph: {
      ...graph,
      // Without their readers, the casts of weights that are stored as float16 would only take time.
      node: nodes.filter(({ output }) => output.some((name) => read.has(name))),
      initializer: rewriter.constants.filter(({ name }) => read.has(name)),
    },
  });
}

class Rewriter {
  readonly nodes: NodeProto[] = [];
  readonly constants: TensorProto[];
  readonly #initializers: ReadonlyMap<string, TensorProto>;
  /** Values that are float16 under their own name. */
  readonly #isHalf = new Set<string>();
  /** The names of values in the other type, by their own names. */
  readonly #casts = new Map<string, string>();

  constructor(initializers: readonly TensorProto[]) {
    this.constants = [...initializers];
    this.#initializers = new Map(initializers.map((tensor) => [tensor.name, tensor]));
  }

  add(node: NodeProto): void {
    const half = IN_FLOAT16.has(node.opType);
    const stored = this.#initializers.get(node.input[0]!);
    if (node.opType === 'Cast' && stored?.dataType === DATA_TYPES.float16) {
      this.#casts.set(node.output[0]!, stored.name);
      this.nodes.push(node);
      return;
    }
    this.nodes.push({ ...node, input: node.input.map((name) => (half ? this.#asHalf(name) : this.#asFloat(name))) });
    if (half) for (const name of node.output) this.#isHalf.add(name);
  }

  #asHalf(name: string): string {
    if (this.#isHalf.has(name)) return name;
    return this.#casts.get(name) ?? this.#converted(name) ?? this.#cast(name, 'float16');
  }

  #asFloat(name: string): string {
    if (!this.#isHalf.has(name)) return name;
    return this.#casts.get(name) ?? this.#cast(name, 'float32');
  }

  /** Converts a constant. Returns `undefined` for any other value. */
  #converted(name: string): string | undefined {
    const tensor = this.#initializers.get(name);
    if (!tensor) return undefined;
    const { buffer } = new Float16Array(tensorNumbers(tensor));
    const { dims } = tensor;
    const converted = { name: `${name}/float16`, dims, dataType: DATA_TYPES.float16, rawData: new Uint8Array(buffer) };
    this.constants.push(converted);
    this.#casts.set(name, converted.name);
    return converted.name;
  }

  #cast(name: string, to: 'float16' | 'float32'): string {
    const output = `${name}/${to}`;
    const attribute = [{ name: 'to', type: ATTRIBUTE_TYPES.int, i: DATA_TYPES[to] }];
    this.nodes.push({ name: output, opType: 'Cast', input: [name], output: [output], attribute });
    this.#casts.set(name, output);
    return output;
  }
}
