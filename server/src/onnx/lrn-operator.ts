import {
  ATTRIBUTE_TYPES,
  type AttributeProto,
  decodeModelProto,
  encodeModelProto,
  type GraphProto,
  type NodeProto,
} from './proto.ts';
import { tensorNumbers } from './tensor-numbers.ts';

/** The exponent of √s · √√s. */
const BETA = 0.75;

/** A local response normalization that is written as a convolution with a band: its nodes, and what they compute. */
interface BandNorm {
  /** From squares to the quotient, which has the norm's output. */
  readonly nodes: readonly NodeProto[];
  readonly input: string;
  readonly size: number;
  /** The sum of the squares counts with `alpha / size`. */
  readonly alpha: number;
  readonly k: number;
}

/**
 * Rewrites a model file for CUDA: local response normalization becomes ONNX's own `LRN`, which has a CUDA kernel. As a
 * convolution with a band, which is faster on a CPU, it would move 1.4 times as many bytes as the whole network does with
 * the operator.
 *
 * @param bytes a model file that is trusted, such as one whose hash its manifest names. Other models come back as they are.
 */
export function withLrnOperators(bytes: Uint8Array): Uint8Array {
  const model = decodeModelProto(bytes);
  const { graph } = model;
  const norms = graph.node.flatMap((node) => bandNormOf(graph, node) ?? []);
  if (norms.length === 0) return bytes;
  const replacements = new Map(norms.map((norm) => [norm.nodes.at(-1)!, operatorOf(norm)]));
  const replaced = new Set(norms.flatMap(({ nodes }) => nodes));
  const node = graph.node.flatMap((one) => replacements.get(one) ?? (replaced.has(one) ? [] : [one]));
  const read = new Set(node.flatMap(({ input }) => input));
  const initializer = graph.initializer.filter(({ name }) => read.has(name));
  return encodeModelProto({ ...model, graph: { ...graph, node, initializer } });
}

/** Recognizes x / (√s · √√s) with s = band ∗ x² + k, by its last node. Nothing else may read the values in between. */
function bandNormOf(graph: GraphProto, last: NodeProto): BandNorm | undefined {
  const producer = (name: string | undefined, opType: string) =>
    graph.node.find((node) => node.opType === opType && node.output[0] === name);
  if (last.opType !== 'Div') return undefined;
  const [input, divisor] = last.input as [string, string];
  const power = producer(divisor, 'Mul');
  const root = producer(power?.input[0], 'Sqrt');
  const fourthRoot = producer(power?.input[1], 'Sqrt');
  const sums = producer(root?.input[0], 'Conv');
  const squares = producer(sums?.input[0], 'Mul');
  if (!power || !root || !fourthRoot || !sums || !squares) return undefined;
  if (fourthRoot.input[0] !== root.output[0] || squares.input.some((name) => name !== input)) return undefined;
  const nodes = [squares, sums, root, fourthRoot, power, last];
  const inner = nodes.slice(0, -1).flatMap(({ output }) => output);
  const others = graph.node.filter((node) => !nodes.includes(node));
  if (others.some((node) => node.input.some((name) => inner.includes(name)))) return undefined;
  const band = bandOf(graph, sums);
  return band && { nodes, input, ...band };
}

/** Reads the window's size and factor from the band, and the constant from the bias. */
function bandOf(
  graph: GraphProto,
  { input: [, weight, bias] }: NodeProto,
): Omit<BandNorm, 'nodes' | 'input'> | undefined {
  const [band, constants] = [weight, bias].map((name) => graph.initializer.find((tensor) => tensor.name === name));
  if (!band || !constants) return undefined;
  const [numbers, [k, ...others]] = [tensorNumbers(band), tensorNumbers(constants)];
  const [channels, inputs, ...kernel] = band.dims;
  if (!channels || inputs !== channels || kernel.some((side) => side !== 1)) return undefined;
  const middle = Math.floor(channels / 2);
  const row = numbers.subarray(middle * channels, (middle + 1) * channels);
  const size = row.filter((number) => number !== 0).length;
  const share = row[middle]!;
  const isBand = numbers.every((number, at) => {
    const distance = Math.abs(Math.floor(at / channels) - (at % channels));
    return number === (distance <= (size - 1) / 2 ? share : 0);
  });
  if (!isBand || size % 2 === 0 || others.some((other) => other !== k)) return undefined;
  return { size, alpha: share * size, k: k! };
}

function operatorOf({ nodes, input, size, alpha, k }: BandNorm): NodeProto {
  const { name, output } = nodes.at(-1)!;
  const float = (attribute: string, f: number): AttributeProto => ({ name: attribute, type: ATTRIBUTE_TYPES.float, f });
  const attribute = [
    { name: 'size', type: ATTRIBUTE_TYPES.int, i: size },
    float('alpha', alpha),
    float('beta', BETA),
    float('bias', k),
  ];
  return { name, opType: 'LRN', input: [input], output: [...output], attribute };
}
