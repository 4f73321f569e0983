import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import { findProfiles } from '../../../image/photo-files.ts';

/** A photo file that may become part of a data set. */
export interface SourcePhoto {
  readonly path: string;
  /** Its path below the folder that was given, without the ending: a photo and what was made from it often share it. */
  readonly name: string;
  readonly label: Label;
  /** Number of its profile; profiles of NOPE come before those of LIKE. */
  readonly profile: number;
}

/** What a file's folder says of it; 0 and 0 where it cannot be looked at. */
export interface FileStats {
  readonly bytes: number;
  readonly changedMs: number;
}

/** The photo files under the folders of each label, in one fixed order, and the files that are no photos by name. */
export interface Sources {
  readonly photos: readonly SourcePhoto[];
  readonly profileCount: number;
  readonly skipped: readonly { readonly path: string; readonly label: Label }[];
}

/**
 * Finds the photos of each label. Every folder below a given one that holds photos is a profile, at any depth; a photo
 * that lies in a given folder itself, or was named by itself, is a profile of its own.
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

/** Looks at each file, without reading it. */
export async function statPhotos(photos: readonly SourcePhoto[]): Promise<FileStats[]> {
  const all: FileStats[] = [];
  for (const { path } of photos) {
    const stats = await stat(path).catch(() => undefined);
    all.push({ bytes: stats?.size ?? 0, changedMs: stats?.mtimeMs ?? 0 });
  }
  return all;
}
