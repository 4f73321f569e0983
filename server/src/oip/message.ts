import type { OipTensor } from '@swipenet/shared/contract/oip.ts';

/** The header with the number of bytes of a message's JSON. The binary tensors come after it. */
export const JSON_LENGTH_HEADER = 'Inference-Header-Content-Length';

/** A message of the Open Inference Protocol is broken. The error says how. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
}

/** A message: its JSON, and the bytes of its binary tensors one after the other. */
export interface Message {
  readonly json: unknown;
  readonly binary: Uint8Array;
}

/**
 * Splits a message into its JSON and its binary tensors.
 *
 * @param jsonLength the value of {@link JSON_LENGTH_HEADER}. Without it, everything is JSON.
 * @throws MessageError
 */
export function splitMessage(bytes: Uint8Array, jsonLength: string | undefined, maxJsonBytes: number): Message {
  const length = jsonLength === undefined ? bytes.length : wholeNumber(jsonLength);
  if (length === undefined) throw new MessageError(`${JSON_LENGTH_HEADER} is not a whole number`);
  if (length > maxJsonBytes) {
    throw new MessageError(`the JSON has ${length} bytes and may have ${maxJsonBytes}; send tensors as binary data`);
  }
  if (length > bytes.length) {
    throw new MessageError(`${JSON_LENGTH_HEADER} is ${length}, but the body has only ${bytes.length} bytes`);
  }
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length)));
    return { json, binary: bytes.subarray(length) };
  } catch (cause) {
    throw new MessageError(`the first ${length} bytes of the body are not JSON`, { cause });
  }
}

/** Joins a message's JSON and its binary tensors. */
export function joinMessage(json: unknown, tensors: readonly Uint8Array[]): { body: Uint8Array; jsonLength: number } {
  const text = new TextEncoder().encode(JSON.stringify(json));
  const body = new Uint8Array(tensors.reduce((sum, { length }) => sum + length, text.length));
  body.set(text);
  let at = text.length;
  for (const tensor of tensors) {
    body.set(tensor, at);
    at += tensor.length;
  }
  return { body, jsonLength: text.length };
}

/**
 * Divides the binary part of a message among its tensors, in their order. Tensors with their values in the JSON have no
 * bytes there.
 *
 * @throws MessageError if a name appears twice, or the sizes don't add up to exactly what there is.
 */
export function bytesOfTensors(tensors: readonly OipTensor[], binary: Uint8Array): Map<string, Uint8Array | undefined> {
  const bytes = new Map<string, Uint8Array | undefined>();
  let at = 0;
  for (const { name, parameters } of tensors) {
    if (bytes.has(name)) throw new MessageError(`the tensor ${quoted(name)} appears more than once`);
    const size = parameters?.binary_data_size;
    if (size !== undefined && !isSize(size)) {
      throw new MessageError(`binary_data_size of ${quoted(name)} is not a whole number`);
    }
    if (size !== undefined && at + size > binary.length) {
      throw new MessageError(`${quoted(name)} should have ${size} bytes, but only ${binary.length - at} are left`);
    }
    bytes.set(name, size === undefined ? undefined : binary.subarray(at, at + size));
    at += size ?? 0;
  }
  if (at < binary.length) throw new MessageError(`${binary.length - at} bytes belong to no tensor`);
  return bytes;
}

/** Returns a name of a message as it appears in errors. */
export const quoted = (name: string): string => JSON.stringify(name.slice(0, 40));

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const wholeNumber = (text: string) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);
