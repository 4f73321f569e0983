import { constants } from 'node:fs';
import { copyFile, link, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../../command-error.ts';
import { sha256, sha256OfPieces } from '../../files/sha256.ts';
import { renameDurably, writeWhole } from '../../files/write-whole.ts';
import type { Dataset } from './dataset.ts';
import { DATASET_FILES, type DatasetHead, type DatasetPhoto, shardName } from './dataset-format.ts';
import { readNearAcrossLabels } from './near-across-labels.ts';
import { countParts } from './part-counts.ts';

/** How many lines of the index are written in a row, so that a server stays responsive. */
const LINES_AT_ONCE = 2_000;

/**
 * Makes a dataset with other labels, and leaves the old one as it is. Splits don't change, so the mean of the training
 * set doesn't either. The shards are hard links where the disk has them, and copies elsewhere. Two photos that look alike
 * stay in the list of such pairs as long as their labels differ.
 *
 * @param labels the profiles to relabel, by number, and their new labels.
 * @param out the folder to create. It is there as a whole, or not at all.
 * @returns the new dataset's ID.
 * @throws CommandError `dataset_exists`; `dataset_too_small` if a split would have photos of one label only;
 *   `dataset_invalid`, `output_unusable`.
 */
export async function relabelDataset(
  dataset: Dataset,
  labels: ReadonlyMap<number, Label>,
  out: string,
): Promise<string> {
  const photos = dataset.photos.map((photo) => ({ ...photo, label: labels.get(photo.profile) ?? photo.label }));
  const parts = countParts(photos);
  checkLabels(dataset.head, parts);
  const near = await nearWith(dataset, photos);
  await refuseTaken(out);
  let draft: string | undefined;
  try {
    await mkdir(dirname(out), { recursive: true });
    draft = await mkdtemp(join(dirname(out), `.${basename(out)}-`));
    const hashes = { ...dataset.head.sha256 };
    const shards = Math.ceil(dataset.head.photos / dataset.head.photosPerShard);
    const same = Array.from({ length: shards }, (_, shard) => shardName(shard));
    for (const name of [...same, DATASET_FILES.mean, DATASET_FILES.leftOut]) {
      await linkOrCopy(join(dataset.folder, name), join(draft, name));
    }
    const lists = {
      [DATASET_FILES.photos]: await linesOf(photos),
      [DATASET_FILES.nearAcrossLabels]: await linesOf(near),
    };
    for (const [name, pieces] of Object.entries(lists)) {
      await writeWhole(join(draft, name), pieces);
      hashes[name] = sha256OfPieces(pieces);
    }
    const head: DatasetHead = { ...dataset.head, parts, nearAcrossLabels: near.length, sha256: hashes };
    const text = `${JSON.stringify(head, null, 2)}\n`;
    await writeFile(join(draft, DATASET_FILES.head), text);
    await renameDurably(draft, out);
    return sha256(text);
  } catch (cause) {
    if (draft !== undefined) await rm(draft, { recursive: true, force: true });
    const code = systemCodeOf(cause);
    if (code === undefined || cause instanceof CommandError) throw cause;
    throw new CommandError('output_unusable', `can’t write ${out} (${code})`, { cause });
  }
}

/** A split that had photos of both labels must keep them: nothing could be learned or measured otherwise. */
function checkLabels(before: DatasetHead, parts: DatasetHead['parts']): void {
  for (const [part, counts] of Object.entries(parts)) {
    const had = before.parts[part as DatasetPhoto['part']];
    const gone = LABELS.find((label) => counts[label].photos === 0 && had[label].photos > 0);
    if (gone === undefined) continue;
    throw new CommandError('dataset_too_small', `with these labels, the ${part} set would have no ${gone} photo`);
  }
}

async function nearWith(dataset: Dataset, photos: readonly DatasetPhoto[]) {
  return (await readNearAcrossLabels(dataset)).flatMap(({ paths, like, nope }) => {
    const [a, b] = [photos[like]!.label, photos[nope]!.label];
    if (a === b) return [];
    return a === 'LIKE' ? [paths] : [{ like: paths.nope, nope: paths.like, bits: paths.bits }];
  });
}

async function refuseTaken(out: string): Promise<void> {
  const entries = await readdir(out).catch((error: unknown) => (systemCodeOf(error) === 'ENOENT' ? [] : ['a file']));
  if (entries.length > 0) throw new CommandError('dataset_exists', `there is already a dataset ${basename(out)}`);
}

/** Codes of systems and disks that have no hard links, or not between these folders. */
const WITHOUT_LINKS: readonly unknown[] = ['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES'];

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!WITHOUT_LINKS.includes(systemCodeOf(error))) throw error;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  }
}

/** Formats objects as lines of JSON, in pieces of bytes. */
async function linesOf(objects: readonly object[]): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for (let first = 0; first < objects.length; first += LINES_AT_ONCE) {
    await setImmediate();
    const some = objects.slice(first, first + LINES_AT_ONCE);
    pieces.push(Buffer.from(some.map((object) => `${JSON.stringify(object)}\n`).join('')));
  }
  return pieces;
}
