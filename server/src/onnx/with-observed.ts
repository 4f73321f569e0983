import type { Graph, Node } from './graph-builder.ts';

/** Returns a graph that also outputs the named values, each under its name plus `/observed`. */
export function withObserved(graph: Graph, names: readonly string[]): Graph {
  const values = new Map(graph.nodes.flatMap(({ outputs }) => outputs.map((value) => [value.name, value] as const)));
  const nodes = names.map((name): Node => {
    const value = values.get(name);
    if (!value) throw new RangeError(`the graph has no value ${name}`);
    const output = { ...value, name: `${name}/observed` };
    return { name: output.name, op: 'Identity', inputs: [value], outputs: [output], attributes: {} };
  });
  const outputs = [...graph.outputs, ...nodes.map((node) => node.outputs[0]!)];
  return { ...graph, nodes: [...graph.nodes, ...nodes], outputs };
}
