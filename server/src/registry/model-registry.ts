import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LABELS } from '@swipenet/shared/confidence.ts';
import { SwipenetError, systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import { type Manifest, manifestSchema, modelIdSchema } from './manifest.ts';
import { sha256 } from './sha256.ts';

/** A model that was found and whose file is what its manifest says. */
export interface InstalledModel {
  readonly manifest: Manifest;
  /** Where its `model.onnx` is. */
  readonly modelPath: string;
}

/** What a schema says is wrong, on one line. */
const onOneLine = (error: z.ZodError) => z.prettifyError(error).replaceAll('\n', ' ');

/**
 * Finds a model by its id and checks it: the manifest against its schema, the file against the manifest's hash.
 *
 * @param folders where models are, each in a folder named like its id; the first that has it wins.
 * @throws SwipenetError `option_invalid` (not an id), `model_missing`, `model_invalid`, `model_hash_mismatch`.
 */
export async function loadModel(folders: readonly string[], id: string): Promise<InstalledModel> {
  const parsed = modelIdSchema.safeParse(id);
  if (!parsed.success) throw new SwipenetError('option_invalid', `${JSON.stringify(id)}: ${onOneLine(parsed.error)}`);
  for (const folder of folders) {
    const text = await readFile(join(folder, id, 'manifest.json'), 'utf8').catch((error: unknown) => {
      if (systemCodeOf(error) === 'ENOENT' || systemCodeOf(error) === 'ENOTDIR') return undefined;
      const message = `manifest.json of ${id} cannot be read (${systemCodeOf(error)})`;
      throw new SwipenetError('model_invalid', message, { cause: error });
    });
    if (text !== undefined) return checkModel(join(folder, id), id, text);
  }
  throw new SwipenetError('model_missing', `there is no model ${id} (looked in ${folders.join(' and ')})`);
}

async function checkModel(folder: string, id: string, manifestText: string): Promise<InstalledModel> {
  const manifest = parseManifest(id, manifestText);
  const modelPath = join(folder, 'model.onnx');
  const bytes = await readFile(modelPath).catch((cause: unknown) => {
    throw new SwipenetError('model_missing', `the model ${id} has a manifest, but its model.onnx cannot be read`, {
      cause,
    });
  });
  const found = sha256(bytes);
  if (found !== manifest.model.sha256) {
    const message = `model.onnx of ${id} has the SHA-256 ${found}, its manifest says ${manifest.model.sha256}`;
    throw new SwipenetError('model_hash_mismatch', message);
  }
  return { manifest, modelPath };
}

function parseManifest(id: string, text: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new SwipenetError('model_invalid', `manifest.json of ${id} is not JSON`, { cause });
  }
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    throw new SwipenetError('model_invalid', `manifest.json of ${id}: ${onOneLine(parsed.error)}`, {
      cause: parsed.error,
    });
  }
  if (parsed.data.id !== id) {
    throw new SwipenetError('model_invalid', `manifest.json in the folder ${id} is of the model ${parsed.data.id}`);
  }
  return parsed.data;
}

/** What every model here has in common. */
const GOOGLENET = { format: 1, architecture: 'googlenet', classes: LABELS } as const;

/** What a model's maker says of it; the rest of its manifest follows from the file. */
export type ModelDescription = Omit<Manifest, 'model' | keyof typeof GOOGLENET>;

/**
 * Adds a model to a folder, all or nothing: both files are written beside it and renamed into place.
 *
 * @throws SwipenetError `model_exists` where the id is taken, `home_unusable` where the folder cannot be written.
 */
export async function publishModel(
  folder: string,
  about: ModelDescription,
  model: { bytes: Uint8Array; storage: Manifest['model']['storage'] },
): Promise<Manifest> {
  const { bytes, storage } = model;
  const complete = manifestSchema.parse({
    ...GOOGLENET,
    ...about,
    model: { sha256: sha256(bytes), bytes: bytes.length, storage },
  });
  const draft = join(folder, `.draft-${randomUUID()}`);
  try {
    await mkdir(draft, { recursive: true });
    await writeFile(join(draft, 'model.onnx'), bytes);
    await writeFile(join(draft, 'manifest.json'), `${JSON.stringify(complete, null, 2)}\n`);
    await rename(draft, join(folder, complete.id));
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    if (systemCodeOf(cause) === 'ENOTEMPTY' || systemCodeOf(cause) === 'EEXIST' || systemCodeOf(cause) === 'EPERM') {
      throw new SwipenetError('model_exists', `there is a model ${complete.id} in ${folder} already`, { cause });
    }
    throw new SwipenetError('home_unusable', `${folder} cannot be written (${systemCodeOf(cause)})`, { cause });
  }
  return complete;
}
