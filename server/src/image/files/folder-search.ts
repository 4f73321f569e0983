import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import pLimit from 'p-limit';
import { systemPath, textOfName } from '../../files/path-text.ts';

/** Why a path isn't read. A photo that can't be read isn't one of them, because it has its place in its profile. */
export type LeftOutPathReason = 'no_photo_by_name' | 'no_photos' | 'path_unreadable' | 'folder_repeated';

/** A file or folder that isn't read. */
export interface LeftOutPath {
  readonly path: string;
  readonly reason: LeftOutPathReason;
  /** The reason in words. */
  readonly message: string;
}

/** A folder, the photos in it and the folders in it, both sorted by name. */
export interface FoundFolder {
  readonly path: string;
  readonly photos: readonly string[];
  readonly inside: readonly FoundFolder[];
}

/** An entry of a folder. A link to a file counts as a file. */
interface Entry {
  readonly name: string;
  readonly kind: 'folder' | 'file' | 'link to a folder' | 'link to nothing';
}

/** What a path leads to. */
export type PathKind = 'folder' | 'file' | { readonly error: unknown };

/**
 * Matches the file names of photos, including formats that can't be decoded (GIF, HEIC, …), so that each gets an error
 * of its own.
 */
const PHOTO_NAME = /\.(jpe?g|jfif|png|webp|avif|gif|heic|heif|bmp|tiff?|svg)$/i;

export const isPhotoName = (path: string): boolean => PHOTO_NAME.test(path);

export const NO_PHOTO_BY_NAME = 'not a photo, judging by its name';

export const LEADS_NOWHERE = 'the link leads nowhere';

/** The number of links to look up at a time. */
const LOOKUPS = 32;

const collator = new Intl.Collator('en', { numeric: true });

/** Compares names, with numbers in numeric order. The order never depends on the disk: `1.jpg` and `01.jpg` differ. */
function byName(a: Entry, b: Entry): number {
  return collator.compare(a.name, b.name) || (a.name < b.name ? -1 : 1);
}

/** Returns what a path leads to, through links. */
export const kindOfPath = (path: string): Promise<PathKind> =>
  stat(systemPath(path)).then(
    (stats) => (stats.isDirectory() ? 'folder' : 'file'),
    (error: unknown) => ({ error }),
  );

/**
 * Reads folders, and the folders in them, at any depth. Each folder is read once, however many links lead to it, so a
 * loop ends. What can't be read is left out. Hidden files and folders are skipped.
 */
export class FolderSearch {
  readonly leftOut: LeftOutPath[] = [];
  /** Maps the real path of each folder to the path under which it was found. */
  readonly #found = new Map<string, string>();
  /** Links to folders. They wait, so that a folder is found under its own name before a link's. */
  #links: { readonly path: string; readonly place: FoundFolder[]; readonly at: number }[] = [];

  /** Reads a folder. Links in it wait until {@link followLinks}. Returns undefined if it was left out. */
  async read(path: string): Promise<FoundFolder | undefined> {
    try {
      return await this.#read(path, textOfName(await realpath(systemPath(path), 'buffer')));
    } catch (error) {
      this.leaveUnreadable(path, error);
      return undefined;
    }
  }

  /** Reads the folders that links lead to, and puts each in its place. */
  async followLinks(): Promise<void> {
    for (let links = this.#links; links.length > 0; links = this.#links) {
      this.#links = [];
      for (const { path, place, at } of links) {
        const folder = await this.read(path);
        if (folder) place[at] = folder;
      }
    }
  }

  leave(path: string, reason: LeftOutPathReason, message: string): void {
    this.leftOut.push({ path, reason, message });
  }

  leaveUnreadable(path: string, error: unknown): void {
    this.leave(path, 'path_unreadable', `it can’t be read (${systemCodeOf(error)})`);
  }

  async #read(path: string, real: string): Promise<FoundFolder | undefined> {
    const earlier = this.#found.get(real);
    if (earlier !== undefined) {
      this.leave(path, 'folder_repeated', `it is the same folder as ${earlier}`);
      return undefined;
    }
    this.#found.set(real, path);
    const entries = await entriesOf(path).catch((error: unknown) => this.leaveUnreadable(path, error));
    if (!entries) return undefined;
    const photos: string[] = [];
    const inside: FoundFolder[] = [];
    for (const { name, kind } of entries) {
      const inner = join(path, name);
      if (kind === 'folder') {
        const folder = await this.#read(inner, join(real, name));
        if (folder) inside.push(folder);
      } else if (kind === 'link to a folder') {
        this.#links.push({ path: inner, place: inside, at: inside.length });
        inside.push({ path: inner, photos: [], inside: [] }); // until the link is followed
      } else if (isPhotoName(name)) photos.push(inner);
      else if (kind === 'file') this.leave(inner, 'no_photo_by_name', NO_PHOTO_BY_NAME);
      else this.leave(inner, 'path_unreadable', LEADS_NOWHERE);
    }
    return { path, photos, inside };
  }
}

/** Reads a folder's visible entries, sorted by name. */
async function entriesOf(folder: string): Promise<Entry[]> {
  const entries = await readdir(systemPath(folder), { withFileTypes: true, encoding: 'buffer' });
  const limit = pLimit(LOOKUPS);
  const known = entries.flatMap((entry): (Entry | Promise<Entry>)[] => {
    const name = textOfName(entry.name);
    if (name.startsWith('.')) return [];
    if (entry.isSymbolicLink()) return [limit(async () => ({ name, kind: await kindOfLink(join(folder, name)) }))];
    return [{ name, kind: entry.isDirectory() ? 'folder' : 'file' }];
  });
  return (await Promise.all(known)).toSorted(byName);
}

async function kindOfLink(path: string): Promise<Entry['kind']> {
  const kind = await kindOfPath(path);
  if (kind === 'folder') return 'link to a folder';
  return kind === 'file' ? 'file' : 'link to nothing';
}
