import type { GraphBuilder } from '../../onnx/graph-builder.ts';
import { concat, reshape, split } from '../../onnx/operations.ts';
import type { Value } from '../../onnx/shape-inference.ts';
import type { ParameterGroup } from './optimizer.ts';
import { GROUPS, type StateLayout } from './state-layout.ts';

/** Splits the rows of the state into the parameters, by name. */
export function cutParameters(
  graph: GraphBuilder,
  layout: StateLayout,
  rows: Readonly<Record<ParameterGroup, Value>>,
): Map<string, Value> {
  return new Map(
    GROUPS.flatMap((group) => {
      const { places, shape } = layout[group];
      const lines = places.map(({ size }) => size / shape[1]);
      const parts = split(graph, rows[group], 0, lines);
      return places.map((place, index) => [place.name, reshape(graph, parts[index]!, place.shape)] as const);
    }),
  );
}

/** Joins the gradients of a group's parameters in the shape of its row. The inverse of {@link cutParameters}. */
export function joinGradients(
  graph: GraphBuilder,
  { places, shape: [, columns] }: StateLayout[ParameterGroup],
  gradients: ReadonlyMap<string, Value>,
): Value {
  const lines = places.map(({ name, size }) => reshape(graph, gradients.get(name)!, [size / columns, columns]));
  return concat(graph, lines, 0);
}
