import { writeSafetensors } from '../googlenet/safetensors.ts';
import { appendNotes } from '../onnx/proto.ts';
import { readNetwork } from './import-network.ts';

/** The formats that a model can be exported to as one file. */
export const EXPORT_FORMATS = ['onnx', 'safetensors'] as const;

/** One of {@link EXPORT_FORMATS}. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/**
 * A model file as somebody else's program reads it: standard ONNX as it is served, or safetensors (float32, Caffe's
 * names, and the mean as a tensor `mean`, `[1]` or `[224, 224]`). Either carries the notes, and {@link readNetwork}
 * reads it back.
 *
 * @param model what buildServingModel wrote.
 * @param parent what an int8 model was made of.
 * @returns the file's parts, one after the other.
 * @throws CommandError `weights_invalid` for safetensors of an int8 model.
 */
export function exportNetwork(
  model: Uint8Array,
  format: ExportFormat,
  notes: Readonly<Record<string, string>>,
  parent?: string,
): Uint8Array[] {
  if (format === 'onnx') return [model, appendNotes(notes)];
  const { weights, mean = new Float32Array(1) } = readNetwork(model, undefined, () => parent);
  const side = Math.sqrt(mean.length);
  const shape = side === 1 ? [1] : [side, side];
  return writeSafetensors(new Map([...weights, ['mean', { shape, data: mean }]]), notes);
}
