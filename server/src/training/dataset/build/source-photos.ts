import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import { systemPath } from '../../../files/path-text.ts';
import { findProfiles, type LeftOutPath } from '../../../image/files/photo-files.ts';
import { inOrder } from '../in-order.ts';

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

/** A file or folder that isn't read, and the label that it would have had. */
export interface LeftOutSource extends LeftOutPath {
  readonly label: Label;
}

/** The photo files of each label in a fixed order, and what was left out. */
export interface Sources {
  readonly photos: readonly SourcePhoto[];
  readonly leftOut: readonly LeftOutSource[];
}

/**
 * Finds the photos of each label. Every folder below a given folder that contains photos is a profile, at any depth. A
 * photo directly in a given folder, or given by its own path, is a profile by itself.
 *
 * @throws CommandError `path_missing`, `path_without_photos`, naming the path.
 */
export async function findSourcePhotos(folders: Readonly<Record<Label, readonly string[]>>): Promise<Sources> {
  const photos: SourcePhoto[] = [];
  const leftOut: LeftOutSource[] = [];
  let profileCount = 0;
  for (const label of LABELS) {
    const found = await findProfiles(folders[label]);
    for (const one of found.leftOut) leftOut.push({ ...one, label });
    for (const { path: profile, below, photos: paths } of found.profiles) {
      for (const [index, path] of paths.entries()) {
        if (index === 0 || profile === below) profileCount += 1;
        const name = relative(below, path).replace(/\.\w+$/, '');
        photos.push({ path, name, label, profile: profileCount - 1 });
      }
    }
  }
  return { photos, leftOut };
}

/** The number of files to look up at a time. */
const LOOKUPS = 32;

/** Returns the size and time of each file, without reading it. */
export async function statPhotos(photos: readonly SourcePhoto[]): Promise<FileStats[]> {
  const all: FileStats[] = [];
  for await (const stats of inOrder(photos, LOOKUPS, ({ path }) => stat(systemPath(path)).catch(() => undefined))) {
    all.push({ bytes: stats?.size ?? 0, changedMs: stats?.mtimeMs ?? 0 });
  }
  return all;
}
