import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CommandError } from '../command-error.ts';
import type { Manifest } from '../registry/manifest.ts';
import { MAX_MODEL_BYTES, MODEL_FILES, openModelFolder } from '../registry/model-folder.ts';
import { type CaffeSnapshot, isSnapshotPath, onlySnapshot, readSnapshot, snapshotsIn } from './caffe/snapshot.ts';
import { manifestFromMetadata } from './export-file.ts';
import type { ParentOf } from './recognize/foreign-graph.ts';

/** What is imported: a file's bytes, and the manifest next to it if it comes from a model's folder. */
export interface ImportSource {
  readonly bytes: Uint8Array;
  /** The file's name for error messages. */
  readonly fileName?: string;
  readonly manifest?: Manifest;
  /** The files next to a `.caffemodel`. */
  readonly snapshot?: CaffeSnapshot;
  /** A suffix for errors about a missing flag, which says how to import the source without it. */
  readonly hint?: string;
}

/**
 * Reads a model's folder, a snapshot of DIGITS with the files next to it, or a single file.
 *
 * @throws CommandError `path_missing`, `weights_invalid`, or what openModelFolder throws.
 */
export async function readImportSource(path: string): Promise<ImportSource> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new CommandError('path_missing', `${path} doesn’t exist or can’t be read`, { cause });
  });
  if (found.isDirectory()) return readFolder(path);
  if (isSnapshotPath(path)) return readSnapshot(path);
  if (found.isFile() && found.size <= MAX_MODEL_BYTES)
    return { bytes: await readFile(path), fileName: path, ...hintOf(path) };
  throw new CommandError('weights_invalid', `${path} is not a regular file of at most ${MAX_MODEL_BYTES} bytes`);
}

/** Reads a model's folder, or what DIGITS leaves. */
async function readFolder(path: string): Promise<ImportSource> {
  if (existsSync(join(path, MODEL_FILES.manifest))) return openModelFolder(path);
  const snapshots = await snapshotsIn(path).catch((cause: unknown) => {
    throw new CommandError('path_missing', `${path} can’t be read`, { cause });
  });
  if (snapshots.length > 0) return readSnapshot(onlySnapshot(path, snapshots));
  const message = `${path} has neither a ${MODEL_FILES.manifest}, as Swipenet’s models do, nor a .caffemodel, as DIGITS leaves it`;
  throw new CommandError('model_missing', message);
}

/** Recommends the folder if the file belongs to one: only the manifest in it makes flags unnecessary. */
function hintOf(path: string): Pick<ImportSource, 'hint'> {
  const folder = dirname(path);
  if (basename(path) !== MODEL_FILES.model || !existsSync(join(folder, MODEL_FILES.manifest))) return {};
  return { hint: `; to use the ${MODEL_FILES.manifest} next to the file, import the folder ${folder}` };
}

/** Finds the parent of an int8 model in the manifest next to its file, or else in the one in its metadata. */
export const parentOf =
  (manifest: Manifest | undefined): ParentOf =>
  (metadata) =>
    (manifest ?? manifestFromMetadata(metadata))?.quantization?.parent;
