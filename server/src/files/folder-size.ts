import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';

/** How much a folder takes. */
export interface FolderSize {
  /** The size of all files. */
  readonly bytes: number;
  /** The part of it that other folders have, too, by hard links. Removing the folder doesn't free it. */
  readonly sharedBytes: number;
  readonly files: number;
  /** True if the folder is only a link to one. Then nothing is counted. */
  readonly isLink: boolean;
}

const NOTHING: FolderSize = { bytes: 0, sharedBytes: 0, files: 0, isLink: false };

/** Returns the size of a folder, or of nothing if there is none. Follows no link. Throws Error with the system's code. */
export async function folderSize(path: string): Promise<FolderSize> {
  const own = await lstat(path).catch(unlessGone);
  if (!own?.isDirectory()) return { ...NOTHING, isLink: own?.isSymbolicLink() === true };
  let { bytes, sharedBytes, files } = NOTHING;
  const folders = [path]; // a recursive readdir would follow links
  for (const folder of folders) {
    for (const name of await readdir(folder)) {
      const file = await lstat(join(folder, name)).catch(unlessGone);
      if (file?.isDirectory()) folders.push(join(folder, name));
      if (!file || file.isDirectory()) continue;
      files += 1;
      bytes += file.size;
      if (file.nlink > 1) sharedBytes += file.size;
    }
  }
  return { bytes, sharedBytes, files, isLink: false };
}

function unlessGone(error: unknown): undefined {
  if (systemCodeOf(error) !== 'ENOENT') throw error;
}
