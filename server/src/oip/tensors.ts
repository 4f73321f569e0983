import type { OipTensor } from '@swipenet/shared/contract/oip.ts';
import { CROP_SIZE, EVIDENCE_SIDE } from '@swipenet/shared/photo.ts';
import { MessageError, quoted } from './message.ts';

/** A tensor of our models: its name, its type, and the shape of one photo's part. */
export interface TensorForm {
  readonly name: string;
  readonly datatype: 'UINT8' | 'FP32';
  readonly perPhoto: readonly number[];
}

/** The number of features of a photo. */
export const FEATURES = 1856;

/** The input: the part of each photo that the network sees, as gray levels in rows. */
export const PHOTOS: TensorForm = { name: 'photos', datatype: 'UINT8', perPhoto: [1, CROP_SIZE, CROP_SIZE] };

/** The outputs, as the model file has them. Only a network to learn heads on, or a head on it, has `features`. */
export const OUTPUTS = {
  confidence: { name: 'confidence', datatype: 'FP32', perPhoto: [2] },
  evidence: { name: 'evidence', datatype: 'FP32', perPhoto: [EVIDENCE_SIDE, EVIDENCE_SIDE] },
  features: { name: 'features', datatype: 'FP32', perPhoto: [FEATURES] },
} as const satisfies Record<string, TensorForm>;

export type OutputName = keyof typeof OUTPUTS;

/** The number of values of one photo's part. */
export const valuesPerPhoto = ({ perPhoto }: TensorForm): number => perPhoto.reduce((product, size) => product * size);

/**
 * Returns how many photos a tensor has.
 *
 * @throws MessageError if its type or shape isn't that of `form`.
 */
export function photosOf({ name, datatype, shape }: OipTensor, form: TensorForm): number {
  if (datatype !== form.datatype) {
    throw new MessageError(`${quoted(name)} must be ${form.datatype}, got ${quoted(datatype)}`);
  }
  const [photos, ...rest] = shape;
  if (
    photos === undefined ||
    rest.length !== form.perPhoto.length ||
    rest.some((size, at) => size !== form.perPhoto[at])
  )
    throw new MessageError(
      `${quoted(name)} must have the shape [N, ${form.perPhoto.join(', ')}], got [${shape.join(', ')}]`,
    );
  return photos;
}

/**
 * Reads the gray levels of photos: `[N, 1, 224, 224]`.
 *
 * @param bytes its part of the message's binary data, if it has one.
 * @throws MessageError
 */
export function readLevels(tensor: OipTensor, bytes: Uint8Array | undefined): Uint8Array {
  const count = photosOf(tensor, PHOTOS) * valuesPerPhoto(PHOTOS);
  if (bytes) return ofLength(tensor, bytes, count, 1);
  return Uint8Array.from(valuesOf(tensor, count, (value) => Number.isInteger(value) && value >= 0 && value <= 255));
}

/**
 * Reads an output: `[N, …]`.
 *
 * @throws MessageError also if a value isn't a finite number.
 */
export function readFloats(tensor: OipTensor, form: TensorForm, bytes: Uint8Array | undefined): Float32Array {
  const count = photosOf(tensor, form) * valuesPerPhoto(form);
  if (!bytes) return Float32Array.from(valuesOf(tensor, count, Number.isFinite));
  // A copy of its own is aligned. The protocol and every platform of Node that ONNX Runtime has are little-endian.
  const floats = new Float32Array(new Uint8Array(ofLength(tensor, bytes, count, 4)).buffer);
  if (!floats.every(Number.isFinite)) throw new MessageError(`${quoted(tensor.name)} has values that are not finite`);
  return floats;
}

/** Returns the bytes of floats, as binary tensors have them. */
export const bytesOfFloats = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function ofLength({ name, data }: OipTensor, bytes: Uint8Array, count: number, size: number): Uint8Array {
  if ((data ?? undefined) !== undefined) throw new MessageError(`${quoted(name)} has both data and binary_data_size`);
  if (bytes.length === count * size) return bytes;
  throw new MessageError(`${quoted(name)} has ${bytes.length} bytes, and its shape needs ${count * size}`);
}

/** Returns the values of a tensor in JSON, which may be nested as its shape is. */
function valuesOf({ name, data, shape }: OipTensor, count: number, isValid: (value: number) => boolean): number[] {
  if (!Array.isArray(data)) throw new MessageError(`${quoted(name)} has neither data nor binary_data_size`);
  const values: unknown[] = data.flat(shape.length - 1);
  if (values.length !== count) {
    throw new MessageError(`${quoted(name)} has ${values.length} values, and its shape needs ${count}`);
  }
  const wrong = values.findIndex((value) => typeof value !== 'number' || !isValid(value));
  if (wrong >= 0) throw new MessageError(`value ${wrong} of ${quoted(name)} is not a number of its type`);
  return values as number[];
}
