import { constants } from 'node:fs';
import { copyFile, link, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { LABELS, type Label } from '@swipenet/shared/confidence.ts';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../../command-error.ts';
import { diskReason } from '../../files/disk-reason.ts';
import { sha256, sha256OfPieces } from '../../files/sha256.ts';
import { renameDurably, writeWhole } from '../../files/write-whole.ts';
import type { LeftOut, LeftOutReason } from './build/selection.ts';
import { type Dataset, placeCount, placesOf, readChecked } from './dataset.ts';
import { DATASET_FILES, type DatasetHead, type DatasetPhoto, PHOTO_BYTES, shardName } from './dataset-format.ts';
import { nearLinesOf, readNearPairs } from './near-pairs.ts';
import { countParts } from './part-counts.ts';

/** How many lines of the index are written in a row, so that a server stays responsive. */
const LINES_AT_ONCE = 2_000;

/** What to change in a dataset. */
export interface Revision {
  /** The profiles to relabel, by number, and their new labels. */
  readonly labels: ReadonlyMap<number, Label>;
  /** The numbers of the photos to leave out. */
  readonly dropped: ReadonlySet<number>;
}

/**
 * Makes a dataset with other labels or fewer photos, and leaves the old one as it is. Photos keep their splits. The shards
 * are hard links where the disk has them, and copies elsewhere, so a dropped photo's pixels stay there, in a place that is
 * skipped. Of two photos that look alike, both stay unless one is dropped, also if their labels are the same now.
 *
 * @param out the folder to create. It is there as a whole, or not at all.
 * @returns the new dataset's ID.
 * @throws CommandError `dataset_exists`; `dataset_too_small` if a split would have photos of one label only;
 *   `dataset_invalid`, `output_unusable`.
 */
export async function reviseDataset(dataset: Dataset, { labels, dropped }: Revision, out: string): Promise<string> {
  const relabeled = dataset.photos.map((photo) => ({ ...photo, label: labels.get(photo.profile) ?? photo.label }));
  const photos = relabeled.filter((_, number) => !dropped.has(number));
  await setImmediate(); // each of these steps takes a while with 151,081 photos
  const parts = countParts(photos);
  await setImmediate();
  checkLabels(dataset.head, parts);
  const remaining = (await readNearPairs(dataset)).filter(
    ({ left, right }) => !dropped.has(left) && !dropped.has(right),
  );
  const near = nearLinesOf(relabeled, remaining);
  const droppedPhotos = relabeled.filter((_, number) => dropped.has(number));
  await refuseTaken(out);
  let draft: string | undefined;
  try {
    await mkdir(dirname(out), { recursive: true });
    draft = await mkdtemp(join(dirname(out), `.${basename(out)}-`));
    const { [DATASET_FILES.nearWithinLabels]: _old, ...hashes } = dataset.head.sha256;
    const shards = Math.ceil(placeCount(dataset.head) / dataset.head.photosPerShard);
    const same = Array.from({ length: shards }, (_, shard) => shardName(shard));
    if (dropped.size === 0) same.push(DATASET_FILES.mean, DATASET_FILES.leftOut);
    for (const name of same) await linkOrCopy(join(dataset.folder, name), join(draft, name));
    const files = {
      [DATASET_FILES.photos]: await linesOf(photos),
      [DATASET_FILES.nearAcrossLabels]: await linesOf(near.across),
      ...(near.within.length > 0 && { [DATASET_FILES.nearWithinLabels]: await linesOf(near.within) }),
      ...(dropped.size > 0 && {
        [DATASET_FILES.mean]: [await meanWithout(dataset, dropped)],
        [DATASET_FILES.leftOut]: [
          await readChecked(dataset.folder, DATASET_FILES.leftOut, dataset.head),
          ...(await linesOf(droppedPhotos.map(leftOutOf))),
        ],
      }),
    };
    for (const [name, pieces] of Object.entries(files)) {
      await writeWhole(join(draft, name), pieces);
      hashes[name] = sha256OfPieces(pieces);
    }
    const head: DatasetHead = {
      ...dataset.head,
      ...{ photos: photos.length, parts, nearAcrossLabels: near.across.length, sha256: hashes },
      ...(dropped.size > 0 && {
        leftOut: { ...dataset.head.leftOut, [DROPPED]: (dataset.head.leftOut[DROPPED] ?? 0) + dropped.size },
        droppedPlaces: placesWith(dataset.head, dropped),
      }),
    };
    const text = `${JSON.stringify(head, null, 2)}\n`;
    await writeFile(join(draft, DATASET_FILES.head), text);
    await renameDurably(draft, out);
    return sha256(text);
  } catch (cause) {
    if (draft !== undefined) await rm(draft, { recursive: true, force: true });
    const code = systemCodeOf(cause);
    if (code === undefined || cause instanceof CommandError) throw cause;
    throw new CommandError('output_unusable', `can’t write ${out} (${diskReason(cause)})`, { cause });
  }
}

/** A split that had photos of both labels must keep them: nothing could be learned or measured otherwise. */
function checkLabels(before: DatasetHead, parts: DatasetHead['parts']): void {
  for (const [part, counts] of Object.entries(parts)) {
    const had = before.parts[part as DatasetPhoto['part']];
    const gone = LABELS.find((label) => counts[label].photos === 0 && had[label].photos > 0);
    if (gone === undefined) continue;
    throw new CommandError('dataset_too_small', `with these changes, the ${part} set would have no ${gone} photo`);
  }
}

/** The reason in `left-out.jsonl`. */
const DROPPED = 'dropped' satisfies LeftOutReason;

const leftOutOf = ({ path, label }: DatasetPhoto): LeftOut => ({
  ...{ path, label, reason: DROPPED },
  message: 'a person has dropped it',
});

/** Returns all places in the shards that are to be skipped, ascending. */
function placesWith(head: DatasetHead, dropped: ReadonlySet<number>): number[] {
  const places = placesOf(head);
  return [...(head.droppedPlaces ?? []), ...[...dropped].map((number) => places[number]!)].toSorted((a, b) => a - b);
}

/**
 * Returns the mean of the training set without some photos, as the bytes of `mean.f32`. Only those photos are read: the sum
 * of the others is what remains of the mean times the number of photos. Sums are integers, so up to 32,896 photos the
 * result is exact. With more, it may be off by one unit in the last place of a float32.
 */
async function meanWithout(dataset: Dataset, dropped: ReadonlySet<number>): Promise<Uint8Array> {
  const training = dataset.numbersOf('training');
  const gone = training.filter((number) => dropped.has(number));
  const sums = Float64Array.from(dataset.mean, (mean) => Math.round(mean * training.length));
  const photo = new Uint8Array(PHOTO_BYTES);
  for (const number of gone) {
    await dataset.readPhoto(number, photo);
    for (let at = 0; at < PHOTO_BYTES; at += 1) sums[at]! -= photo[at]!;
  }
  const left = training.length - gone.length;
  return new Uint8Array(Float32Array.from(sums, (sum) => sum / left).buffer);
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
