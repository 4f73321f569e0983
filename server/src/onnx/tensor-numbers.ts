import { CommandError } from '../command-error.ts';
import { DATA_TYPES, type TensorProto } from './proto.ts';

/** ONNX's value of `TensorProto.DataLocation` for numbers in another file. */
const EXTERNAL = 1;

/**
 * Reads the numbers of a tensor from an untrusted file as float32. Integers are exact up to 2²⁴.
 *
 * @throws CommandError `weights_invalid`, naming the tensor, if its type isn't supported, its numbers don't fit its shape
 *   or they are in another file.
 */
export function tensorNumbers(tensor: TensorProto): Float32Array {
  const { name, dims, dataType } = tensor;
  checkTensor(tensor);
  const count = dims.reduce((product, size) => product * size, 1);
  const numbers = tensor.rawData?.length ? fromRaw(dataType, tensor.rawData) : fromLists(tensor);
  if (!numbers) {
    const message = `the tensor ${name} has the ONNX type ${dataType}; only float32, float16 and int64 are supported`;
    throw new CommandError('weights_invalid', message);
  }
  if (numbers.length !== count) {
    throw new CommandError('weights_invalid', `the tensor ${name} [${dims}] has ${numbers.length} numbers`);
  }
  return numbers;
}

/** The name of the tensor that stores a constant as float16, in our own files. */
export const halfNameOf = (constant: string): string => `${constant}.float16`;

/** ONNX's operators take no tensor with more dimensions than this. */
export const MAX_DIMENSIONS = 8;

/**
 * Checks what a tensor says about itself, before its numbers are read. They must not be in another file, because that
 * could be any file on this machine.
 *
 * @throws CommandError `weights_invalid`.
 */
export function checkTensor({ name, dims, externalData, dataLocation }: TensorProto): void {
  if (dims.length > MAX_DIMENSIONS || dims.some((size) => size < 0)) {
    throw new CommandError('weights_invalid', `the tensor ${name} has shape [${dims}], which no tensor can have`);
  }
  if (dataLocation !== EXTERNAL && !externalData?.length) return;
  const message = `the tensor ${name} is in another file (external_data), which isn’t supported; save the model as one file`;
  throw new CommandError('weights_invalid', message);
}

function fromRaw(dataType: number, raw: Uint8Array): Float32Array | undefined {
  // A copy is aligned, which the tensor's bytes may not be. A partial element makes it empty, so the count is wrong.
  const aligned = (size: number) => new Uint8Array(raw.length % size === 0 ? raw : []).buffer;
  if (dataType === DATA_TYPES.float32) {
    if (raw.byteOffset % 4 > 0 || raw.length % 4 > 0) return new Float32Array(aligned(4));
    return new Float32Array(raw.buffer, raw.byteOffset, raw.length / 4);
  }
  if (dataType === DATA_TYPES.float16) return new Float32Array(new Float16Array(aligned(2)));
  if (dataType === DATA_TYPES.int64) return Float32Array.from(new BigInt64Array(aligned(8)), Number);
  return undefined;
}

const asFloats = (numbers: ArrayLike<number>) =>
  numbers instanceof Float32Array ? numbers : new Float32Array(numbers);

function fromLists({ dataType, floatData, int32Data, int64Data }: TensorProto): Float32Array | undefined {
  if (dataType === DATA_TYPES.float32) return asFloats(floatData ?? []);
  if (dataType === DATA_TYPES.int64) return new Float32Array(int64Data ?? []);
  if (dataType === DATA_TYPES.float16) {
    return new Float32Array(new Float16Array(new Uint16Array(int32Data ?? []).buffer));
  }
  return undefined;
}
