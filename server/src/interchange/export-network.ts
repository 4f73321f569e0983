import type { ExportFormat } from '@swipenet/shared/contract/studio/models.ts';
import { writeSafetensors } from '../googlenet/safetensors.ts';
import { encodeMetadata } from '../onnx/proto.ts';
import { readNetwork } from './import-network.ts';

/**
 * Converts a model to a file for other programs: standard ONNX as it is served, or safetensors. Safetensors has float32
 * weights under Caffe's names, and the mean as a tensor `mean`, `[1]` or `[224, 224]`. Both carry the metadata, and
 * {@link readNetwork} reads both back.
 *
 * @param model a file that buildServingModel built.
 * @param parent the id of the model that an int8 model was made from.
 * @returns the file's parts, in order.
 * @throws CommandError `weights_invalid` if an int8 model is exported to safetensors.
 */
export function exportNetwork(
  model: Uint8Array,
  format: ExportFormat,
  metadata: Readonly<Record<string, string>>,
  parent?: string,
): Uint8Array[] {
  if (format === 'onnx') return [model, encodeMetadata(metadata)];
  const { weights, mean = new Float32Array(1) } = readNetwork(model, undefined, () => parent);
  const side = Math.sqrt(mean.length);
  const shape = side === 1 ? [1] : [side, side];
  return writeSafetensors(new Map([...weights, ['mean', { shape, data: Float32Array.from(mean) }]]), metadata);
}
