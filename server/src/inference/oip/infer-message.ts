import { type OipInferRequest, oipInferAnswerSchema, SHA256_PARAMETER } from '@swipenet/shared/contract/oip.ts';
import type { Priority } from '@swipenet/shared/contract/score.ts';
import { cropBatch, type PhotoCrop } from '../../image/photo-bytes.ts';
import { bytesOfTensors, JSON_LENGTH_HEADER, joinMessage, MessageError, splitMessage } from '../../oip/message.ts';
import { OUTPUTS, type OutputName, PHOTOS, photosOf, readFloats, valuesPerPhoto } from '../../oip/tensors.ts';
import type { PhotoInference } from '../engine.ts';
import type { Reading } from './reading.ts';
import { ReplicaFault } from './replica-fault.ts';

/** How tensors are sent: as bytes after the JSON, or in it. */
export type TensorFormat = 'binary' | 'json';

/** KServe's SDK fails without an ID (0.21, November 2026). It isn't used for anything. */
const REQUEST_ID = 'swipenet';

/** The most characters of a number in JSON, with its comma. */
const NUMBER_CHARACTERS = 32;

/** The most bytes of a response. Nothing that is larger is one. */
export const maxAnswerBytes = (photos: number, outputs: readonly OutputName[]): number =>
  64_000 + photos * NUMBER_CHARACTERS * outputs.reduce((sum, name) => sum + valuesPerPhoto(OUTPUTS[name]), 0);

/** Writes a request to run the network on photos. */
export function inferRequest(
  photos: readonly PhotoCrop[],
  {
    outputs,
    format,
    priority,
    timeoutMs,
  }: {
    readonly outputs: readonly OutputName[];
    readonly format: TensorFormat;
    readonly priority: Priority;
    readonly timeoutMs: number;
  },
): { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> } {
  const batch = cropBatch(photos);
  const isBinary = format === 'binary';
  const json: OipInferRequest = {
    id: REQUEST_ID,
    parameters: {
      priority: priority === 'now' ? 1 : 2,
      timeout: Math.ceil(timeoutMs * 1000),
      ...(isBinary && { binary_data_output: true }),
    },
    inputs: [
      {
        ...{ name: PHOTOS.name, datatype: PHOTOS.datatype, shape: [photos.length, ...PHOTOS.perPhoto] },
        ...(isBinary ? { parameters: { binary_data_size: batch.length } } : { data: [...batch] }),
      },
    ],
    outputs: outputs.map((name) => ({ name, ...(isBinary && { parameters: { binary_data: true } }) })),
  };
  const { body, jsonLength } = joinMessage(json, isBinary ? [batch] : []);
  const headers: Record<string, string> = isBinary
    ? { 'Content-Type': 'application/octet-stream', [JSON_LENGTH_HEADER]: String(jsonLength) }
    : { 'Content-Type': 'application/json' };
  return { body, headers };
}

/** What a response must agree with. */
export interface Expected {
  readonly photos: number;
  readonly reading: Reading;
  /** SHA-256 of the model's file, in hex. Checked if the response names one. */
  readonly sha256: string;
  /** The model's version when it was proven. Checked if both are known. */
  readonly version: string | undefined;
}

/** The results of the photos in order, and the version of the model that computed them. */
export interface Inferred {
  readonly photos: readonly PhotoInference[];
  readonly version: string | undefined;
}

/**
 * Reads a response, and lets nothing through that isn't exactly what was asked for.
 *
 * @throws ReplicaFault `replica_answer_invalid`, `replica_model_mismatch`.
 */
export function readInferAnswer(bytes: Uint8Array, jsonLength: string | undefined, expected: Expected): Inferred {
  try {
    return readAnswer(bytes, jsonLength, expected);
  } catch (error) {
    throw error instanceof MessageError ? invalid(error.message, error) : error;
  }
}

function readAnswer(
  bytes: Uint8Array,
  jsonLength: string | undefined,
  { photos, reading, sha256, version }: Expected,
): Inferred {
  const { json, binary } = splitMessage(bytes, jsonLength, bytes.length);
  const parsed = oipInferAnswerSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(`its response is broken at ${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { outputs, parameters, model_version } = parsed.data;
  const actualVersion = model_version ?? undefined;
  const actual = parameters?.[SHA256_PARAMETER] ?? sha256;
  if (actual !== sha256) throw otherFile(String(actual), sha256);
  if (version !== undefined && actualVersion !== undefined && actualVersion !== version) {
    throw new ReplicaFault('replica_model_mismatch', `version ${actualVersion} responded, and ${version} was proven`);
  }
  const parts = bytesOfTensors(outputs, binary);
  const read = (needed: OutputName) => {
    const tensor = outputs.find(({ name }) => name === needed);
    if (!tensor) throw invalid(`its response has no output ${needed}`);
    const count = photosOf(tensor, OUTPUTS[needed]);
    if (count !== photos) throw invalid(`its output ${needed} is for ${count} photos and not for ${photos}`);
    return readFloats(tensor, OUTPUTS[needed], parts.get(needed));
  };
  return { photos: reading.read(read, photos), version: actualVersion };
}

const invalid = (message: string, cause?: unknown) => new ReplicaFault('replica_answer_invalid', message, { cause });

/** The error of a replica that has another model. */
export const otherFile = (actual: string, expected: string): ReplicaFault =>
  new ReplicaFault(
    'replica_model_mismatch',
    `its model has the SHA-256 ${actual.slice(0, 12)}…, and ${expected.slice(0, 12)}… is needed`,
  );
