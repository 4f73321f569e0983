import { DATA_TYPES, decodeModelProto, encodeModelProto } from './proto.ts';

/** A value inside a graph: its name, and its number of axes. */
export interface InnerValue {
  readonly name: string;
  readonly rank: number;
}

/**
 * Returns a model file that also outputs values from inside its graph, float32 tensors under their own names.
 *
 * @param bytes a model file that is trusted, such as one whose hash its manifest names.
 * @throws RangeError if the graph has no such value.
 */
export function withObservedValues(bytes: Uint8Array, values: readonly InnerValue[]): Uint8Array {
  const model = decodeModelProto(bytes);
  const { graph } = model;
  const known = new Set(graph.node.flatMap(({ output }) => output));
  const output = values.map(({ name, rank }) => {
    if (!known.has(name)) throw new RangeError(`the model has no value ${name}`);
    const dim = Array.from({ length: rank }, (_, axis) => ({ dimParam: `${name}/${axis}` }));
    return { name, type: { tensorType: { elemType: DATA_TYPES.float32, shape: { dim } } } };
  });
  return encodeModelProto({ ...model, graph: { ...graph, output: [...graph.output, ...output] } });
}
