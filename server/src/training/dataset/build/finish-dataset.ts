import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DECODED_SIZE } from '@swipenet/shared/photo.ts';
import { sha256 } from '../../../files/sha256.ts';
import {
  DATASET_FILES,
  type DatasetHead,
  type DatasetPhoto,
  datasetHeadSchema,
  type Part,
  PHOTO_BYTES,
  PHOTOS_PER_SHARD,
  photoId,
  shardName,
} from '../dataset-format.ts';
import { countParts } from '../part-counts.ts';
import type { LeftOut, Selection } from './selection.ts';
import { type LinkedPair, splitProfiles } from './split.ts';

/** The paths of two photos that look alike but have different labels. */
export interface NearPaths {
  readonly like: string;
  readonly nope: string;
  readonly bits: number;
}

/** How profiles are assigned to splits: by splitting all of them, or as decided before their photos were made. */
export type SplitPlan = { readonly testPercent: number } | { readonly parts: ReadonlyMap<number, Part> };

/**
 * Completes a dataset whose shards are written. Splits it, writes the index and the lists, computes the mean image of
 * the training set (with one shard in memory at a time), and finally writes `dataset.json` with the hash of each file.
 *
 * @throws CommandError `dataset_too_small`.
 */
export async function finishDataset(
  folder: string,
  settings: Pick<DatasetHead, 'resize' | 'seed' | 'pairs'> & SplitPlan,
  selection: Pick<Selection, 'kept' | 'nearAcrossLabels'>,
  leftOut: readonly LeftOut[],
  onProgress?: (phase: 'mean', done: number, total: number) => void,
): Promise<{ head: DatasetHead; nearAcrossLabels: NearPaths[] }> {
  const { kept } = selection;
  const nearAcrossLabels = selection.nearAcrossLabels.map(({ like, nope, bits }) => {
    return { like: kept[like]!.path, nope: kept[nope]!.path, bits };
  });
  const hashes: Record<string, string> = {};
  const write = async (name: string, content: string | Uint8Array) => {
    await writeFile(join(folder, name), content);
    hashes[name] = sha256(content);
  };
  await write(DATASET_FILES.leftOut, jsonLines(leftOut));
  await write(DATASET_FILES.nearAcrossLabels, jsonLines(nearAcrossLabels));
  const { seed, pairs, resize } = settings;
  const linked = pairs ? [...selection.nearAcrossLabels, ...sameNames(kept)] : [];
  const parts =
    'parts' in settings ? settings.parts : splitProfiles(kept, { seed, testPercent: settings.testPercent, linked });
  const photos = kept.map(({ path, label, profile, sha256: hash }): DatasetPhoto => {
    return { id: photoId(hash), label, part: parts.get(profile)!, profile, path };
  });
  await write(DATASET_FILES.photos, jsonLines(photos));
  const mean = new MeanImage();
  for (let first = 0; first < photos.length; first += PHOTOS_PER_SHARD) {
    const name = shardName(first / PHOTOS_PER_SHARD);
    hashes[name] = await addShard(mean, join(folder, name), photos.slice(first, first + PHOTOS_PER_SHARD));
    onProgress?.('mean', Math.min(first + PHOTOS_PER_SHARD, photos.length), photos.length);
  }
  await write(DATASET_FILES.mean, new Uint8Array(mean.levels().buffer));
  const head = datasetHeadSchema.parse({
    format: 1,
    side: DECODED_SIZE,
    resize,
    seed,
    pairs,
    photos: photos.length,
    photosPerShard: PHOTOS_PER_SHARD,
    parts: countParts(photos),
    leftOut: countReasons(leftOut),
    nearAcrossLabels: nearAcrossLabels.length,
    sha256: hashes,
  });
  await writeFile(join(folder, DATASET_FILES.head), `${JSON.stringify(head, null, 2)}\n`);
  return { head, nearAcrossLabels };
}

/** Adds a shard's training photos to the mean and returns the shard's SHA-256. Reads the whole shard (256 MiB). */
async function addShard(mean: MeanImage, path: string, photos: readonly { readonly part: Part }[]): Promise<string> {
  const bytes = await readFile(path);
  for (const [index, { part }] of photos.entries()) {
    if (part === 'training') mean.add(bytes.subarray(index * PHOTO_BYTES, (index + 1) * PHOTO_BYTES));
  }
  return sha256(bytes);
}

/** Computes the exact mean of gray images: integer sums, divided once. */
class MeanImage {
  /** Holds up to 16 million photos. */
  readonly #sums = new Uint32Array(PHOTO_BYTES);
  #count = 0;

  add(photo: Uint8Array): void {
    for (let at = 0; at < PHOTO_BYTES; at += 1) this.#sums[at]! += photo[at]!;
    this.#count += 1;
  }

  /** Returns the mean, `[256, 256]`. */
  levels(): Float32Array<ArrayBuffer> {
    return Float32Array.from(this.#sums, (sum) => sum / this.#count);
  }
}

/** Returns pairs of kept photos with different labels but the same name below their folders. */
function sameNames(kept: Selection['kept']): LinkedPair[] {
  const nopes = new Map(kept.flatMap(({ label, name }, number) => (label === 'NOPE' ? [[name, number] as const] : [])));
  return kept.flatMap(({ label, name }, like) => {
    const nope = nopes.get(name);
    return label === 'LIKE' && nope !== undefined ? [{ nope, like }] : [];
  });
}

function countReasons(leftOut: readonly LeftOut[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reason } of leftOut) counts[reason] = (counts[reason] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Formats objects as one line of JSON each. */
export const jsonLines = (lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
