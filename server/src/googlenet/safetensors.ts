import * as z from 'zod';
import { CommandError } from '../command-error.ts';
import type { Weights, WeightTensor } from './weights.ts';

/** A GoogLeNet with its manifest has 15 KB. */
const MAX_HEADER_BYTES = 1_000_000;

/** A GoogLeNet with both auxiliary classifiers has 128 tensors, and a checkpoint of one has 5 for each parameter. */
const MAX_TENSORS = 2_000;

const tensorSchema = z.strictObject({
  dtype: z.literal('F32'),
  shape: z.array(z.int().min(1)).max(8),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

/**
 * Reads the float32 tensors and the metadata (`__metadata__`, unchecked) of an untrusted safetensors file. The format is
 * eight bytes of header length, a JSON header and the tensors' bytes (https://huggingface.co/docs/safetensors). As the
 * format demands, the tensors fill the rest of the file without gaps or overlaps, and no name appears twice. So reading
 * a file takes no more memory than its bytes: aligned tensors, which are the rule, are views of them.
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
  const { metadata, described } = parseHeader(bytes.subarray(8, 8 + headerBytes), fileName);
  const tensors = described.map(([name, tensor]) => describedTensor(name, tensor));
  checkPlaces(tensors, body.length, fileName);
  return { tensors: new Map(tensors.map((tensor) => [tensor.name, numbersOf(tensor, body)])), metadata };
}

/** Parses the JSON of the header. Returns its tensors, unchecked. */
function parseHeader(bytes: Uint8Array, fileName: string): { metadata: unknown; described: [string, unknown][] } {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw new CommandError('weights_invalid', `${fileName} has a safetensors header that isn’t valid JSON`, { cause });
  }
  if (!text.startsWith('{') || typeof header !== 'object' || header === null) {
    throw new CommandError('weights_invalid', `${fileName} has a safetensors header that isn’t a JSON object`);
  }
  const repeated = repeatedKey(text);
  if (repeated !== undefined) {
    throw new CommandError('weights_invalid', `the name ${repeated} appears twice in the header of ${fileName}`);
  }
  const described = Object.entries(header).filter(([name]) => name !== '__metadata__');
  if (described.length > MAX_TENSORS) {
    throw new CommandError('weights_invalid', `${fileName} has ${described.length} tensors (limit ${MAX_TENSORS})`);
  }
  return { metadata: '__metadata__' in header ? header.__metadata__ : undefined, described };
}

/** Returns a key that an object of this valid JSON has twice. JSON.parse silently keeps the last of them. */
function repeatedKey(json: string): string | undefined {
  const keys: Set<string>[] = []; // of the objects and lists around the current place
  for (const [token, name, colon] of json.matchAll(/"([^"\\]*(?:\\.[^"\\]*)*)"(\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') keys.push(new Set());
    else if (token === '}' || token === ']') keys.pop();
    else if (colon !== undefined) {
      const key: string = JSON.parse(`"${name}"`);
      if (keys.at(-1)?.has(key)) return key;
      keys.at(-1)?.add(key);
    }
  }
  return undefined;
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

/** A tensor of the header: its bytes are those from `begin` to `end` after the header. */
interface DescribedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function describedTensor(name: string, described: unknown): DescribedTensor {
  const parsed = tensorSchema.safeParse(described);
  if (!parsed.success) throw new CommandError('weights_invalid', `the tensor ${name} is not float32`);
  const { shape, data_offsets } = parsed.data;
  const [begin, end] = data_offsets;
  const byteCount = 4 * shape.reduce((count, size) => count * size, 1);
  if (end - begin === byteCount) return { name, shape, begin, end };
  const message = `the tensor ${name} [${shape}] needs ${byteCount} bytes, but its offsets span ${end - begin}`;
  throw new CommandError('weights_invalid', message);
}

/** Checks that the tensors fill the bytes after the header exactly: no byte belongs to two tensors, or to none. */
function checkPlaces(tensors: readonly DescribedTensor[], bodyBytes: number, fileName: string): void {
  let at = 0;
  for (const { name, shape, begin, end } of tensors.toSorted((one, other) => one.begin - other.begin)) {
    if (end > bodyBytes) {
      const needs = `the tensor ${name} [${shape}] needs ${end - begin} bytes`;
      const left = Math.max(0, bodyBytes - begin);
      throw new CommandError('weights_invalid', `${needs}, but only ${left} remain: the file is truncated`);
    }
    if (begin !== at) {
      const what = begin < at ? 'overlaps another tensor' : `leaves a gap of ${begin - at} bytes before it`;
      throw new CommandError('weights_invalid', `the tensor ${name} ${what}`);
    }
    at = end;
  }
  if (at < bodyBytes) {
    throw new CommandError('weights_invalid', `${fileName} has ${bodyBytes - at} bytes that belong to no tensor`);
  }
}

function numbersOf({ shape, begin, end }: DescribedTensor, body: Uint8Array): WeightTensor {
  const bytes = body.subarray(begin, end);
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return { shape, data: new Float32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4) };
}
