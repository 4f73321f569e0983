import { LABELS } from '@swipenet/shared/confidence.ts';
import { PARTS } from '@swipenet/shared/contract/studio/datasets.ts';
import { DECODED_SIZE, RESIZE_MODES } from '@swipenet/shared/photo.ts';
import * as z from 'zod';

/** The splits of a dataset, in the order of output. `test` is empty unless `dataset build --test` asked for it. */
export { PARTS, type Part } from '@swipenet/shared/contract/studio/datasets.ts';

/** The size of a photo in a shard, in bytes: `[256, 256]` gray levels. */
export const PHOTO_BYTES = DECODED_SIZE * DECODED_SIZE;

/** The number of photos in every shard except the last. It makes files of 256 MiB, which are easy to copy and check. */
export const PHOTOS_PER_SHARD = 4096;

/** The files in a dataset's folder, besides its shards (`shard-00000.gray` and so on). */
export const DATASET_FILES = {
  head: 'dataset.json',
  photos: 'photos.jsonl',
  mean: 'mean.f32',
  leftOut: 'left-out.jsonl',
  nearAcrossLabels: 'near-across-labels.jsonl',
  /** Only in a revised dataset: look-alikes that got the same label. A build leaves the second of them out. */
  nearWithinLabels: 'near-within-labels.jsonl',
} as const;

/** Returns a photo's ID from the SHA-256 of its file, in hex. */
export const photoId = (sha256: string) => sha256.slice(0, 16);

/** Returns the file name of a shard. */
export const shardName = (shard: number) => `shard-${String(shard).padStart(5, '0')}.gray`;

const count = z.int().min(0);
const classCountSchema = z.strictObject({ photos: count, profiles: count });
const partCountsSchema = z.strictObject({ NOPE: classCountSchema, LIKE: classCountSchema });

/** The schema of `dataset.json`: how the dataset was made and what it contains. It has no timestamps or host names. */
export const datasetHeadSchema = z.strictObject({
  /** The format version. */
  format: z.literal(1),
  side: z.literal(DECODED_SIZE),
  resize: z.enum(RESIZE_MODES),
  seed: z.int(),
  pairs: z.boolean(),
  /** The number of photos in all splits. */
  photos: count,
  photosPerShard: z.int().min(1),
  parts: z.strictObject({ training: partCountsSchema, validation: partCountsSchema, test: partCountsSchema }),
  /** The number of files that were left out, by reason. `left-out.jsonl` lists them. */
  leftOut: z.record(z.string(), count),
  /** The number of pairs that look alike under different labels. `near-across-labels.jsonl` lists them. */
  nearAcrossLabels: count,
  /**
   * The places in the shards whose photos a person has dropped, ascending. Shards are shared with older versions of the
   * dataset, so the pixels stay. Absent if no photo was dropped.
   */
  droppedPlaces: z.array(count).min(1).optional(),
  /** The SHA-256 of every other file by name, in hex. */
  sha256: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});

export type DatasetHead = z.infer<typeof datasetHeadSchema>;

/**
 * One line of `photos.jsonl`. Line `i`, counting from 0, describes photo `i`. Its pixels are at place `i` of the shards,
 * not counting dropped places. Place `p` is number `p % photosPerShard` of shard `⌊p / photosPerShard⌋`.
 */
export const datasetPhotoSchema = z.strictObject({
  /** The first 16 hex digits of the SHA-256 of the photo's file. Reports use this ID. */
  id: z.string().regex(/^[0-9a-f]{16}$/),
  label: z.enum(LABELS),
  part: z.enum(PARTS),
  /** The number of its profile. A profile has one label and is in one split. */
  profile: count,
  /** The path of its file, as `dataset build` saw it. */
  path: z.string(),
});

export type DatasetPhoto = z.infer<typeof datasetPhotoSchema>;
