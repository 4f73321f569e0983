import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The little of a disk that writing a file whole takes; tests bring one that is full, or that dies. */
export interface Disk {
  open(path: string, flags: 'w' | 'r'): Promise<Pick<FileHandle, 'write' | 'sync' | 'close'>>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

/** The machine's own. */
export const machineDisk: Disk = { open, rename, remove: (path) => rm(path, { force: true }) };

/**
 * Replaces a file so that at any moment, also after a power cut, the old one or the new one is there, whole: writes
 * beside it, syncs, renames over it, and syncs the folder. What goes wrong leaves the old file as it was.
 */
export async function writeWhole(path: string, parts: Iterable<Uint8Array>, disk: Disk = machineDisk): Promise<void> {
  const draft = join(dirname(path), `.${path.slice(dirname(path).length + 1)}.draft`);
  try {
    const file = await disk.open(draft, 'w');
    try {
      for (const part of parts) {
        for (let written = 0; written < part.length; ) {
          written += (await file.write(part, written, part.length - written)).bytesWritten;
        }
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await disk.rename(draft, path);
  } catch (error) {
    await disk.remove(draft).catch(() => {}); // the reason why it failed is what counts
    throw error;
  }
  const folder = await disk.open(dirname(path), 'r');
  // Windows cannot sync a folder; there the rename is on disk a little later.
  await folder.sync().catch(() => {});
  await folder.close();
}
