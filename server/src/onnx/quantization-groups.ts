import type { Graph, Node } from './graph-builder.ts';
import type { Value } from './shape-inference.ts';

/** A convolution that also applies its ReLU when it computes in int8. */
export interface FoldedConv {
  readonly node: Node;
  /** The name of the ReLU's output. */
  readonly relu: string;
}

/**
 * Finds the convolutions whose weight and bias are constants and whose only reader is a ReLU. They are keyed by the name
 * of their output.
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
 * Groups the values that must share quantization parameters so that operators can move quantized values unchanged. These
 * are the inputs and output of a concatenation, and the input and output of a max pooling or a transpose. A group takes
 * its name and its range from its last concatenation, or else from its first value. That range covers the whole group as
 * long as no value is an input of two concatenations.
 */
export function quantizationGroups({ nodes }: Graph): (name: string) => string {
  const parents = new Map<string, string>();
  const groupOf = (name: string): string => {
    const next = parents.get(name);
    return next === undefined ? name : groupOf(next);
  };
  for (const { op, inputs, outputs } of nodes) {
    const { name } = outputs[0]!;
    if (op === 'MaxPool' || op === 'Transpose') parents.set(name, groupOf(inputs[0]!.name));
    if (op !== 'Concat') continue;
    for (const group of inputs.map((input) => groupOf(input.name))) if (group !== name) parents.set(group, name);
  }
  return groupOf;
}

/** Lists the inputs of the folded convolutions, each once. */
export function convolvedValues(graph: Graph, kept: ReadonlySet<string> = new Set()): Value[] {
  const values = [...foldedConvs(graph, kept).values()].map(({ node }) => node.inputs[0]!);
  return [...new Map(values.map((value) => [value.name, value])).values()];
}

/** Lists the values whose ranges quantization needs: one per group that a folded convolution reads or writes. */
export function quantizedGroups(graph: Graph, kept: ReadonlySet<string> = new Set()): string[] {
  const groupOf = quantizationGroups(graph);
  const inputs = convolvedValues(graph, kept).map(({ name }) => name);
  const outputs = [...foldedConvs(graph, kept).values()].map(({ relu }) => relu);
  return [...new Set([...inputs, ...outputs].map(groupOf))];
}
