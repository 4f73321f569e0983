import { dirname, join } from 'node:path';
import * as z from 'zod';
import { CommandError } from '../command-error.ts';
import { MODEL_FILES, readOwnFile } from './model-folder.ts';
import { type InstalledModel, loadModel } from './model-registry.ts';
import type { Quantization } from './quantization.ts';

/** The length of a photo's ID in bytes. */
const ID_BYTES = 8;

/** The largest record, in bytes: that of 6 million photos. */
const MAX_BYTES = 64_000_000;

/** The photos that a model was trained on. */
export interface TrainedOn {
  /** The ID of the dataset: the SHA-256 of its `dataset.json`, in hex. */
  readonly dataset: string;
  /** The photos by ID: the first 16 hex digits of the SHA-256 of each file. */
  readonly photos: ReadonlySet<string>;
}

/** A model's `trained-on.json`. A photo takes 11 characters, so 151,081 photos are 1.6 MB. */
const trainedOnSchema = z.strictObject({
  format: z.literal(1),
  dataset: z.string().regex(/^[0-9a-f]{64}$/),
  /** The IDs in ascending order, 8 bytes each, in base64. */
  photos: z.base64().transform((text, context) => {
    const bytes = Buffer.from(text, 'base64');
    if (bytes.length % ID_BYTES === 0) return bytes.toString('hex').match(/.{16}/g)?.values();
    context.addIssue(`must have ${ID_BYTES} bytes per photo`);
    return z.NEVER;
  }),
});

/** Formats the record. */
export function trainedOnText({ dataset, photos }: TrainedOn): string {
  const bytes = Buffer.from([...photos].toSorted().join(''), 'hex');
  return `${JSON.stringify({ format: 1, dataset, photos: bytes.toString('base64') })}\n`;
}

/**
 * Reads which photos a model was trained on. Those of an int8 model are its parent's. Returns undefined if that isn't
 * recorded, as for models that were imported or learned from swipes.
 *
 * @param folders where models are looked up.
 * @throws CommandError `model_invalid` if the record is damaged.
 */
export async function readTrainedOn(
  folders: readonly string[],
  { manifest, modelPath }: InstalledModel,
): Promise<TrainedOn | undefined> {
  const { id, quantization } = manifest;
  const parent = quantization && (await parentOf(folders, quantization));
  const path = join(dirname(parent?.modelPath ?? modelPath), MODEL_FILES.trainedOn);
  const bytes = await readOwnFile(path, id, MAX_BYTES);
  if (!bytes) return undefined;
  const parsed = trainedOnSchema.safeParse(jsonOf(bytes));
  if (parsed.success) return { dataset: parsed.data.dataset, photos: new Set(parsed.data.photos) };
  const why = z.prettifyError(parsed.error).replaceAll('\n', ' ');
  throw new CommandError('model_invalid', `${MODEL_FILES.trainedOn} of ${id}: ${why}`);
}

/** Returns the model that an int8 model was made from, if it is still there. */
async function parentOf(folders: readonly string[], { parent, parentSha256 }: Quantization) {
  const found = await loadModel(folders, parent).catch(() => undefined);
  return found?.manifest.model.sha256 === parentSha256 ? found : undefined;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
