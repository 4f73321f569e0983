import * as z from 'zod/mini';
import { LABELS } from '../confidence.ts';
import { decisionSchema } from '../decision-schemas.ts';
import { fractionSchema } from '../fraction.ts';
import { EVIDENCE_SIDE } from '../photo.ts';
import { PRIORITIES } from '../priority.ts';
import { codesOf, photoErrorSchema } from './errors.ts';
import { photoCountSchema } from './photo-count.ts';

/** The limits of one score request. */
export const SCORE_LIMITS = {
  /** The number of photos per request. */
  maxPhotos: 20,
  /** The size of a photo, in bytes. */
  maxPhotoBytes: 10_000_000,
  /** The size of a text field (`threshold`, `photoCount`, `priority`, `learn`), in bytes. */
  maxFieldBytes: 64,
} as const;

export type Priority = (typeof PRIORITIES)[number];

/** The text fields of the multipart form. It also has one or more `photo` parts. */
export const scoreFieldSchemas = {
  /** The minimum confidence for a LIKE, from 0 to 1. It replaces the threshold of the model's rule. */
  threshold: z.pipe(
    z.string().check(z.regex(/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i)),
    z.pipe(z.transform(Number), fractionSchema),
  ),
  /** How many photos the profile has: at least 1, and at least as many as the request sends. */
  photoCount: z.pipe(z.string().check(z.regex(/^\d{1,6}$/)), z.pipe(z.transform(Number), photoCountSchema)),
  priority: z.enum(PRIORITIES),
  /** `1` keeps the features of the photos for a swipe of this profile, see swipes.ts. */
  learn: z.enum(['0', '1']),
} as const;

export type ScoreField = keyof typeof scoreFieldSchemas;

/** The class activation map of LIKE − NOPE, 7 rows of 7 logits: how strongly each part of the photo suggests LIKE. */
const evidenceSchema = z.array(z.array(z.number()).check(z.length(EVIDENCE_SIDE))).check(z.length(EVIDENCE_SIDE));

/** The result for one photo: its confidence, or what is wrong with it. */
const photoScoreSchema = z.union([
  z.object({
    /** The photo's position in the request, starting at 0. */
    index: z.int().check(z.gte(0)),
    /** The LIKE confidence, from 0 to 1. */
    like: fractionSchema,
    /** LIKE if the confidence is at or above the threshold. It is what a profile of only this photo would be. */
    label: z.enum(LABELS),
    /** Only with `?evidence=1`. */
    evidence: z.optional(evidenceSchema),
  }),
  z.object({ index: z.int().check(z.gte(0)), error: photoErrorSchema }),
]);

export type PhotoScore = z.infer<typeof photoScoreSchema>;

/** How long each stage of a request took, in milliseconds of wall time. The stages of different photos overlap. */
const timingsSchema = z.object({
  /** Decoding the slowest photo to gray pixels. */
  decodeMs: z.number(),
  /** The slowest photo's wait for an engine plus its inference. */
  inferenceMs: z.number(),
  /** From the first byte of the request body to the decision. */
  totalMs: z.number(),
});

/** The response of `POST /v1/score`. */
export const scoreAnswerSchema = z.object({
  requestId: z.string(),
  /** The ID of the model that scored all photos in this response. */
  model: z.string(),
  threshold: fractionSchema,
  photos: z.array(photoScoreSchema),
  decision: decisionSchema,
  timings: timingsSchema,
  /** Only with `learn=1`: names this profile in `POST /v1/swipes`, for 24 hours. */
  scoreId: z.optional(z.string()),
  /** Only with `learn=1`: true if the person's own swipe would teach the most. */
  ask: z.optional(z.boolean()),
  /** Only with `learn=1`, in place of `scoreId`: why the features couldn't be kept. The scores are right all the same. */
  notKept: z.optional(z.object({ code: z.enum(codesOf('server')), message: z.string() })),
});

export type ScoreAnswer = z.infer<typeof scoreAnswerSchema>;
