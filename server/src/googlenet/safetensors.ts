import * as z from 'zod';
import { CommandError } from '../command-error.ts';
import type { Weights, WeightTensor } from './weights.ts';

const MAX_HEADER_BYTES = 1_000_000;

const tensorSchema = z.object({
  dtype: z.literal('F32'),
  shape: z.array(z.int().min(1)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

/**
 * Reads a safetensors file (https://huggingface.co/docs/safetensors: eight bytes of header length, a JSON header, the
 * tensors' bytes): its float32 tensors, and its notes (`__metadata__`).
 *
 * @throws CommandError `weights_invalid`, naming what does not fit.
 */
export function readSafetensors(bytes: Uint8Array, fileName = 'the file'): { tensors: Weights; notes: unknown } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = bytes.length >= 8 ? Number(view.getBigUint64(0, true)) : Number.POSITIVE_INFINITY;
  if (headerBytes > Math.min(MAX_HEADER_BYTES, bytes.length - 8)) {
    throw new CommandError('weights_invalid', `${fileName} is not in the safetensors format`);
  }
  const body = bytes.subarray(8 + headerBytes);
  const { __metadata__: notes, ...described } = parseHeader(bytes.subarray(8, 8 + headerBytes), fileName);
  const tensors = Object.entries(described).map(([name, tensor]) => [name, readTensor(name, tensor, body)] as const);
  return { tensors: new Map(tensors), notes };
}

function parseHeader(bytes: Uint8Array, fileName: string): Record<string, unknown> {
  try {
    return Object.fromEntries(Object.entries(JSON.parse(new TextDecoder().decode(bytes))));
  } catch (cause) {
    throw new CommandError('weights_invalid', `the header of the safetensors file ${fileName} is not JSON`, { cause });
  }
}

/**
 * Writes tensors, and notes beside them, in the same format: the parts of the file, to be written one after the other.
 * The tensors' bytes are not copied.
 */
export function writeSafetensors(tensors: Weights, notes: Readonly<Record<string, string>> = {}): Uint8Array[] {
  const header: Record<string, unknown> = { __metadata__: notes };
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = new Uint8Array(8 * Math.ceil(text.length / 8)).fill(0x20); // spaces: the tensors begin at a multiple of 8
  padded.set(text);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true);
  const bodies = [...tensors.values()].map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return [length, padded, ...bodies];
}

function readTensor(name: string, described: unknown, body: Uint8Array): WeightTensor {
  const parsed = tensorSchema.safeParse(described);
  if (!parsed.success) throw new CommandError('weights_invalid', `the tensor ${name} is not a float32 tensor`);
  const { shape, data_offsets } = parsed.data;
  const [begin, end] = data_offsets;
  const byteCount = 4 * shape.reduce((count, size) => count * size, 1);
  const needs = `the tensor ${name} [${shape}] needs ${byteCount} bytes`;
  if (end - begin !== byteCount) throw new CommandError('weights_invalid', `${needs}, the file has ${end - begin}`);
  if (end > body.length) {
    const left = Math.max(0, body.length - begin);
    throw new CommandError('weights_invalid', `${needs}, ${left} are left of the file: it is cut off`);
  }
  // Copied, because a tensor's bytes need not begin where a Float32Array may.
  const data = new Float32Array(byteCount / 4);
  new Uint8Array(data.buffer).set(body.subarray(begin, end));
  return { shape, data };
}
