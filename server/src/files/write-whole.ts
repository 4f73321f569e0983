import { randomUUID } from 'node:crypto';
import { type FileHandle, link, lstat, mkdir, open, readdir, rename, rm, unlink } from 'node:fs/promises';
import { dirname, join, parse, resolve } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';

/** The disk operations that a crash-safe write needs. Tests pass a disk that is full or that fails partway. */
export interface Disk {
  open(path: string, flags: 'wx' | 'r', mode?: number): Promise<Pick<FileHandle, 'write' | 'sync' | 'close'>>;
  /** Creates a folder and its parent folders. Returns the first one that didn't exist yet. */
  makeFolder(path: string, mode?: number): Promise<string | undefined>;
  rename(from: string, to: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  /** Removes a file, or a folder with everything in it. */
  remove(path: string): Promise<void>;
}

/** The machine's own disk. */
export const machineDisk: Disk = {
  open,
  makeFolder: (path, mode) => mkdir(path, { recursive: true, ...(mode !== undefined && { mode }) }),
  rename,
  link,
  remove: (path) => rm(path, { recursive: true, force: true }),
};

/** The content of a file: text (written as UTF-8), bytes, or pieces of bytes in order. */
export type Content = string | Uint8Array | Iterable<Uint8Array>;

export interface WriteOptions {
  /** The file's permissions, which are set before its first byte is written. */
  readonly mode?: number;
  /** Fails if the file already exists. */
  readonly exclusive?: boolean;
  readonly disk?: Disk;
}

/**
 * Writes a file atomically: even after a power cut, either the previous file (or none) or the complete new one is
 * there. It writes a hidden draft next to the file, syncs it, renames it into place and syncs the folder. On failure it
 * removes the draft and leaves the previous file alone. Only a killed process leaves a draft behind.
 *
 * @throws Error with the system's code; with `exclusive`, `EEXIST` if the path is taken.
 */
export async function writeWhole(path: string, content: Content, options: WriteOptions = {}): Promise<void> {
  const { mode, exclusive = false, disk = machineDisk } = options;
  const draft = draftOf(path);
  try {
    await writeSynced(draft, content, disk, mode);
    // Unlike rename, link never replaces a file.
    await (exclusive ? disk.link(draft, path) : disk.rename(draft, path));
  } catch (error) {
    await removeQuietly(draft, disk);
    throw error;
  }
  if (exclusive) await removeQuietly(draft, disk);
  await syncFolder(dirname(draft), disk);
}

/** The files of a folder by name. A name may lead into a subfolder: `1/model.onnx`. */
export type FolderFiles = Readonly<Record<string, Content>>;

/**
 * Creates a folder with these files atomically: the whole folder is there, or nothing. Also creates its parent folders.
 * It may replace an empty folder, which stays on failure.
 *
 * @throws Error with the system's code; `EEXIST` if the path is taken.
 */
export async function writeFolderWhole(path: string, files: FolderFiles, disk: Disk = machineDisk): Promise<void> {
  const draft = draftOf(path);
  try {
    await writeFolderSynced(draft, files, disk);
    await disk.rename(draft, path).catch((error) => throwTaken(path, error));
  } catch (error) {
    await removeQuietly(draft, disk);
    throw error;
  }
  await syncFolder(dirname(draft), disk);
}

/**
 * Replaces a folder with one that has these files. No system exchanges two folders in one step, so a process that is
 * killed leaves the whole old folder, the whole new one, or none. It may also leave drafts.
 *
 * @throws Error with the system's code. The old folder is then still there.
 */
export async function replaceFolderWhole(path: string, files: FolderFiles, disk: Disk = machineDisk): Promise<void> {
  const [fresh, old] = [draftOf(path), draftOf(path)];
  try {
    await writeFolderSynced(fresh, files, disk);
    await disk.rename(path, old);
    await disk.rename(fresh, path).catch(async (error: unknown) => {
      await disk.rename(old, path);
      throw error;
    });
  } catch (error) {
    await removeQuietly(fresh, disk);
    throw error;
  }
  await syncFolder(dirname(fresh), disk);
  await removeQuietly(old, disk);
}

/**
 * Creates a folder and its missing parent folders durably: after a power cut they are still there. Does nothing if the
 * folder exists.
 *
 * @param options.mode the permissions of new folders.
 * @throws Error with the system's code.
 */
export async function makeFolder(
  path: string,
  { mode, disk = machineDisk }: { readonly mode?: number; readonly disk?: Disk } = {},
): Promise<void> {
  const first = await disk.makeFolder(path, mode);
  if (first === undefined) return;
  for (let made = resolve(path); ; made = dirname(made)) {
    await syncFolder(dirname(made), disk);
    if (made === resolve(first)) return;
  }
}

/** Removes a file durably: after a power cut it is still gone. Throws Error with the system's code. */
export async function removeFile(path: string): Promise<void> {
  await unlink(path);
  await syncFolder(dirname(resolve(path)), machineDisk);
}

/** Renames a file or a folder within its parent folder, or into another one, durably. Throws Error with the system's code. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(resolve(to)), machineDisk);
}

/**
 * Removes a folder with everything in it. It is gone from its place at once, and its drafts are removed, too, so nothing
 * stays if the process is killed meanwhile and another folder is removed later. No link is followed: if the folder is a
 * link, only the link is removed.
 *
 * @throws Error with the system's code. The folder is then still in its place, or gone from it.
 */
export async function removeFolderWhole(path: string): Promise<void> {
  await renameDurably(path, draftOf(path));
  await removeDrafts(dirname(resolve(path)));
}

/**
 * Removes the drafts that killed processes left in a folder. No other process may be writing there.
 *
 * @param isOf whether to remove the drafts of the file or folder with this name.
 */
export async function removeDrafts(folder: string, isOf: (name: string) => boolean = () => true): Promise<void> {
  for (const entry of await readdir(folder)) {
    const name = DRAFT.exec(entry)?.[1];
    if (name !== undefined && isOf(name)) await rm(join(folder, entry), { recursive: true, force: true });
  }
}

/** The name of a draft, and in it the name of its file or folder. */
const DRAFT = /^\.(.+)\.[\da-f-]+\.draft$/;

/** Returns the path of a hidden draft. It is unique, so two processes that write the same path never share one. */
function draftOf(path: string): string {
  const { dir, base } = parse(resolve(path));
  return join(dir, `.${base}.${randomUUID()}.draft`);
}

async function writeSynced(path: string, content: Content, disk: Disk, mode?: number): Promise<void> {
  const file = await disk.open(path, 'wx', mode);
  try {
    for (const piece of piecesOf(content)) {
      for (let written = 0; written < piece.length; ) {
        written += (await file.write(piece, written, piece.length - written)).bytesWritten;
      }
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

async function writeFolderSynced(path: string, files: FolderFiles, disk: Disk): Promise<void> {
  const folders = new Set([path, ...Object.keys(files).map((name) => dirname(join(path, name)))]);
  for (const folder of folders) await makeFolder(folder, { disk });
  for (const [name, content] of Object.entries(files)) await writeSynced(join(path, name), content, disk);
  for (const folder of folders) await syncFolder(folder, disk);
}

function piecesOf(content: Content): Iterable<Uint8Array> {
  if (typeof content === 'string') return [new TextEncoder().encode(content)];
  return content instanceof Uint8Array ? [content] : content;
}

/**
 * Makes renames in a folder durable. On Windows or without read permission this isn't possible, and the system does it
 * soon anyway.
 */
async function syncFolder(path: string, disk: Disk): Promise<void> {
  const folder = await disk.open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}

/** Removes a draft and ignores errors, because only the reason for the failed write matters. */
const removeQuietly = (path: string, disk: Disk) => disk.remove(path).catch(() => {});

/** The error codes of various systems for a rename onto something that exists. */
const TAKEN: readonly unknown[] = ['ENOTEMPTY', 'EEXIST', 'EPERM', 'ENOTDIR'];

async function throwTaken(path: string, cause: unknown): Promise<never> {
  const exists = await lstat(path).then(
    () => true,
    () => false,
  );
  if (!exists || !TAKEN.includes(systemCodeOf(cause))) throw cause;
  throw Object.assign(new Error(`${path} is taken`, { cause }), { code: 'EEXIST' });
}
