import { encodeModel, type Graph } from '../onnx/graph-builder.ts';
import { type Activations, quantizeGraph } from '../onnx/quantize-graph.ts';
import { type ServingModelOptions, servingGraph } from './serving-model.ts';

/**
 * The convolutions that stay in float: the first. It sees one channel, in which ONNX Runtime's int8 convolution is not
 * faster, and most of what int8 changes in the confidences comes from it (docs/experiments.md).
 */
export const KEPT_IN_FLOAT: ReadonlySet<string> = new Set(['conv1/7x7_s2']);

/** What an int8 model is made from. */
export type Int8ModelOptions = Omit<ServingModelOptions, 'storage' | 'lrnForm'>;

/** The model's graph in float, in the form that is quantized: what ranges are collected from. */
export function int8SourceGraph(options: Int8ModelOptions): Graph {
  return servingGraph({ ...options, storage: 'float32', lrnForm: 'channelsLast' });
}

/**
 * The int8 form of a served model, as the bytes of a standard ONNX file with the same inputs and outputs: the temperature
 * and the evidence map are those of the model.
 */
export function buildInt8Model(source: Graph, activations: Activations): Uint8Array {
  return encodeModel(quantizeGraph(source, { ...activations, kept: KEPT_IN_FLOAT }));
}
