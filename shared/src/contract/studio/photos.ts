import * as z from 'zod/mini';
import { LABELS } from '../../confidence.ts';
import { PARTS } from './datasets.ts';

/** The most photos whose facts one request may ask for. */
export const MOST_FACTS = 64;

/** The largest list of photos' numbers that a request may send, in bytes: a million photos. */
export const MAX_NUMBERS_BYTES = 4_000_000;

/** Which photos to show, besides those of a label, a split and a profile. */
export const PHOTO_CHOICES = ['all', 'suspected', 'near', 'changed'] as const;

export type PhotoChoice = (typeof PHOTO_CHOICES)[number];

/**
 * The query of `GET /v1/studio/datasets/:dataset/numbers`. The response has the numbers of the photos that match, as
 * uint32 in little-endian order. `suspected` lists the photos whose labels fit worst first, and `near` lists pairs one
 * after the other, LIKE first. `changed` lists photos with another label, and dropped ones. Labels are those in the dataset, not the changed ones.
 */
export const photoFilterSchema = z.object({
  label: z.optional(z.enum(LABELS)),
  part: z.optional(z.enum(PARTS)),
  profile: z.optional(z.string().check(z.regex(/^\d{1,9}$/))),
  show: z.optional(z.enum(PHOTO_CHOICES)),
});

export type PhotoFilter = z.infer<typeof photoFilterSchema>;

const countSchema = z.int().check(z.gte(0));

/** What a dataset says about a photo. */
export const photoFactsSchema = z.object({
  number: countSchema,
  /** The first 16 hex digits of the SHA-256 of its file. */
  id: z.string(),
  /** Its label in the dataset. */
  label: z.enum(LABELS),
  part: z.enum(PARTS),
  profile: countSchema,
  /** The number of photos in its profile, which share a label. */
  inProfile: countSchema,
  path: z.string(),
  /** The LIKE confidence of a model that didn't see its profile, or null before labels were checked. */
  like: z.nullable(z.number()),
});

export type PhotoFacts = z.infer<typeof photoFactsSchema>;

/** The response of `GET /v1/studio/datasets/:dataset/photos`, in the order of the question. */
export const photosFactsSchema = z.object({ photos: z.array(photoFactsSchema) });

export type PhotosFacts = z.infer<typeof photosFactsSchema>;

/** The numbers of two photos, the lower one first. */
export const twoPhotosSchema = z
  .tuple([countSchema, countSchema])
  .check(z.refine(([lower, higher]) => lower < higher, 'the lower number comes first'));

export type TwoPhotos = z.infer<typeof twoPhotosSchema>;

/** Returns a text that only the same two photos have, because sets can't compare pairs. */
export const pairKey = ([lower, higher]: TwoPhotos): string => `${lower} ${higher}`;

/**
 * The response of `GET /v1/studio/datasets/:dataset/draft`: the profiles whose label was changed, by their new label, the
 * numbers of the photos to leave out of the next version, and the look-alikes that a person has judged and keeps both of.
 */
export const labelDraftSchema = z.object({
  LIKE: z.array(countSchema),
  NOPE: z.array(countSchema),
  dropped: z._default(z.array(countSchema), []),
  keptPairs: z._default(z.array(twoPhotosSchema), []),
});

export type LabelDraft = z.infer<typeof labelDraftSchema>;

/**
 * The response of `POST /v1/studio/datasets/:dataset/draft?label=NOPE`, whose body has photos' numbers like the response
 * of `numbers`. `changed` has one photo of each profile that had the other label, which is what undoing needs.
 */
export const relabeledSchema = z.object({ changed: z.array(countSchema) });

export type Relabeled = z.infer<typeof relabeledSchema>;

/** The most photos or pairs in each list of a request that drops and keeps photos. */
export const MOST_DROPS = 64;

const dropsSchema = z.array(countSchema).check(z.maxLength(MOST_DROPS));
const pairsSchema = z.array(twoPhotosSchema).check(z.maxLength(MOST_DROPS));

/**
 * The body of `POST /v1/studio/datasets/:dataset/drops`. A photo in both `drop` and `keep` is kept, and a pair in both
 * `keepPairs` and `reopenPairs` isn't judged. The response has what it changed, which is what undoing needs.
 */
export const photoDropsSchema = z.strictObject({
  /** The numbers of photos to leave out of the next version. */
  drop: dropsSchema,
  /** The numbers of photos not to leave out. */
  keep: dropsSchema,
  /** Look-alikes that a person keeps both of. That drops or keeps no photo by itself. */
  keepPairs: pairsSchema,
  /** Look-alikes of which that isn't so anymore. */
  reopenPairs: pairsSchema,
});

export type PhotoDrops = z.infer<typeof photoDropsSchema>;

/** The most pairs in a response. */
export const MOST_PAIRS = 10_000;

/** The numbers of two photos that look alike. */
export const photoPairSchema = z.object({
  /** The photo labeled LIKE, if their labels differ. */
  left: countSchema,
  right: countSchema,
  /** The number of bits of their 64-bit perceptual hashes that differ. */
  bits: countSchema,
});

export type PhotoPair = z.infer<typeof photoPairSchema>;

/**
 * The response of `GET /v1/studio/datasets/:dataset/pairs`. Pairs in different splits come first, and then those with
 * different labels; the most alike first. Labels are those in the dataset, not the changed ones.
 */
export const photoPairsSchema = z.object({
  pairs: z.array(photoPairSchema),
  /** The number of pairs in the dataset, of which the response has the first 10,000. */
  total: countSchema,
  /** The number of pairs in different splits. */
  acrossSplits: countSchema,
  /** The number of pairs with different labels. */
  acrossLabels: countSchema,
});

export type PhotoPairs = z.infer<typeof photoPairsSchema>;

/** The names that a dataset can have. A pattern of an input may not have a bare dash in brackets (the flag `v`). */
export const DATASET_NAME = /^[a-z0-9](?:[a-z0-9._]|-){0,63}$/;

/** The body of `POST /v1/studio/datasets/:dataset/versions`. */
export const newVersionSchema = z.strictObject({ name: z.string().check(z.regex(DATASET_NAME)) });

/** The response of a request that makes a dataset: its ID. */
export const datasetMadeSchema = z.object({ id: z.string() });

export type DatasetMade = z.infer<typeof datasetMadeSchema>;

/** How far the search for wrong labels is. */
export const labelCheckSchema = z.object({
  state: z.enum(['none', 'running', 'done', 'failed']),
  /** What it is doing, or why it failed. */
  words: z.string(),
  done: countSchema,
  total: countSchema,
});

export type LabelCheck = z.infer<typeof labelCheckSchema>;

/** The state of the changes to a dataset, and of the search for wrong ones. */
export const datasetReviewSchema = z.object({
  dataset: z.string(),
  /** The number of profiles whose label was changed. */
  changed: countSchema,
  /** The number of photos that the next version leaves out. */
  dropped: countSchema,
  /** Changes whenever the draft does. */
  revision: z.string(),
  check: labelCheckSchema,
});

export type DatasetReview = z.infer<typeof datasetReviewSchema>;

/** Reviews of the datasets that have any, and the response to a change of one. */
export const datasetReviewsSchema = z.object({ reviews: z.array(datasetReviewSchema) });

export type DatasetReviews = z.infer<typeof datasetReviewsSchema>;
