import { LABELS } from '@swipenet/shared/confidence.ts';
import { DECODED_SIZE, RESIZE_MODES } from '@swipenet/shared/photo.ts';
import * as z from 'zod';

/** The parts of a data set, in the order in which they are told. `test` is empty unless it was asked for. */
export const PARTS = ['training', 'validation', 'test'] as const;

/** See {@link PARTS}. */
export type Part = (typeof PARTS)[number];

/** Bytes of one photo in a shard: `[256, 256]` gray levels in rows. */
export const PHOTO_BYTES = DECODED_SIZE * DECODED_SIZE;

/** Photos in every shard but the last: files of 256 MiB, which copy and check well. */
export const PHOTOS_PER_SHARD = 4096;

/** The files of a data set's folder; beside them `shard-00000.gray` and on. */
export const DATASET_FILES = {
  head: 'dataset.json',
  photos: 'photos.jsonl',
  mean: 'mean.f32',
  leftOut: 'left-out.jsonl',
  nearAcrossLabels: 'near-across-labels.jsonl',
} as const;

/** The name of a shard by its number. */
export const shardName = (shard: number) => `shard-${String(shard).padStart(5, '0')}.gray`;

const count = z.int().min(0);
const classCountSchema = z.strictObject({ photos: count, profiles: count });
const partCountsSchema = z.strictObject({ NOPE: classCountSchema, LIKE: classCountSchema });

/** The head of a data set, `dataset.json`: how it was made and what is in it. It holds no time and no machine's name. */
export const datasetHeadSchema = z.strictObject({
  /** The version of the format. */
  format: z.literal(1),
  side: z.literal(DECODED_SIZE),
  resize: z.enum(RESIZE_MODES),
  seed: z.int(),
  pairs: z.boolean(),
  /** Photos of all parts together. */
  photos: count,
  photosPerShard: z.int().min(1),
  parts: z.strictObject({ training: partCountsSchema, validation: partCountsSchema, test: partCountsSchema }),
  /** How many files were left out, by reason; `left-out.jsonl` names each. */
  leftOut: z.record(z.string(), count),
  /** Pairs of photos that look alike and have different labels; `near-across-labels.jsonl` names them. */
  nearAcrossLabels: count,
  /** SHA-256 of every other file, in hex, by its name. */
  sha256: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});

/** See {@link datasetHeadSchema}. */
export type DatasetHead = z.infer<typeof datasetHeadSchema>;

/** Photos and profiles of each class. */
export type PartCounts = z.infer<typeof partCountsSchema>;

/**
 * One line of `photos.jsonl`. The photo of line `i` is photo `i`: number `i % photosPerShard` of shard
 * `⌊i / photosPerShard⌋`.
 */
export const datasetPhotoSchema = z.strictObject({
  /** The first 16 hex digits of the SHA-256 of the photo's file: what reports call it by. */
  id: z.string().regex(/^[0-9a-f]{16}$/),
  label: z.enum(LABELS),
  part: z.enum(PARTS),
  /** Number of its profile; a profile has one label and is in one part. */
  profile: count,
  /** Where its file was, as it was named to `dataset build`. */
  path: z.string(),
});

/** See {@link datasetPhotoSchema}. */
export type DatasetPhoto = z.infer<typeof datasetPhotoSchema>;
