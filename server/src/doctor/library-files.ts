import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';

/** A library on disk. */
export interface LibraryFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Reads libraries of a folder, one after the other and piece by piece: a CUDA provider has hundreds of megabytes.
 *
 * @returns those that are there, and the names of those that are not.
 * @throws Error with the system's words where one is there and cannot be read.
 */
export async function libraryFiles(
  folder: string,
  names: readonly string[],
): Promise<{ files: LibraryFile[]; missing: string[] }> {
  const files: LibraryFile[] = [];
  const missing: string[] = [];
  for (const name of names) {
    const hash = createHash('sha256');
    const stream = createReadStream(join(folder, name), { highWaterMark: 1 << 20 });
    try {
      await pipeline(stream, hash);
      files.push({ name, bytes: stream.bytesRead, sha256: hash.digest('hex') });
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') throw error;
      missing.push(name);
    }
  }
  return { files, missing };
}
