import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { OIP_LIMITS, type OipInferRequest, oipInferRequestSchema } from '@swipenet/shared/contract/oip.ts';
import type { Priority } from '@swipenet/shared/contract/score.ts';
import { bytesOfTensors, MessageError, quoted, splitMessage } from '../../../oip/message.ts';
import { OUTPUTS, type OutputName, PHOTOS, photosOf, readLevels } from '../../../oip/tensors.ts';

/** A validated request. */
export interface InferRequest {
  readonly id: string | undefined;
  /** `[N, 1, 224, 224]`. */
  readonly photos: Uint8Array;
  readonly priority: Priority;
  /** How long the client waits, or undefined if it doesn't say. */
  readonly timeoutMs: number | undefined;
  readonly outputs: readonly { readonly name: OutputName; readonly isBinary: boolean }[];
}

/**
 * Reads the body of `POST /v2/models/:model/infer`.
 *
 * @param offered the outputs of the model.
 * @throws SwipenetError `body_malformed`, `tensor_invalid`, `photos_missing`, `photos_too_many`, `parameter_invalid`.
 */
export function readInferRequest(
  body: Uint8Array,
  jsonLength: string | undefined,
  offered: readonly OutputName[],
): InferRequest {
  const { json, binary } = throwing('body_malformed', () => splitMessage(body, jsonLength, OIP_LIMITS.maxJsonBytes));
  const parsed = oipInferRequestSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new SwipenetError('body_malformed', `the request is broken at ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { id, inputs, outputs, parameters = {} } = parsed.data;
  return {
    id,
    photos: throwing('tensor_invalid', () => readPhotos(inputs, binary)),
    priority: wholeParameter(parameters, 'priority') > 1 ? 'ahead' : 'now',
    timeoutMs: wholeParameter(parameters, 'timeout') / 1000 || undefined,
    outputs: readOutputs(outputs, isOn(parameters, 'binary_data_output'), offered),
  };
}

function readPhotos(inputs: OipInferRequest['inputs'], binary: Uint8Array): Uint8Array {
  const bytes = bytesOfTensors(inputs, binary);
  const other = inputs.find(({ name }) => name !== PHOTOS.name);
  if (other) throw new MessageError(`the model has no input ${quoted(other.name)}`);
  const [photos] = inputs;
  if (!photos) throw new MessageError(`the input ${PHOTOS.name} is missing`);
  const count = photosOf(photos, PHOTOS);
  if (count === 0) throw new SwipenetError('photos_missing', 'the request has no photos');
  if (count > OIP_LIMITS.maxPhotos) {
    throw new SwipenetError('photos_too_many', `the request has more than ${OIP_LIMITS.maxPhotos} photos`);
  }
  return readLevels(photos, bytes.get(PHOTOS.name));
}

/** Without a list, a client gets all outputs. */
function readOutputs(
  requested: OipInferRequest['outputs'],
  isBinary: boolean,
  offered: readonly OutputName[],
): InferRequest['outputs'] {
  if (requested === undefined) return offered.map((name) => ({ name, isBinary }));
  const names = new Set<string>();
  return requested.map(({ name, parameters = {} }) => {
    const output = Object.hasOwn(OUTPUTS, name) ? (name as OutputName) : undefined;
    if (!output || !offered.includes(output)) {
      throw new SwipenetError('tensor_invalid', `the model has no output ${quoted(name)}`);
    }
    if (names.has(name)) throw new SwipenetError('tensor_invalid', `the output ${name} is requested more than once`);
    names.add(name);
    return { name: output, isBinary: isOn(parameters, 'binary_data', isBinary) };
  });
}

function isOn(parameters: Readonly<Record<string, unknown>>, name: string, byDefault = false): boolean {
  const value = parameters[name] ?? byDefault;
  if (typeof value === 'boolean') return value;
  throw new SwipenetError('parameter_invalid', `${name} must be true or false`);
}

/** Reads a parameter that is a whole number. 0 means the default, as it does for Triton. */
function wholeParameter(parameters: Readonly<Record<string, unknown>>, name: string): number {
  const value = parameters[name] ?? 0;
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new SwipenetError('parameter_invalid', `${name} must be a whole number`);
}

/** Gives the errors of a broken message a code. */
function throwing<Result>(code: 'body_malformed' | 'tensor_invalid', read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw error instanceof MessageError ? new SwipenetError(code, error.message, { cause: error }) : error;
  }
}
