import { encodeModel, type Graph } from '../onnx/graph-builder.ts';
import { type Activations, quantizeGraph } from '../onnx/quantize-graph.ts';
import { type ServingModelOptions, servingGraph } from './serving-model.ts';

/**
 * The convolutions that stay in float. The first one has a single input channel, where ONNX Runtime's int8 convolution
 * isn't faster, and in int8 it would cause most of the change in the confidences (docs/experiments.md).
 */
export const KEPT_IN_FLOAT: ReadonlySet<string> = new Set(['conv1/7x7_s2']);

export type Int8ModelOptions = Omit<ServingModelOptions, 'storage' | 'lrnForm'>;

/** Builds the float graph that calibration measures and quantization converts. */
export function int8SourceGraph(options: Int8ModelOptions): Graph {
  return servingGraph({ ...options, storage: 'float32', lrnForm: 'channelsLast' });
}

/**
 * Builds the int8 form of a model as a standard ONNX file. Its inputs and outputs are those of the model, and so are its
 * temperature and its evidence map.
 */
export function buildInt8Model(source: Graph, activations: Activations): Uint8Array {
  return encodeModel(quantizeGraph(source, { ...activations, kept: KEPT_IN_FLOAT }));
}
