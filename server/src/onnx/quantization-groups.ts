import type { Graph, Node } from './graph-builder.ts';
import type { Value } from './shape-inference.ts';

/** A convolution that also applies its ReLU when it computes in int8. */
export interface FoldedConv {
  readonly node: Node;
  /** The name of the ReLU's output. */
  readonly relu: string;
}

/**
 * The convolutions whose weight and bias are constants and whose only reader is a ReLU, by the name of their output.
 *
 * @param kept names of convolutions that stay in float.
 */
export function foldedConvs(graph: Graph, kept: ReadonlySet<string>): Map<string, FoldedConv> {
  const readers = Map.groupBy(
    graph.nodes.flatMap((node) => node.inputs.map(({ name }) => ({ name, node }))),
    ({ name }) => name,
  );
  const constants = new Set(graph.constants.map(({ value }) => value.name));
  const folded = new Map<string, FoldedConv>();
  for (const node of graph.nodes) {
    if (node.op !== 'Conv' || kept.has(node.name)) continue;
    const [, weight, bias] = node.inputs;
    const [reader, ...others] = readers.get(node.outputs[0]!.name) ?? [];
    if (!weight || !bias || !constants.has(weight.name) || !constants.has(bias.name)) continue;
    if (reader?.node.op !== 'Relu' || others.length > 0) continue;
    folded.set(node.outputs[0]!.name, { node, relu: reader.node.outputs[0]!.name });
  }
  return folded;
}

/**
 * Groups the values that must share quantization parameters, so that an operator can move quantized values unchanged: the
 * inputs and the output of a concatenation, the input and the output of a max pooling or a transposition. A group has the
 * name of its last concatenation, or else of its first value, and that value's range. The range covers the whole group as
 * long as no value is an input of two concatenations.
 */
export function quantizationGroups({ nodes }: Graph): (name: string) => string {
  const above = new Map<string, string>();
  const groupOf = (name: string): string => {
    const next = above.get(name);
    return next === undefined ? name : groupOf(next);
  };
  for (const { op, inputs, outputs } of nodes) {
    const { name } = outputs[0]!;
    if (op === 'MaxPool' || op === 'Transpose') above.set(name, groupOf(inputs[0]!.name));
    if (op !== 'Concat') continue;
    for (const group of inputs.map((input) => groupOf(input.name))) if (group !== name) above.set(group, name);
  }
  return groupOf;
}

/** The inputs of the folded convolutions. */
export function convolvedValues(graph: Graph, kept: ReadonlySet<string> = new Set()): Value[] {
  const values = [...foldedConvs(graph, kept).values()].map(({ node }) => node.inputs[0]!);
  return [...new Map(values.map((value) => [value.name, value])).values()];
}

/** Names the values whose ranges quantization needs: one per group that a folded convolution reads or writes. */
export function quantizedGroups(graph: Graph, kept: ReadonlySet<string> = new Set()): string[] {
  const groupOf = quantizationGroups(graph);
  const inputs = convolvedValues(graph, kept).map(({ name }) => name);
  const outputs = [...foldedConvs(graph, kept).values()].map(({ relu }) => relu);
  return [...new Set([...inputs, ...outputs].map(groupOf))];
}
