import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../../command-error.ts';
import { systemPath } from '../../files/path-text.ts';
import {
  FolderSearch,
  type FoundFolder,
  isPhotoName,
  kindOfPath,
  LEADS_NOWHERE,
  type LeftOutPath,
  NO_PHOTO_BY_NAME,
} from './folder-search.ts';
import { namedPaths } from './named-paths.ts';

export type { LeftOutPath, LeftOutPathReason } from './folder-search.ts';

/** A profile on disk: the photos of one folder, or the loose files that were passed. */
export interface ProfileFiles {
  /** The folder, or for loose files the folder of the first one. */
  readonly path: string;
  /** The folder that was passed and contains this one. For loose files it is {@link path}. */
  readonly below: string;
  /** Paths of the photos, sorted by name, with numbers in numeric order. Loose files are in the order given. */
  readonly photos: readonly string[];
}

/** The number of left-out paths that an error names. */
const MAX_NAMED = 3;

/**
 * Finds the profiles under paths. Every folder that contains photos is a profile, at any depth, also behind links.
 * Files that are passed one by one form a single profile. What can't be read or has no photos is left out. All commands
 * that read folders find their photos here.
 *
 * @returns the profiles in the order of the paths and then by name, and what was left out.
 * @throws CommandError `path_missing` if a path doesn't exist; `path_without_photos` if there are no photos at all, or
 *   `path_missing` if that may be because a path can't be read.
 */
export async function findProfiles(
  paths: readonly string[],
): Promise<{ profiles: ProfileFiles[]; leftOut: readonly LeftOutPath[] }> {
  const named = new Set((await Promise.all(paths.map(namedPaths))).flat());
  const search = new FolderSearch();
  const loose: string[] = [];
  const folders: FoundFolder[] = [];
  for (const path of named) {
    const kind = await kindOfPath(path);
    if (typeof kind === 'object') await leaveNamed(search, path, kind.error);
    else if (kind === 'folder') folders.push(...[await search.read(path)].filter((folder) => folder !== undefined));
    else if (isPhotoName(path)) loose.push(path);
    else search.leave(path, 'no_photo_by_name', NO_PHOTO_BY_NAME);
  }
  await search.followLinks();
  const profiles: ProfileFiles[] = [];
  for (const folder of folders) {
    const before = profiles.length;
    addProfiles(profiles, folder, folder.path);
    if (profiles.length === before) search.leave(folder.path, 'no_photos', 'it contains no photos');
  }
  const [first] = loose;
  if (first !== undefined) profiles.unshift({ path: dirname(first), below: dirname(first), photos: loose });
  if (profiles.length === 0) throw withoutPhotos(search.leftOut, named);
  return { profiles, leftOut: search.leftOut };
}

/** Leaves out a path that was passed and can't be read. A path that doesn't exist is a mistake. */
async function leaveNamed(search: FolderSearch, path: string, error: unknown): Promise<void> {
  const code = systemCodeOf(error);
  if (code !== 'ENOENT' && code !== 'ENOTDIR') return search.leaveUnreadable(path, error);
  const exists = await lstat(systemPath(path)).then(
    () => true,
    () => false,
  );
  if (!exists) throw new CommandError('path_missing', `${path} doesn’t exist`, { cause: error });
  search.leave(path, 'path_unreadable', LEADS_NOWHERE);
}

function addProfiles(profiles: ProfileFiles[], { path, photos, inside }: FoundFolder, below: string): void {
  if (photos.length > 0) profiles.push({ path, below, photos });
  for (const folder of inside) addProfiles(profiles, folder, below);
}

/** Names what was passed and why it has no photos, and the folders that can't be read. */
function withoutPhotos(leftOut: readonly LeftOutPath[], named: ReadonlySet<string>): CommandError {
  const why = leftOut.filter(({ path, reason }) => named.has(path) || reason !== 'no_photo_by_name');
  const parts = why.slice(0, MAX_NAMED).map(({ path, message }) => `${path}: ${message}`);
  const more = why.length > MAX_NAMED ? `; and ${why.length - MAX_NAMED} more` : '';
  const unread = why.some(({ path, reason }) => named.has(path) && reason === 'path_unreadable');
  return new CommandError(
    unread ? 'path_missing' : 'path_without_photos',
    `found no photos. ${parts.join('; ')}${more}`,
  );
}
