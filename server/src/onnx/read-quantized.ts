import { CommandError } from '../command-error.ts';
import { DATA_TYPES, decodeModelProto, type TensorProto } from './proto.ts';
import type { Activations, QuantizedFilters } from './quantize-graph.ts';
import type { Range } from './quantize-tensor.ts';

const WEIGHT_SCALE = '/scale';
const CODES_SCALE = '/codes/scale';

/**
 * Reads the ranges and the quantized filters back from a file that `quantizeGraph` made. Another graph with the same
 * layers, quantized with them, computes exactly the same up to the first filter that is quantized anew.
 *
 * @param isAnew says which filters of a weight are quantized anew.
 * @throws CommandError `model_invalid` if the file has no quantized filters.
 */
export function readQuantized(
  file: Uint8Array,
  isAnew: (weight: string, filter: number) => boolean,
): Pick<Activations, 'ranges' | 'filters'> {
  const { graph } = decodeModelProto(file);
  const tensors = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const ranges = new Map<string, Range>();
  const filters = new Map<string, QuantizedFilters>();
  for (const [name, tensor] of tensors) {
    if (name.endsWith(CODES_SCALE)) {
      const group = name.slice(0, -CODES_SCALE.length);
      const [scale] = new Float32Array(bytesOf(tensor).buffer);
      const [zeroPoint] = bytesOf(tensors.get(`${group}/codes/zero_point`));
      ranges.set(group, { low: -zeroPoint! * scale!, high: (255 - zeroPoint!) * scale! });
    } else if (tensor.dataType === DATA_TYPES.int8 && name.endsWith('.weight')) {
      const biases = bytesOf(tensors.get(name.replace(/weight$/, 'bias')));
      filters.set(name, {
        values: new Int8Array(bytesOf(tensor).buffer),
        scales: new Float32Array(bytesOf(tensors.get(name + WEIGHT_SCALE)).buffer),
        biases: new Int32Array(biases.buffer),
        isAnew: (filter) => isAnew(name, filter),
      });
    }
  }
  if (filters.size === 0) throw new CommandError('model_invalid', 'the file has no quantized filters');
  return { ranges, filters };
}

/** Copies a tensor's bytes, so that they are aligned. */
function bytesOf(tensor: TensorProto | undefined): Uint8Array<ArrayBuffer> {
  if (!tensor?.rawData) throw new CommandError('model_invalid', 'the file lacks a part of a quantized layer');
  return new Uint8Array(tensor.rawData);
}
