import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import { CommandError } from '../../../command-error.ts';
import { sha256 } from '../../../files/sha256.ts';
import { decodePhoto } from '../../../image/decoding/decode.ts';
import { readPhotoFile } from '../../../image/files/read-photo-file.ts';
import { inOrder } from '../in-order.ts';
import type { FileStats, SourcePhoto } from './source-photos.ts';

/** A photo that is under both labels, byte for byte. */
export interface Contradiction {
  readonly sha256: string;
  /** The paths of all its copies under each label. */
  readonly like: readonly string[];
  readonly nope: readonly string[];
}

/**
 * Finds the photos that are under both labels, in the order of the NOPE files. It runs before any photo is decoded, and
 * it is fast because it only reads files whose size occurs under both labels.
 *
 * @param workers the number of files to read in parallel.
 */
export async function findContradictions(
  photos: readonly SourcePhoto[],
  stats: readonly FileStats[],
  workers: number,
): Promise<Contradiction[]> {
  const sizes = { NOPE: new Set<number>(), LIKE: new Set<number>() };
  for (const [index, { label }] of photos.entries()) sizes[label].add(stats[index]!.bytes);
  const candidates = photos.filter((_, index) => {
    const { bytes } = stats[index]!;
    return bytes > 0 && LABELS.every((label) => sizes[label].has(bytes));
  });
  const copies = new Map<string, Record<Label, string[]>>();
  let count = 0;
  for await (const hash of inOrder(candidates, workers, ({ path }) => hashOf(path))) {
    const { path, label } = candidates[count]!;
    count += 1;
    if (hash === undefined) continue;
    const paths = copies.get(hash) ?? { NOPE: [], LIKE: [] };
    copies.set(hash, paths);
    paths[label].push(path);
  }
  const both = [...copies].filter(([, { NOPE, LIKE }]) => NOPE.length > 0 && LIKE.length > 0);
  const found: Contradiction[] = [];
  for await (const contradiction of inOrder(both, workers, async ([hash, { NOPE, LIKE }]) => {
    return (await isPhoto(LIKE[0]!)) ? { sha256: hash, like: LIKE, nope: NOPE } : undefined;
  })) {
    if (contradiction) found.push(contradiction);
  }
  return found;
}

/** Says which photos contradict each other: names the file that lists all, how many they are, and the first ones. */
export function labelsContradict(contradictions: readonly Contradiction[], list: string): CommandError {
  const [{ like, nope }] = contradictions as [Contradiction, ...Contradiction[]];
  const count = contradictions.length === 1 ? '1 photo is' : `${contradictions.length} photos are`;
  const message = `${count} under both labels, listed in ${list}. The first is ${like[0]} under LIKE and ${nope[0]} under NOPE`;
  return new CommandError('labels_contradict', message);
}

/** Returns a file's SHA-256, or undefined if it can't be read. */
async function hashOf(path: string): Promise<string | undefined> {
  const bytes = await readPhotoFile(path).catch(() => undefined);
  return bytes && sha256(bytes);
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
