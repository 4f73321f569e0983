import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isPhotoError, systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import type { ResizeMode } from '@swipenet/shared/photo.ts';
import { CommandError } from '../../../command-error.ts';
import { writeWhole } from '../../../files/write-whole.ts';
import { decodePhoto } from '../../../image/decoding/decode.ts';
import { readPhotoFile } from '../../../image/files/read-photo-file.ts';
import type { GrayLevels } from '../../../image/photo-bytes.ts';
import type { DatasetHead } from '../dataset-format.ts';
import { inOrder } from '../in-order.ts';
import { BuildJournal, CHOOSE_ANOTHER, planOf } from './build-journal.ts';
import { type Contradiction, findContradictions, labelsContradict } from './contradictions.ts';
import { finishDataset, jsonLines, type NearPaths } from './finish-dataset.ts';
import { FACTS_VERSION, factsOf } from './photo-facts.ts';
import { type LeftOut, type PhotoFacts, Selection } from './selection.ts';
import { photosInShards, ShardWriter } from './shard-files.ts';
import { findSourcePhotos, type SourcePhoto, statPhotos } from './source-photos.ts';

/** What to build a dataset from, and how. */
export interface BuildOptions {
  readonly like: readonly string[];
  readonly nope: readonly string[];
  /** The folder to create. */
  readonly out: string;
  /** The size of the test set, in percent of the photos. 0 for none. */
  readonly testPercent: number;
  readonly resize: ResizeMode;
  readonly seed: number;
  /**
   * True if one label's photos were made from the other's. Photos that look alike, or have the same name below their
   * folders, then share a split.
   */
  readonly pairs: boolean;
  /** The number of photos to decode in parallel. */
  readonly workers: number;
  /** Called during the work: with photos read so far, then with photos included in the mean so far. */
  readonly onProgress?: (phase: 'photos' | 'mean', done: number, total: number) => void;
  /** Called as soon as it is known which files are left out, even if too few photos remain for a dataset. */
  readonly onLeftOut?: (leftOut: readonly LeftOut[]) => void;
  /** Called before the build is rejected, with the photos that are under both labels. */
  readonly onContradictions?: (contradictions: readonly Contradiction[]) => void;
}

/** The result of a build. */
export interface BuiltDataset {
  readonly head: DatasetHead;
  readonly leftOut: readonly LeftOut[];
  readonly nearAcrossLabels: readonly NearPaths[];
  /** The number of files that an interrupted build had already read. */
  readonly resumed: number;
}

/**
 * Builds a dataset. Decodes every photo once, with serving's own decoder, into 256 × 256 gray levels. Leaves out
 * unusable photos and records the reason. The random seed splits the profiles. Works in `OUT.building` and renames it
 * at the end, so a folder is either a complete dataset or none. An interrupted build resumes where it stopped and gives
 * the same bytes. A rejected build leaves nothing behind, except the list `OUT.contradictions.jsonl` if there are any.
 *
 * @throws CommandError `path_missing`, `path_without_photos`, `dataset_exists`, `dataset_too_small`,
 *   `labels_contradict`, `output_unusable`.
 */
export async function buildDataset(options: BuildOptions): Promise<BuiltDataset> {
  const { like, nope, testPercent, resize, seed, pairs } = options;
  const out = resolve(options.out);
  const settings = { format: 1, testPercent, resize, seed, pairs } as const;
  await refuseExisting(out);
  const { photos, leftOut: notRead } = await findSourcePhotos({ LIKE: like, NOPE: nope });
  const stats = await statPhotos(photos);
  await refuseContradictions(out, await findContradictions(photos, stats, options.workers), options);
  const building = `${out}.building`;
  try {
    const draft = join(building, 'dataset');
    const journal = await BuildJournal.open(building, planOf({ ...settings, facts: FACTS_VERSION }, photos, stats));
    await mkdir(draft, { recursive: true });
    const selection = new Selection();
    const resumed = await replay(journal, selection, photos, draft);
    try {
      await addPhotos(photos, resumed, selection, journal, draft, options);
    } finally {
      await journal.close();
    }
    const leftOut = [...notRead, ...selection.leftOut];
    options.onLeftOut?.(leftOut);
    const finished = await finishDataset(draft, settings, selection, leftOut, options.onProgress);
    await rmdir(out).catch(() => {}); // replaces an empty folder
    await rename(draft, out);
    await rm(building, { recursive: true, force: true });
    return { ...finished, leftOut, resumed };
  } catch (error) {
    // Other photos or settings make another plan, so this work can't be resumed.
    if (isTooSmall(error)) await rm(building, { recursive: true, force: true });
    if (systemCodeOf(error) === undefined || error instanceof CommandError) throw error;
    throw unwritable(out, error);
  }
}

const unwritable = (path: string, cause: unknown) =>
  new CommandError('output_unusable', `can’t write ${path} (${systemCodeOf(cause)})`, { cause });

/** Rejects photos that are under both labels, and lists them beside the dataset's folder. Removes an earlier list. */
async function refuseContradictions(
  out: string,
  contradictions: readonly Contradiction[],
  { onContradictions }: BuildOptions,
): Promise<void> {
  const list = `${out}.contradictions.jsonl`;
  try {
    await rm(list, { force: true });
    if (contradictions.length === 0) return;
    onContradictions?.(contradictions);
    await mkdir(dirname(list), { recursive: true });
    await writeWhole(list, jsonLines(contradictions));
  } catch (error) {
    throw unwritable(list, error);
  }
  throw labelsContradict(contradictions, list);
}

const isTooSmall = (error: unknown) => error instanceof CommandError && error.code === 'dataset_too_small';

async function refuseExisting(out: string): Promise<void> {
  const entries = await readdir(out).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw new CommandError('dataset_exists', `can’t use ${out} as the dataset’s folder (${systemCodeOf(error)})`, {
      cause: error,
    });
  });
  if (entries.length > 0) throw new CommandError('dataset_exists', `${out} is not empty. ${CHOOSE_ANOTHER}`);
}

/** Replays the results of an earlier build, up to the last photo whose pixels are there. Returns the number of files. */
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

/** Reads the files from number `from` on in parallel, and adds them in order. */
async function addPhotos(
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
    for await (const { facts, pixels } of inOrder(photos.slice(from), workers, ({ path }) => readFacts(path, resize))) {
      if (selection.take(photos[count]!, facts)) await shards.append(pixels!);
      await journal.append(facts);
      count += 1;
      onProgress?.('photos', count, photos.length);
    }
  } finally {
    await shards.close();
  }
}

async function readFacts(path: string, resize: ResizeMode): Promise<{ facts: PhotoFacts; pixels?: GrayLevels }> {
  try {
    const bytes = await readPhotoFile(path);
    const pixels = await decodePhoto(bytes, resize);
    return { facts: factsOf(bytes, pixels), pixels };
  } catch (error) {
    if (isPhotoError(error)) return { facts: { error: { code: error.code, message: error.message } } };
    throw error;
  }
}
