import { type Coding, codeBias, codeWeight, codingOf, meanShift, type Range, type WeightLimits } from './coding.ts';
import { codingGroups, type FoldedConv, foldedConvs } from './coding-groups.ts';
import { type Constant, type Graph, GraphBuilder, type Node } from './graph-builder.ts';
import type { Value } from './shape-inference.ts';

/** Operators that give what they take, somewhere else. */
const MOVES_CODES: ReadonlySet<string> = new Set(['MaxPool', 'Concat', 'Transpose']);

/** What photos told of the numbers in a graph. */
export interface Activations {
  /** Of every value that {@link codedValues} names; what is outside becomes the nearest end. */
  readonly ranges: ReadonlyMap<string, Range>;
  /** Of every value that {@link convolvedValues} names, each channel's; without them what rounding shifts stays so. */
  readonly means?: ReadonlyMap<string, Float32Array>;
}

/** What a graph is quantized with. */
export interface QuantizeOptions extends Activations {
  /** Convolutions that stay in float, by name. */
  readonly kept?: ReadonlySet<string>;
  /** WEIGHT_LIMITS unless given. */
  readonly weightLimits?: WeightLimits;
  /** Values of the given graph that the new one gives as numbers too, each as an output under its name with `/observed`. */
  readonly observed?: readonly string[];
}

/**
 * A graph whose convolutions with a ReLU behind them compute in int8, with what lies between them: codes 0 to 255
 * for what goes in and out, a signed code and a scale a filter for weights, 32 bits for sums and biases. The ReLU is
 * gone: its zero is the coding's lowest code. Max pooling, concatenation and transposition move codes, which have one
 * coding before and behind. All the rest is copied and computes in float32. (ONNX's QLinearConv, QuantizeLinear and
 * DequantizeLinear; the scheme of Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient
 * Integer-Arithmetic-Only Inference".)
 *
 * @throws RangeError where a range is missing, or a mean where there are means, or a ReLU's coding has negative numbers.
 */
export function quantizeGraph(graph: Graph, options: QuantizeOptions): Graph {
  const quantizer = new Quantizer(graph, options);
  for (const node of graph.nodes) quantizer.add(node);
  for (const name of options.observed ?? []) quantizer.observe(name);
  return quantizer.build();
}

class Quantizer {
  readonly #graph: GraphBuilder;
  readonly #given: Graph;
  readonly #activations: Activations;
  readonly #weightLimits: WeightLimits | undefined;
  readonly #groupOf: (name: string) => string;
  readonly #folded: ReadonlyMap<string, FoldedConv>;
  readonly #constants: ReadonlyMap<string, Constant>;
  /** What has been computed so far, as numbers and as codes, by the given graph's names. */
  readonly #numbers = new Map<string, Value>();
  readonly #codes = new Map<string, Value>();
  readonly #codings = new Map<string, Coding & { readonly inputs: readonly [Value, Value] }>();

  constructor(given: Graph, { kept = new Set(), weightLimits, ...activations }: QuantizeOptions) {
    this.#given = given;
    this.#graph = new GraphBuilder(given.name);
    this.#activations = activations;
    this.#weightLimits = weightLimits;
    this.#groupOf = codingGroups(given);
    this.#folded = foldedConvs(given, kept);
    this.#constants = new Map(given.constants.map((constant) => [constant.value.name, constant]));
    for (const { name, dtype, shape } of given.inputs) this.#numbers.set(name, this.#graph.input(name, dtype, shape));
  }

  /** Adds what a node of the given graph becomes. */
  add(node: Node): void {
    const { op, inputs, outputs, attributes } = node;
    const name = outputs[0]!.name;
    const folded = this.#folded.get(name);
    if (folded) {
      this.#addConv(folded, attributes);
      return;
    }
    if (this.#folded.has(inputs[0]!.name) && op === 'Relu') return; // its convolution has done it
    if (MOVES_CODES.has(op) && this.#activations.ranges.has(this.#groupOf(name))) {
      const codes = inputs.map((input) => this.#asCodes(input.name));
      this.#codes.set(name, this.#graph.apply(op, codes, attributes, `${name}/codes`));
      return;
    }
    const numbers = inputs.map((input) => this.#asNumbers(input.name));
    if (this.#given.outputs.some((output) => output.name === name)) {
      this.#graph.output(numbers[0]!, name);
      return;
    }
    const made =
      outputs.length > 1
        ? this.#graph.applyAll(op, numbers, attributes, name)
        : [this.#graph.apply(op, numbers, attributes, name)];
    for (const [index, output] of outputs.entries()) this.#numbers.set(output.name, made[index]!);
  }

  observe(name: string): void {
    this.#graph.output(this.#asNumbers(name), `${name}/observed`);
  }

  build(): Graph {
    return this.#graph.build();
  }

  #addConv({ node, relu }: FoldedConv, attributes: Node['attributes']): void {
    const [x, weight, bias] = node.inputs.map(({ name }) => name) as [string, string, string];
    const codes = this.#asCodes(x);
    const { scale, inputs } = this.#codingOf(x);
    const { value } = this.#constants.get(weight)!;
    const data = this.#constants.get(weight)!.data as Float32Array;
    const [filters, channels] = value.shape as [number, number];
    const biases = this.#constants.get(bias)!.data as Float32Array;
    const coding = { inputScale: scale, limits: this.#weightLimits };
    const coded = codeWeight(data, channels, biases, coding);
    const shift = this.#activations.means && meanShift(data, coded, this.#meansOf(x));
    const shifted = biases.map((number, filter) => number + (shift?.[filter] ?? 0));
    const constant = this.#graph.constant.bind(this.#graph);
    const parameters = [
      constant(weight, 'int8', value.shape, coded.codes),
      constant(`${weight}/scale`, 'float32', [filters], coded.scales),
      constant(`${weight}/zero_point`, 'int8', [filters], new Int8Array(filters)),
    ];
    const sums = constant(bias, 'int32', [filters], codeBias(shifted, scale, coded));
    const output = this.#codingOf(relu);
    if (output.zeroPoint !== 0) throw new RangeError(`${relu}: a ReLU shares its coding with negative numbers`);
    const all = [codes, ...inputs, ...parameters, ...output.inputs, sums];
    this.#codes.set(relu, this.#graph.apply('QLinearConv', all, attributes, `${relu}/codes`));
  }

  /** A value as numbers: as it is there, a constant, or its codes' numbers. */
  #asNumbers(name: string): Value {
    const made = this.#numbers.get(name) ?? this.#copyOf(name) ?? this.#decoded(name);
    this.#numbers.set(name, made);
    return made;
  }

  #copyOf(name: string): Value | undefined {
    const constant = this.#constants.get(name);
    if (!constant) return undefined;
    const { value, data } = constant;
    return this.#graph.constant(name, value.dtype as 'float32', value.shape, Array.from(data, Number));
  }

  #decoded(name: string): Value {
    const inputs = [this.#codes.get(name)!, ...this.#codingOf(name).inputs];
    return this.#graph.apply('DequantizeLinear', inputs, {}, `${name}/numbers`);
  }

  #asCodes(name: string): Value {
    const codes = this.#codes.get(name);
    if (codes) return codes;
    const inputs = [this.#asNumbers(name), ...this.#codingOf(name).inputs];
    const made = this.#graph.apply('QuantizeLinear', inputs, {}, `${name}/codes`);
    this.#codes.set(name, made);
    return made;
  }

  #meansOf(name: string): Float32Array {
    const means = this.#activations.means?.get(name);
    if (!means) throw new RangeError(`the means of ${name} are missing`);
    return means;
  }

  #codingOf(name: string) {
    const group = this.#groupOf(name);
    const known = this.#codings.get(group);
    if (known) return known;
    const range = this.#activations.ranges.get(group);
    if (!range) throw new RangeError(`the range of ${group} is missing`);
    const coding = codingOf(range);
    const scale = this.#graph.constant(`${group}/codes/scale`, 'float32', [], [coding.scale]);
    const zeroPoint = this.#graph.constant(`${group}/codes/zero_point`, 'uint8', [], [coding.zeroPoint]);
    const made = { ...coding, inputs: [scale, zeroPoint] as const };
    this.#codings.set(group, made);
    return made;
  }
}
