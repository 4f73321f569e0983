import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CommandError } from '../command-error.ts';
import type { Manifest } from '../registry/manifest.ts';
import { MAX_MODEL_BYTES, MODEL_FILES, openModelFolder } from '../registry/model-folder.ts';
import { manifestOfNotes } from './export-file.ts';
import type { ParentOf } from './recognize-graph.ts';

/** What is imported: a file's bytes, and the manifest that stands beside it in a model's folder. */
export interface ImportSource {
  readonly bytes: Uint8Array;
  /** What the file is called in what is wrong with it. */
  readonly fileName?: string;
  readonly manifest?: Manifest;
  /** Behind what is missed of the source: how it would come with it. */
  readonly hint?: string;
}

/**
 * Reads a model's folder or one file. Throws CommandError `path_missing`, `weights_invalid`; what openModelFolder
 * throws.
 */
export async function readImportSource(path: string): Promise<ImportSource> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new CommandError('path_missing', `${path} does not exist or cannot be read`, { cause });
  });
  if (found.isDirectory()) return openModelFolder(path);
  if (found.isFile() && found.size <= MAX_MODEL_BYTES)
    return { bytes: await readFile(path), fileName: path, ...hintOf(path) };
  throw new CommandError('weights_invalid', `${path} is no file of at most ${MAX_MODEL_BYTES} bytes`);
}

/** A model's folder says everything, the file in it alone does not. */
function hintOf(path: string): Pick<ImportSource, 'hint'> {
  const folder = dirname(path);
  if (basename(path) !== MODEL_FILES.model || !existsSync(join(folder, MODEL_FILES.manifest))) return {};
  return { hint: `; ${MODEL_FILES.manifest} beside the file says it: import the folder ${folder}` };
}

/** What an int8 model was made of: by the manifest beside its file, else by the one among its notes. */
export const parentStated =
  (beside: Manifest | undefined): ParentOf =>
  (notes) =>
    (beside ?? manifestOfNotes(notes))?.quantization?.parent;
