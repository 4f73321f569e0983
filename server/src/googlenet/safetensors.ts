import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import type { Weights, WeightTensor } from './weights.ts';

const MAX_HEADER_BYTES = 1_000_000;

const tensorSchema = z.object({
  dtype: z.literal('F32'),
  shape: z.array(z.int().min(1)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

/**
 * Reads the float32 tensors of a safetensors file (https://huggingface.co/docs/safetensors: eight bytes of header
 * length, a JSON header, the tensors' bytes). The file's own notes (`__metadata__`) are left out.
 *
 * @throws SwipenetError `weights_invalid`, naming what does not fit.
 */
export function readSafetensors(bytes: Uint8Array): Weights {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = bytes.length >= 8 ? Number(view.getBigUint64(0, true)) : Number.POSITIVE_INFINITY;
  if (headerBytes > Math.min(MAX_HEADER_BYTES, bytes.length - 8)) {
    throw new SwipenetError('weights_invalid', 'the file is not in the safetensors format');
  }
  const body = bytes.subarray(8 + headerBytes);
  const tensors = Object.entries(parseHeader(bytes.subarray(8, 8 + headerBytes)));
  return new Map(tensors.map(([name, described]) => [name, readTensor(name, described, body)]));
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  try {
    const { __metadata__: _notes, ...tensors } = JSON.parse(new TextDecoder().decode(bytes));
    return tensors;
  } catch (cause) {
    throw new SwipenetError('weights_invalid', 'the header of the safetensors file is not JSON', { cause });
  }
}

function readTensor(name: string, described: unknown, body: Uint8Array): WeightTensor {
  const parsed = tensorSchema.safeParse(described);
  if (!parsed.success) throw new SwipenetError('weights_invalid', `the tensor ${name} is not a float32 tensor`);
  const { shape, data_offsets } = parsed.data;
  const [begin, end] = data_offsets;
  const byteCount = 4 * shape.reduce((count, size) => count * size, 1);
  if (end - begin !== byteCount || end > body.length) {
    throw new SwipenetError(
      'weights_invalid',
      `the tensor ${name} [${shape}] needs ${byteCount} bytes, the file has ${end - begin}`,
    );
  }
  // Copied, because a tensor's bytes need not begin where a Float32Array may.
  const data = new Float32Array(byteCount / 4);
  new Uint8Array(data.buffer).set(body.subarray(begin, end));
  return { shape, data };
}
