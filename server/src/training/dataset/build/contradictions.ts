import { CommandError } from '../../../command-error.ts';
import { sha256 } from '../../../files/sha256.ts';
import { decodePhoto } from '../../../image/decode.ts';
import { readPhotoFile } from '../../../image/read-photo-file.ts';
import type { FileStats, SourcePhoto } from './source-photos.ts';

/** The number of pairs that an error lists. It only counts the rest. */
const MAX_LISTED = 3;

/**
 * Rejects sources that have the same photo under both labels. It runs before any photo is decoded, and it is fast
 * because it only reads files whose size occurs under both labels.
 *
 * @throws CommandError `labels_contradict`, naming the files.
 */
export async function refuseContradictions(photos: readonly SourcePhoto[], stats: readonly FileStats[]): Promise<void> {
  const nopes = groupByBytes(photos, stats, 'NOPE');
  const pairs: string[] = [];
  for (const [bytes, likes] of groupByBytes(photos, stats, 'LIKE')) {
    const byHash = new Map<string, string>();
    for (const path of nopes.get(bytes) ?? []) byHash.set(await hashOf(path), path);
    if (byHash.size === 0) continue;
    for (const like of likes) {
      const nope = byHash.get(await hashOf(like));
      if (nope !== undefined && (await isPhoto(like))) pairs.push(`${like} under LIKE and ${nope} under NOPE`);
    }
  }
  if (pairs.length === 0) return;
  const more = pairs.length > MAX_LISTED ? `, and so do ${pairs.length - MAX_LISTED} more pairs` : '';
  throw new CommandError('labels_contradict', `${pairs.slice(0, MAX_LISTED).join('; ')} have the same bytes${more}`);
}

function groupByBytes(photos: readonly SourcePhoto[], stats: readonly FileStats[], label: string) {
  const groups = new Map<number, string[]>();
  for (const [index, photo] of photos.entries()) {
    const { bytes } = stats[index]!;
    if (photo.label !== label || bytes === 0) continue;
    const group = groups.get(bytes);
    if (group) group.push(photo.path);
    else groups.set(bytes, [photo.path]);
  }
  return groups;
}

/** Returns a file's SHA-256. An unreadable file gets a value that no other file has. */
async function hashOf(path: string): Promise<string> {
  const bytes = await readPhotoFile(path).catch(() => undefined);
  return bytes ? sha256(bytes) : `unreadable ${path}`;
}

/** Damaged files with the same bytes aren't contradictions, because they are left out. */
async function isPhoto(path: string): Promise<boolean> {
  return await readPhotoFile(path)
    .then((bytes) => decodePhoto(bytes, 'squash'))
    .then(
      () => true,
      () => false,
    );
}
