import { join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { sha256OfFile } from '../files/sha256.ts';

/** A library on disk. */
export interface LibraryFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Reads libraries of a folder one at a time and in pieces, because a CUDA provider is hundreds of megabytes in size.
 *
 * @returns the libraries that exist, and the names of those that don't.
 * @throws Error with the system's message if an existing library can't be read.
 */
export async function libraryFiles(
  folder: string,
  names: readonly string[],
): Promise<{ files: LibraryFile[]; missing: string[] }> {
  const files: LibraryFile[] = [];
  const missing: string[] = [];
  for (const name of names) {
    try {
      files.push({ name, ...(await sha256OfFile(join(folder, name))) });
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') throw error;
      missing.push(name);
    }
  }
  return { files, missing };
}
