import { type Constant, type Graph, GraphBuilder, type Node } from './graph-builder.ts';
import { type FoldedConv, foldedConvs, quantizationGroups } from './quantization-groups.ts';
import {
  meanShift,
  type QuantizationParameters,
  type QuantizedWeight,
  quantizationParametersOf,
  quantizeBias,
  quantizeWeight,
  type Range,
  type WeightLimits,
} from './quantize-tensor.ts';
import type { Value } from './shape-inference.ts';

/** Operators that move values without changing them. */
const MOVES_VALUES: ReadonlySet<string> = new Set(['MaxPool', 'Concat', 'Transpose']);

/** What calibration measured about a graph's values. */
export interface Activations {
  /** A range for every value that `quantizedGroups` lists. Numbers outside it are clamped. */
  readonly ranges: ReadonlyMap<string, Range>;
  /** Channel means of every value that `convolvedValues` lists. Without means, biases aren't corrected. */
  readonly means?: ReadonlyMap<string, Float32Array>;
  /** Filters that are quantized already, by the name of their weight. They are copied. */
  readonly filters?: ReadonlyMap<string, QuantizedFilters>;
}

/** The filters of a convolution as a quantized graph stores them. */
export interface QuantizedFilters extends QuantizedWeight {
  /** `[filters]`, in the units of the convolution's sums. */
  readonly biases: Int32Array;
  /** True for a filter that isn't copied, because its numbers have changed. */
  readonly isAnew: (filter: number) => boolean;
}

/** How a graph is quantized. */
export interface QuantizeOptions extends Activations {
  /** Convolutions that stay in float, by name. */
  readonly kept?: ReadonlySet<string>;
  /** `WEIGHT_LIMITS` by default. */
  readonly weightLimits?: WeightLimits;
  /** Values of the source graph that the new graph also outputs, as floats, each under its name plus `/observed`. */
  readonly observed?: readonly string[];
}

/**
 * Quantizes a graph. Convolutions that are followed by a ReLU compute in int8, and so do the operators between them.
 * Activations are 0 to 255, weights are signed with one scale per filter, and sums and biases have 32 bits. The ReLU
 * disappears, because its zero is the lowest quantized value. Max pooling, concatenation and transpose move quantized
 * values unchanged, so their inputs and outputs share quantization parameters. Everything else is copied and computes in
 * float32.
 *
 * The operators are ONNX's QLinearConv, QuantizeLinear and DequantizeLinear. The scheme is from Jacob et al. 2018,
 * "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference".
 *
 * Tensors keep the names that published models have: `/codes` for quantized values, `/numbers` for floats. That way,
 * quantizing a model again gives the same bytes.
 *
 * @throws RangeError if a range is missing, if only some means are missing, or if a ReLU shares its quantization
 *   parameters with negative values.
 */
export function quantizeGraph(graph: Graph, options: QuantizeOptions): Graph {
  const quantizer = new Quantizer(graph, options);
  for (const node of graph.nodes) quantizer.add(node);
  for (const name of options.observed ?? []) quantizer.observe(name);
  return quantizer.build();
}

class Quantizer {
  readonly #graph: GraphBuilder;
  readonly #source: Graph;
  readonly #activations: Activations;
  readonly #weightLimits: WeightLimits | undefined;
  readonly #groupOf: (name: string) => string;
  readonly #folded: ReadonlyMap<string, FoldedConv>;
  readonly #constants: ReadonlyMap<string, Constant>;
  /** The new graph's values by the source graph's names, as floats and as quantized values. */
  readonly #floats = new Map<string, Value>();
  readonly #quantized = new Map<string, Value>();
  /** Keyed by group. `inputs` are the scale and the zero point as the new graph's operators take them. */
  readonly #parameters = new Map<string, QuantizationParameters & { readonly inputs: readonly [Value, Value] }>();

  constructor(source: Graph, { kept = new Set(), weightLimits, ...activations }: QuantizeOptions) {
    this.#source = source;
    this.#graph = new GraphBuilder(source.name);
    this.#activations = activations;
    this.#weightLimits = weightLimits;
    this.#groupOf = quantizationGroups(source);
    this.#folded = foldedConvs(source, kept);
    this.#constants = new Map(source.constants.map((constant) => [constant.value.name, constant]));
    for (const { name, dtype, shape } of source.inputs) this.#floats.set(name, this.#graph.input(name, dtype, shape));
  }

  /** Adds the counterpart of a node of the source graph. */
  add(node: Node): void {
    const { op, inputs, outputs, attributes } = node;
    const name = outputs[0]!.name;
    const folded = this.#folded.get(name);
    if (folded) {
      this.#addConv(folded, attributes);
      return;
    }
    if (this.#folded.has(inputs[0]!.name) && op === 'Relu') return; // the convolution applies it
    if (MOVES_VALUES.has(op) && this.#activations.ranges.has(this.#groupOf(name))) {
      const quantized = inputs.map((input) => this.#asQuantized(input.name));
      this.#quantized.set(name, this.#graph.apply(op, quantized, attributes, `${name}/codes`));
      return;
    }
    const floats = inputs.map((input) => this.#asFloats(input.name));
    if (this.#source.outputs.some((output) => output.name === name)) {
      this.#graph.output(floats[0]!, name);
      return;
    }
    const made =
      outputs.length > 1
        ? this.#graph.applyAll(op, floats, attributes, name)
        : [this.#graph.apply(op, floats, attributes, name)];
    for (const [index, output] of outputs.entries()) this.#floats.set(output.name, made[index]!);
  }

  observe(name: string): void {
    this.#graph.output(this.#asFloats(name), `${name}/observed`);
  }

  build(): Graph {
    return this.#graph.build();
  }

  #addConv({ node, relu }: FoldedConv, attributes: Node['attributes']): void {
    const [x, weight, bias] = node.inputs.map(({ name }) => name) as [string, string, string];
    const input = this.#asQuantized(x);
    const { scale, inputs } = this.#parametersOf(x);
    const { value } = this.#constants.get(weight)!;
    const data = this.#constants.get(weight)!.data as Float32Array;
    const [filters, channels] = value.shape as [number, number];
    const biases = this.#constants.get(bias)!.data as Float32Array;
    const quantized = quantizeWeight(data, channels, biases, { inputScale: scale, limits: this.#weightLimits });
    const shift = this.#activations.means && meanShift(data, quantized, this.#meansOf(x));
    const shifted = biases.map((number, filter) => number + (shift?.[filter] ?? 0));
    const own = { ...quantized, biases: quantizeBias(shifted, scale, quantized) };
    copyFilters(own, this.#activations.filters?.get(weight));
    const constant = this.#graph.constant.bind(this.#graph);
    const weights = [
      constant(weight, 'int8', value.shape, own.values),
      constant(`${weight}/scale`, 'float32', [filters], own.scales),
      constant(`${weight}/zero_point`, 'int8', [filters], new Int8Array(filters)),
    ];
    const sums = constant(bias, 'int32', [filters], own.biases);
    const output = this.#parametersOf(relu);
    if (output.zeroPoint !== 0) {
      throw new RangeError(`${relu}: a ReLU shares its quantization parameters with negative values`);
    }
    const all = [input, ...inputs, ...weights, ...output.inputs, sums];
    this.#quantized.set(relu, this.#graph.apply('QLinearConv', all, attributes, `${relu}/codes`));
  }

  /** Returns a value as floats: as computed, copied from a constant, or dequantized. */
  #asFloats(name: string): Value {
    const made = this.#floats.get(name) ?? this.#copyOf(name) ?? this.#dequantized(name);
    this.#floats.set(name, made);
    return made;
  }

  #copyOf(name: string): Value | undefined {
    const constant = this.#constants.get(name);
    if (!constant) return undefined;
    const { value, data } = constant;
    return this.#graph.constant(name, value.dtype as 'float32', value.shape, Array.from(data, Number));
  }

  #dequantized(name: string): Value {
    const inputs = [this.#quantized.get(name)!, ...this.#parametersOf(name).inputs];
    return this.#graph.apply('DequantizeLinear', inputs, {}, `${name}/numbers`);
  }

  #asQuantized(name: string): Value {
    const quantized = this.#quantized.get(name);
    if (quantized) return quantized;
    const inputs = [this.#asFloats(name), ...this.#parametersOf(name).inputs];
    const made = this.#graph.apply('QuantizeLinear', inputs, {}, `${name}/codes`);
    this.#quantized.set(name, made);
    return made;
  }

  #meansOf(name: string): Float32Array {
    const means = this.#activations.means?.get(name);
    if (!means) throw new RangeError(`the means of ${name} are missing`);
    return means;
  }

  #parametersOf(name: string) {
    const group = this.#groupOf(name);
    const known = this.#parameters.get(group);
    if (known) return known;
    const range = this.#activations.ranges.get(group);
    if (!range) throw new RangeError(`the range of ${group} is missing`);
    const parameters = quantizationParametersOf(range);
    const scale = this.#graph.constant(`${group}/codes/scale`, 'float32', [], [parameters.scale]);
    const zeroPoint = this.#graph.constant(`${group}/codes/zero_point`, 'uint8', [], [parameters.zeroPoint]);
    const made = { ...parameters, inputs: [scale, zeroPoint] as const };
    this.#parameters.set(group, made);
    return made;
  }
}

/** Copies the filters that are quantized already over those of `into`, in place. */
function copyFilters(into: Omit<QuantizedFilters, 'isAnew'>, from: QuantizedFilters | undefined): void {
  if (!from) return;
  const size = into.values.length / into.scales.length;
  for (let filter = 0; filter < into.scales.length; filter += 1) {
    if (from.isAnew(filter)) continue;
    into.values.set(from.values.subarray(filter * size, (filter + 1) * size), filter * size);
    into.scales[filter] = from.scales[filter]!;
    into.biases[filter] = from.biases[filter]!;
  }
}
