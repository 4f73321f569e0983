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
 * Reads the float32 tensors and the metadata (`__metadata__`, unchecked) of a safetensors file. The format is eight bytes
 * of header length, a JSON header and the tensors' bytes (https://huggingface.co/docs/safetensors).
 *
 * @throws CommandError `weights_invalid`, saying what is wrong.
 */
export function readSafetensors(bytes: Uint8Array, fileName = 'the file'): { tensors: Weights; metadata: unknown } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = bytes.length >= 8 ? Number(view.getBigUint64(0, true)) : Number.POSITIVE_INFINITY;
  if (headerBytes > Math.min(MAX_HEADER_BYTES, bytes.length - 8)) {
    throw new CommandError('weights_invalid', `${fileName} is not a safetensors file`);
  }
  const body = bytes.subarray(8 + headerBytes);
  const { __metadata__: metadata, ...described } = parseHeader(bytes.subarray(8, 8 + headerBytes), fileName);
  const tensors = Object.entries(described).map(([name, tensor]) => [name, readTensor(name, tensor, body)] as const);
  return { tensors: new Map(tensors), metadata };
}

function parseHeader(bytes: Uint8Array, fileName: string): Record<string, unknown> {
  try {
    return Object.fromEntries(Object.entries(JSON.parse(new TextDecoder().decode(bytes))));
  } catch (cause) {
    throw new CommandError('weights_invalid', `${fileName} has a safetensors header that isn’t valid JSON`, { cause });
  }
}

/**
 * Encodes tensors and metadata as a safetensors file. Returns the file's parts, in order. The tensors' bytes aren't
 * copied.
 */
export function writeSafetensors(tensors: Weights, metadata: Readonly<Record<string, string>> = {}): Uint8Array[] {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = new Uint8Array(8 * Math.ceil(text.length / 8)).fill(0x20); // with spaces, so that the tensors are aligned
  padded.set(text);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true);
  const bodies = [...tensors.values()].map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return [length, padded, ...bodies];
}

function readTensor(name: string, described: unknown, body: Uint8Array): WeightTensor {
  const parsed = tensorSchema.safeParse(described);
  if (!parsed.success) throw new CommandError('weights_invalid', `the tensor ${name} is not float32`);
  const { shape, data_offsets } = parsed.data;
  const [begin, end] = data_offsets;
  const byteCount = 4 * shape.reduce((count, size) => count * size, 1);
  const needs = `the tensor ${name} [${shape}] needs ${byteCount} bytes`;
  if (end - begin !== byteCount)
    throw new CommandError('weights_invalid', `${needs}, but its offsets span ${end - begin}`);
  if (end > body.length) {
    const left = Math.max(0, body.length - begin);
    throw new CommandError('weights_invalid', `${needs}, but only ${left} remain: the file is truncated`);
  }
  // A copy is aligned for Float32Array, which the tensor's bytes may not be.
  const data = new Float32Array(byteCount / 4);
  new Uint8Array(data.buffer).set(body.subarray(begin, end));
  return { shape, data };
}
