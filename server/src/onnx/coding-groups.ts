import type { Graph, Node } from './graph-builder.ts';
import type { Value } from './shape-inference.ts';

/** A convolution that takes its ReLU in when it computes in int8. */
export interface FoldedConv {
  readonly node: Node;
  /** The name of what the ReLU gives. */
  readonly relu: string;
}

/**
 * The convolutions with weight and bias in the file that a ReLU alone reads, by the name of what they give.
 *
 * @param kept names of those that are left as they are.
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
 * Which values must have one coding, so that codes can be moved as they are: what a concatenation joins and gives,
 * what a max pooling or a transposition takes and gives. A group goes by the name of its last concatenation, or of its
 * first value: its range is that value's, which has all the numbers of the others as long as no value is joined twice,
 * in two concatenations.
 */
export function codingGroups({ nodes }: Graph): (name: string) => string {
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

/** The values that a folded convolution takes. */
export function convolvedValues(graph: Graph, kept: ReadonlySet<string> = new Set()): Value[] {
  const values = [...foldedConvs(graph, kept).values()].map(({ node }) => node.inputs[0]!);
  return [...new Map(values.map((value) => [value.name, value])).values()];
}

/** The names of the values whose ranges are needed: of the groups that a folded convolution takes or gives. */
export function codedValues(graph: Graph, kept: ReadonlySet<string> = new Set()): string[] {
  const groupOf = codingGroups(graph);
  const taken = convolvedValues(graph, kept).map(({ name }) => name);
  const given = [...foldedConvs(graph, kept).values()].map(({ relu }) => relu);
  return [...new Set([...taken, ...given].map(groupOf))];
}
