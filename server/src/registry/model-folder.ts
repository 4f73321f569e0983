import { lstat, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import * as z from 'zod';
import { CommandError } from '../command-error.ts';
import { sha256 } from '../files/sha256.ts';
import { type Manifest, manifestSchema } from './manifest.ts';

/** A model that was found and whose file is what its manifest says. */
export interface InstalledModel {
  readonly manifest: Manifest;
  /** Where its `model.onnx` is. */
  readonly modelPath: string;
}

/** The names of a model folder's two files. */
export const MODEL_FILES = { manifest: 'manifest.json', model: 'model.onnx' } as const;

/** Largest file that is taken for a model or its weights; a GoogLeNet in colour with 1000 classes has 28 MB. */
export const MAX_MODEL_BYTES = 256_000_000;

/** Largest manifest. */
const MAX_MANIFEST_BYTES = 1_000_000;

/** What a schema says is wrong, on one line. */
const onOneLine = (error: z.ZodError) => z.prettifyError(error).replaceAll('\n', ' ');

/**
 * Opens a model's folder, wherever it is: the manifest against its schema, the file against the manifest's hash.
 * Links are not followed out of it: both files must be files.
 *
 * @throws CommandError `model_missing`, `model_invalid`, `model_hash_mismatch`.
 */
export async function openModelFolder(folder: string): Promise<InstalledModel & { readonly bytes: Uint8Array }> {
  const manifest = await readManifest(folder);
  const name = basename(resolve(folder));
  if (!manifest) throw new CommandError('model_missing', `${name} is no model’s folder: it has no manifest.json`);
  const modelPath = join(folder, MODEL_FILES.model);
  const bytes = await readOwnFile(modelPath, name, MAX_MODEL_BYTES);
  if (!bytes) {
    const message = `the model ${name} has a manifest, but its model.onnx cannot be read`;
    throw new CommandError('model_missing', message);
  }
  const found = sha256(bytes);
  if (found !== manifest.model.sha256) {
    const message = `model.onnx of ${name} has the SHA-256 ${found}, its manifest says ${manifest.model.sha256}`;
    throw new CommandError('model_hash_mismatch', message);
  }
  return { manifest, modelPath, bytes };
}

/** A folder's manifest; `undefined` where it has none. Throws CommandError `model_invalid`. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const name = basename(resolve(folder));
  const bytes = await readOwnFile(join(folder, MODEL_FILES.manifest), name, MAX_MANIFEST_BYTES);
  return bytes && parseManifest(name, new TextDecoder().decode(bytes));
}

/** Parses a manifest's text; `name` says whose it is. Throws CommandError `model_invalid`. */
export function parseManifest(name: string, text: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new CommandError('model_invalid', `manifest.json of ${name} is not JSON`, { cause });
  }
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const message = `manifest.json of ${name}: ${onOneLine(parsed.error)}`;
  throw new CommandError('model_invalid', message, { cause: parsed.error });
}

/** A file of a model's folder; `undefined` where there is none. A link could lead to any file of this machine. */
async function readOwnFile(path: string, model: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const what = `${basename(path)} of ${model}`;
  try {
    const found = await lstat(path);
    if (found.isSymbolicLink()) throw new CommandError('model_invalid', `${what} is a link, which is not followed`);
    if (!found.isFile()) throw new CommandError('model_invalid', `${what} is no file`);
    if (found.size > maxBytes) throw new CommandError('model_invalid', `${what} has more than ${maxBytes} bytes`);
    return await readFile(path);
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT' || systemCodeOf(cause) === 'ENOTDIR') return undefined;
    if (cause instanceof CommandError) throw cause;
    throw new CommandError('model_invalid', `${what} cannot be read (${systemCodeOf(cause)})`, { cause });
  }
}
