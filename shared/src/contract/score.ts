import * as z from 'zod/mini';
import { LABELS } from '../confidence.ts';
import { decisionSchema } from '../decision.ts';
import { fractionSchema } from '../fraction.ts';
import { EVIDENCE_SIDE } from '../photo.ts';
import { PRIORITIES } from '../priority.ts';
import { photoErrorSchema } from './errors.ts';

/** The bounds of one score request. */
export const SCORE_LIMITS = {
  /** Photos in one request. */
  maxPhotos: 20,
  /** Bytes of one photo. */
  maxPhotoBytes: 10_000_000,
  /** Bytes of a field that is not a photo (`threshold`, `photoCount`, `priority`). */
  maxFieldBytes: 64,
} as const;

/** See {@link PRIORITIES}. */
export type Priority = (typeof PRIORITIES)[number];

/** The multipart fields beside the `photo` parts, as text: what each must hold. */
export const scoreFieldSchemas = {
  /** LIKE at or above this; from 0 to 1. */
  threshold: z.pipe(
    z.string().check(z.regex(/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i)),
    z.pipe(z.transform(Number), fractionSchema),
  ),
  /** How many photos the profile has: 1 or more, and no fewer than were sent. */
  photoCount: z.pipe(z.string().check(z.regex(/^\d{1,6}$/)), z.pipe(z.transform(Number), z.int().check(z.gte(1)))),
  priority: z.enum(PRIORITIES),
} as const;

/** The name of a multipart field beside `photo`. */
export type ScoreField = keyof typeof scoreFieldSchemas;

/** The class activation map of LIKE − NOPE, `[7, 7]` in rows: where in the photo the evidence lies, in logits. */
export const evidenceSchema = z
  .array(z.array(z.number()).check(z.length(EVIDENCE_SIDE)))
  .check(z.length(EVIDENCE_SIDE));

/** One photo's answer: its confidence, or what was wrong with it. */
export const photoScoreSchema = z.union([
  z.object({
    /** The position of the photo among those sent, from 0. */
    index: z.int().check(z.gte(0)),
    /** LIKE confidence, 0 to 1. */
    like: fractionSchema,
    label: z.enum(LABELS),
    /** Only with `?evidence=1`. */
    evidence: z.optional(evidenceSchema),
  }),
  z.object({ index: z.int().check(z.gte(0)), error: photoErrorSchema }),
]);

/** See {@link photoScoreSchema}. */
export type PhotoScore = z.infer<typeof photoScoreSchema>;

/** How long the parts of an answer took, in milliseconds of wall time; parts overlap between photos. */
export const timingsSchema = z.object({
  /** The slowest photo's way from bytes to gray pixels. */
  decodeMs: z.number(),
  /** The slowest photo's wait for an engine and its pass through the network. */
  inferenceMs: z.number(),
  /** From the first byte of the request's body to the decision. */
  totalMs: z.number(),
});

/** The answer of `POST /v1/score`. */
export const scoreAnswerSchema = z.object({
  requestId: z.string(),
  /** The id of the model that scored every photo of this answer. */
  model: z.string(),
  threshold: fractionSchema,
  photos: z.array(photoScoreSchema),
  decision: decisionSchema,
  timings: timingsSchema,
});

/** See {@link scoreAnswerSchema}. */
export type ScoreAnswer = z.infer<typeof scoreAnswerSchema>;
