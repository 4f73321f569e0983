import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import { findProfiles } from '../../../image/photo-files.ts';

/** A photo file that may become part of a dataset. */
export interface SourcePhoto {
  readonly path: string;
  /** Its path below the given folder, without the extension. A photo and a copy made from it often share it. */
  readonly name: string;
  readonly label: Label;
  /** The number of its profile. NOPE profiles come before LIKE profiles. */
  readonly profile: number;
}

/** A file's size and modification time. Both are 0 if it can't be read. */
export interface FileStats {
  readonly bytes: number;
  readonly changedMs: number;
}

/** The photo files of each label in a fixed order, and the files that aren't photos by name. */
export interface Sources {
  readonly photos: readonly SourcePhoto[];
  readonly profileCount: number;
  readonly skipped: readonly { readonly path: string; readonly label: Label }[];
}

/**
 * Finds the photos of each label. Every folder below a given folder that contains photos is a profile, at any depth. A
 * photo directly in a given folder, or given by its own path, is a profile by itself.
 *
 * @throws CommandError `path_missing`, `path_without_photos`, naming the path.
 */
export async function findSourcePhotos(folders: Readonly<Record<Label, readonly string[]>>): Promise<Sources> {
  const photos: SourcePhoto[] = [];
  const skipped: { path: string; label: Label }[] = [];
  let profileCount = 0;
  for (const label of LABELS) {
    for (const folder of folders[label]) {
      const found = await findProfiles([folder]);
      for (const path of found.skipped) skipped.push({ path, label });
      for (const { path: profile, photos: paths } of found.profiles) {
        const isOne = profile !== folder && !paths.includes(folder);
        for (const [index, path] of paths.entries()) {
          if (index === 0 || !isOne) profileCount += 1;
          const name = relative(folder, path).replace(/\.\w+$/, '');
          photos.push({ path, name, label, profile: profileCount - 1 });
        }
      }
    }
  }
  return { photos, profileCount, skipped };
}

/** Returns the size and time of each file, without reading it. */
export async function statPhotos(photos: readonly SourcePhoto[]): Promise<FileStats[]> {
  const all: FileStats[] = [];
  for (const { path } of photos) {
    const stats = await stat(path).catch(() => undefined);
    all.push({ bytes: stats?.size ?? 0, changedMs: stats?.mtimeMs ?? 0 });
  }
  return all;
}
