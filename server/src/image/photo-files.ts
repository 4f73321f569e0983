import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CommandError } from '../command-error.ts';

/** A profile on disk: the photos of one folder, or the loose files that were passed. */
export interface ProfileFiles {
  /** The folder, or for loose files the folder of the first one. */
  readonly path: string;
  /** Paths of the photos, sorted by name, with numbers in numeric order. */
  readonly photos: readonly string[];
}

/**
 * File names of photos. They include formats that can't be decoded (GIF, HEIC, …), so that each gets an error of its
 * own.
 */
const PHOTO_NAME = /\.(jpe?g|jfif|png|webp|avif|gif|heic|heif|bmp|tiff?|svg)$/i;

const byName = new Intl.Collator('en', { numeric: true }).compare;

/**
 * Finds the profiles under paths. Every folder that contains photos is a profile, at any depth. Files that are passed
 * one by one form a single profile. Hidden files and folders are skipped, and links to folders aren't followed.
 *
 * @returns the profiles, and the paths of files without a photo's extension.
 * @throws CommandError `path_missing`, `path_without_photos`, naming the path.
 */
export async function findProfiles(paths: readonly string[]): Promise<{ profiles: ProfileFiles[]; skipped: string[] }> {
  const loose: string[] = [];
  const profiles: ProfileFiles[] = [];
  const skipped: string[] = [];
  for (const path of paths) {
    const stats = await stat(path).catch((cause: unknown) => {
      throw new CommandError('path_missing', `${path} doesn’t exist or can’t be read`, { cause });
    });
    if (stats.isDirectory()) {
      const found = await walk(path).catch((cause: unknown) => {
        throw new CommandError('path_missing', `can’t read a folder in ${path}`, { cause });
      });
      if (found.profiles.length === 0) throw new CommandError('path_without_photos', `${path} contains no photos`);
      append(profiles, found.profiles);
      append(skipped, found.skipped);
    } else if (PHOTO_NAME.test(path)) {
      loose.push(path);
    } else {
      throw new CommandError('path_without_photos', `${path} doesn’t have the file extension of a photo`);
    }
  }
  const [first] = loose;
  if (first !== undefined) profiles.unshift({ path: dirname(first), photos: loose });
  return { profiles, skipped };
}

async function walk(folder: string): Promise<{ profiles: ProfileFiles[]; skipped: string[] }> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.'));
  const inOrder = entries.toSorted((a, b) => byName(a.name, b.name));
  const files = inOrder.filter((entry) => !entry.isDirectory());
  const photos = files.filter(({ name }) => PHOTO_NAME.test(name)).map(({ name }) => join(folder, name));
  const profiles: ProfileFiles[] = photos.length > 0 ? [{ path: folder, photos }] : [];
  // A link is followed if it has a photo's extension. Other links don't count as skipped files.
  const others = files.filter((entry) => entry.isFile() && !PHOTO_NAME.test(entry.name));
  const skipped = others.map(({ name }) => join(folder, name));
  for (const entry of inOrder.filter((inside) => inside.isDirectory())) {
    const below = await walk(join(folder, basename(entry.name)));
    append(profiles, below.profiles);
    append(skipped, below.skipped);
  }
  return { profiles, skipped };
}

/** Appends without spreading: as arguments, a hundred thousand items would overflow the stack. */
function append<Item>(list: Item[], more: readonly Item[]): void {
  for (const item of more) list.push(item);
}
