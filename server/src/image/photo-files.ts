import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CommandError } from '../command-error.ts';

/** A profile on disk: the photos of one folder, or the loose files that were named. */
export interface ProfileFiles {
  /** The folder; for loose files the folder of the first. */
  readonly path: string;
  /** Paths of the photos, in the order of their names (numbers by their value). */
  readonly photos: readonly string[];
}

/** Names that promise a photo. What cannot be decoded (GIF, HEIC, …) is among them: it is then said, photo by photo. */
const PHOTO_NAME = /\.(jpe?g|jfif|png|webp|avif|gif|heic|heif|bmp|tiff?|svg)$/i;

const byName = new Intl.Collator('en', { numeric: true }).compare;

/**
 * Finds the profiles under paths: every folder that holds photos is a profile, at any depth; files named one by one
 * are a profile together. Hidden files and folders are passed over, and links to folders are not followed.
 *
 * @returns the profiles, and the paths of the files that were left out because they are no photos by name.
 * @throws CommandError `path_missing`, `path_without_photos`, naming the path.
 */
export async function findProfiles(paths: readonly string[]): Promise<{ profiles: ProfileFiles[]; skipped: string[] }> {
  const loose: string[] = [];
  const profiles: ProfileFiles[] = [];
  const skipped: string[] = [];
  for (const path of paths) {
    const stats = await stat(path).catch((cause: unknown) => {
      throw new CommandError('path_missing', `${path} does not exist or cannot be read`, { cause });
    });
    if (stats.isDirectory()) {
      const found = await walk(path).catch((cause: unknown) => {
        throw new CommandError('path_missing', `a folder in ${path} cannot be read`, { cause });
      });
      if (found.profiles.length === 0) throw new CommandError('path_without_photos', `${path} holds no photo`);
      append(profiles, found.profiles);
      append(skipped, found.skipped);
    } else if (PHOTO_NAME.test(path)) {
      loose.push(path);
    } else {
      throw new CommandError('path_without_photos', `${path} is no photo by its name`);
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
  // A link is followed where it is named like a photo; what else it leads to is nobody's skipped file.
  const others = files.filter((entry) => entry.isFile() && !PHOTO_NAME.test(entry.name));
  const skipped = others.map(({ name }) => join(folder, name));
  for (const entry of inOrder.filter((inside) => inside.isDirectory())) {
    const below = await walk(join(folder, basename(entry.name)));
    append(profiles, below.profiles);
    append(skipped, below.skipped);
  }
  return { profiles, skipped };
}

/** Without spreading: as arguments, a hundred thousand items overflow the stack. */
function append<Item>(list: Item[], more: readonly Item[]): void {
  for (const item of more) list.push(item);
}
