import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isPhotoError, systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import type { ResizeMode } from '@swipenet/shared/photo.ts';
import { CommandError } from '../../../command-error.ts';
import { decodePhoto } from '../../../image/decode.ts';
import type { GrayLevels } from '../../../image/photo-bytes.ts';
import { readPhotoFile } from '../../../image/read-photo-file.ts';
import type { DatasetHead } from '../dataset-format.ts';
import { inOrder } from '../in-order.ts';
import { BuildJournal, planOf } from './build-journal.ts';
import { refuseContradictions } from './contradictions.ts';
import { finishDataset, type NearPaths } from './finish-dataset.ts';
import { factsOf } from './photo-facts.ts';
import { type LeftOut, type PhotoFacts, Selection } from './selection.ts';
import { photosInShards, ShardWriter } from './shard-files.ts';
import { findSourcePhotos, type SourcePhoto, statPhotos } from './source-photos.ts';

/** What a data set is made of and how. */
export interface BuildOptions {
  readonly like: readonly string[];
  readonly nope: readonly string[];
  /** The folder to make. */
  readonly out: string;
  /** Percent of the photos for a third part; 0 for none. */
  readonly testPercent: number;
  readonly resize: ResizeMode;
  readonly seed: number;
  /** True when one label's photos were made from the other's: what looks alike, or has the same name below its folder, then shares a part. */
  readonly pairs: boolean;
  /** Photos that are decoded side by side. */
  readonly workers: number;
  /** Told as the work goes on: photos looked at, then photos that the mean has taken in. */
  readonly onProgress?: (phase: 'photos' | 'mean', done: number, total: number) => void;
  /** Told what was left out as soon as it is known: also where too little is left for a data set. */
  readonly onLeftOut?: (leftOut: readonly LeftOut[]) => void;
}

/** A data set that was built. */
export interface BuiltDataset {
  readonly head: DatasetHead;
  readonly leftOut: readonly LeftOut[];
  readonly nearAcrossLabels: readonly NearPaths[];
  /** Files that an interrupted build had looked at already. */
  readonly resumed: number;
}

/**
 * Builds a data set: every photo decoded once, through serving's own decoder, into 256 × 256 gray levels; what cannot be
 * used left out with its reason; profiles split by the seed. Works in `OUT.building` and renames when all is there, so a
 * folder is a whole data set or none. An interrupted build goes on where it was, and ends in the same bytes; of one that is
 * refused nothing stays.
 *
 * @throws CommandError `path_missing`, `path_without_photos`, `dataset_exists`, `dataset_too_small`,
 *   `labels_contradict`, `output_unusable`.
 */
export async function buildDataset(options: BuildOptions): Promise<BuiltDataset> {
  const { like, nope, testPercent, resize, seed, pairs } = options;
  const out = resolve(options.out);
  const settings = { format: 1, testPercent, resize, seed, pairs } as const;
  await refuseExisting(out);
  const { photos, skipped } = await findSourcePhotos({ LIKE: like, NOPE: nope });
  const stats = await statPhotos(photos);
  await refuseContradictions(photos, stats);
  const building = `${out}.building`;
  try {
    const draft = join(building, 'dataset');
    const journal = await BuildJournal.open(building, planOf(settings, photos, stats));
    await mkdir(draft, { recursive: true });
    const selection = new Selection();
    const resumed = await replay(journal, selection, photos, draft);
    try {
      await takeIn(photos, resumed, selection, journal, draft, options);
    } finally {
      await journal.close();
    }
    const leftOut = [
      ...skipped.map((file) => ({ ...file, reason: 'no_photo_by_name' as const, message: 'no photo by its name' })),
      ...selection.leftOut,
    ];
    options.onLeftOut?.(leftOut);
    const finished = await finishDataset(draft, settings, selection, leftOut, options.onProgress);
    await rmdir(out).catch(() => {}); // an empty folder may be in its place
    await rename(draft, out);
    await rm(building, { recursive: true, force: true });
    return { ...finished, leftOut, resumed };
  } catch (error) {
    // More photos or other settings are another plan: nothing there can be gone on with.
    if (isTooSmall(error)) await rm(building, { recursive: true, force: true });
    if (systemCodeOf(error) === undefined || error instanceof CommandError) throw error;
    throw new CommandError('output_unusable', `${out} cannot be written (${systemCodeOf(error)})`, { cause: error });
  }
}

const isTooSmall = (error: unknown) => error instanceof CommandError && error.code === 'dataset_too_small';

async function refuseExisting(out: string): Promise<void> {
  const entries = await readdir(out).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw new CommandError('dataset_exists', `${out} is no folder that could become a data set`, { cause: error });
  });
  if (entries.length > 0) throw new CommandError('dataset_exists', `${out} is not empty; nothing is overwritten`);
}

/** Takes in what an earlier build found out, as far as its pixels are there too. */
async function replay(
  journal: BuildJournal,
  selection: Selection,
  photos: readonly SourcePhoto[],
  draft: string,
): Promise<number> {
  const withPixels = await photosInShards(draft);
  let count = 0;
  for (const facts of journal.earlier) {
    if (selection.kept.length === withPixels && 'sha256' in facts) break;
    selection.take(photos[count]!, facts);
    count += 1;
  }
  await journal.continueAfter(count);
  return count;
}

/** Looks at the files from number `from` on, side by side, and takes them in, in order. */
async function takeIn(
  photos: readonly SourcePhoto[],
  from: number,
  selection: Selection,
  journal: BuildJournal,
  draft: string,
  { resize, workers, onProgress }: BuildOptions,
): Promise<void> {
  const shards = await ShardWriter.open(draft, selection.kept.length);
  try {
    let count = from;
    onProgress?.('photos', count, photos.length);
    for await (const { facts, pixels } of inOrder(photos.slice(from), workers, ({ path }) => lookAt(path, resize))) {
      if (selection.take(photos[count]!, facts)) await shards.append(pixels!);
      await journal.append(facts);
      count += 1;
      onProgress?.('photos', count, photos.length);
    }
  } finally {
    await shards.close();
  }
}

async function lookAt(path: string, resize: ResizeMode): Promise<{ facts: PhotoFacts; pixels?: GrayLevels }> {
  try {
    const bytes = await readPhotoFile(path);
    const pixels = await decodePhoto(bytes, resize);
    return { facts: factsOf(bytes, pixels), pixels };
  } catch (error) {
    if (isPhotoError(error)) return { facts: { error: { code: error.code, message: error.message } } };
    throw error;
  }
}
