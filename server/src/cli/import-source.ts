import { readFile, stat } from 'node:fs/promises';
import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import type { Manifest } from '../registry/manifest.ts';
import { MAX_MODEL_BYTES, openModelFolder } from '../registry/model-folder.ts';

/** What is imported: a file's bytes, and the manifest that stands beside it in a model's folder. */
export interface ImportSource {
  readonly bytes: Uint8Array;
  readonly manifest?: Manifest;
}

/**
 * Reads a model's folder or one file. Throws SwipenetError `path_missing`, `weights_invalid`; what openModelFolder
 * throws.
 */
export async function readImportSource(path: string): Promise<ImportSource> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new SwipenetError('path_missing', `${path} does not exist or cannot be read`, { cause });
  });
  if (found.isDirectory()) return openModelFolder(path);
  if (found.isFile() && found.size <= MAX_MODEL_BYTES) return { bytes: await readFile(path) };
  throw new SwipenetError('weights_invalid', `${path} is no file of at most ${MAX_MODEL_BYTES} bytes`);
}
