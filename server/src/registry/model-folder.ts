import { lstat, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { MAX_MODEL_BYTES } from '@swipenet/shared/contract/studio/models.ts';
import * as z from 'zod';
import { CommandError } from '../command-error.ts';
import { sha256 } from '../files/sha256.ts';
import { type Manifest, manifestSchema } from './manifest.ts';

/** An installed model whose file matches its manifest. */
export interface InstalledModel {
  readonly manifest: Manifest;
  /** The path of its `model.onnx`. */
  readonly modelPath: string;
}

/** The files of a model folder. Only a model that was trained on a dataset has `trainedOn`. */
export const MODEL_FILES = { manifest: 'manifest.json', model: 'model.onnx', trainedOn: 'trained-on.json' } as const;

export { MAX_MODEL_BYTES };

/** The maximum size of a manifest, in bytes. */
const MAX_MANIFEST_BYTES = 1_000_000;

/** Formats a schema's errors on one line. */
const onOneLine = (error: z.ZodError) => z.prettifyError(error).replaceAll('\n', ' ');

/**
 * Opens a model folder anywhere on disk. Checks the manifest against its schema, and the file against the manifest's
 * hash. Doesn't follow symbolic links, because they could lead outside the folder.
 *
 * @throws CommandError `model_missing`, `model_invalid`, `model_hash_mismatch`.
 */
export async function openModelFolder(folder: string): Promise<InstalledModel & { readonly bytes: Uint8Array }> {
  const manifest = await readManifest(folder);
  const name = basename(resolve(folder));
  if (!manifest) throw new CommandError('model_missing', `${name} is not a model folder: it has no manifest.json`);
  const modelPath = join(folder, MODEL_FILES.model);
  const bytes = await readOwnFile(modelPath, name, MAX_MODEL_BYTES);
  if (!bytes) {
    throw new CommandError('model_missing', `the model ${name} has a manifest but no model.onnx`);
  }
  const found = sha256(bytes);
  if (found !== manifest.model.sha256) {
    const message = `model.onnx of ${name} has SHA-256 ${found}, but its manifest says ${manifest.model.sha256}`;
    throw new CommandError('model_hash_mismatch', message);
  }
  return { manifest, modelPath, bytes };
}

/** Reads a folder's manifest. Returns undefined if it has none. Throws CommandError `model_invalid`. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const name = basename(resolve(folder));
  const bytes = await readOwnFile(join(folder, MODEL_FILES.manifest), name, MAX_MANIFEST_BYTES);
  return bytes && parseManifest(name, new TextDecoder().decode(bytes));
}

/** Parses the text of a manifest. Messages name the model `name`. Throws CommandError `model_invalid`. */
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

/**
 * Reads a file of a model folder. Returns undefined if it doesn't exist. Rejects links, which could lead to any file of
 * this machine.
 */
export async function readOwnFile(path: string, model: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const what = `${basename(path)} of ${model}`;
  try {
    const found = await lstat(path);
    if (found.isSymbolicLink())
      throw new CommandError('model_invalid', `${what} is a symbolic link, which is not allowed`);
    if (!found.isFile()) throw new CommandError('model_invalid', `${what} is not a file`);
    if (found.size > maxBytes) throw new CommandError('model_invalid', `${what} is larger than ${maxBytes} bytes`);
    return await readFile(path);
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT' || systemCodeOf(cause) === 'ENOTDIR') return undefined;
    if (cause instanceof CommandError) throw cause;
    throw new CommandError('model_invalid', `can’t read ${what} (${systemCodeOf(cause)})`, { cause });
  }
}
