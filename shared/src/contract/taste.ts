import * as z from 'zod/mini';
import { fractionSchema } from '../fraction.ts';
import { agreementSchema } from './swipes.ts';

const countSchema = z.int().check(z.gte(0));

/** Whose choices a device's swipes belong to: those of the server's owner, or its own. */
export const TASTES = ['owner', 'own'] as const;

/** The taste that devices share unless they have their own. */
export const OWNER_TASTE = TASTES[0];

export type Taste = (typeof TASTES)[number];

/** A version of a taste: an ordinary model that was learned from the swipes. */
const versionSchema = z.object({
  /** Such as `taste-0012`. */
  id: z.string(),
  /** True if the server uses it. */
  isActive: z.boolean(),
  /** Figures from cross-validation, by name. Null if the model's files are damaged. */
  metrics: z.nullable(z.record(z.string(), z.number())),
});

/** What came of learning. `refused` has the reason, such as too few likes. */
const learningSchema = z.union([
  z.object({
    kind: z.literal('learned'),
    version: z.string(),
    likes: countSchema,
    passes: countSchema,
    /** False if the active version stays, because the new one is worse. */
    activated: z.boolean(),
  }),
  /** The code is one of a command's, such as `dataset_too_small`. Older servers don't tell it. */
  z.object({ kind: z.literal('refused'), code: z.optional(z.string()), message: z.string() }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
]);

/** The response of `GET /v1/taste`. */
export const tasteAnswerSchema = z.object({
  taste: z.enum(TASTES),
  likes: countSchema,
  passes: countSchema,
  /** The share of likes, 0 to 1, or null without swipes. */
  likeRate: z.nullable(fractionSchema),
  /** Swipes that can be learned from. */
  withFeatures: countSchema,
  /** Swipes without any readable photo. They count, but can't be learned from. */
  withoutFeatures: countSchema,
  /** Swipes with features of an earlier `base`. They count, but can't be learned from. */
  stale: countSchema,
  /** Scored profiles that nobody has swiped yet. Their features are kept for 24 hours. */
  pending: countSchema,
  agreement: agreementSchema,
  /** Oldest first. Empty for a device with a taste of its own. */
  versions: z.array(versionSchema),
  learning: z.object({
    /** True while a version is being learned. */
    isRunning: z.boolean(),
    /** After how many new swipes it starts by itself. */
    every: countSchema,
    /** What came of the last run since the server started, or null. */
    last: z.nullable(learningSchema),
  }),
  /** The key for profile IDs, as in the response of `POST /v1/pair`, for clients that use the local token. */
  profileKey: z.string(),
  /** True if the server keeps a gray copy of swiped photos. */
  keepsPhotos: z.boolean(),
  /**
   * The network that describes photos beside the active model, and what it costs. Null while the active model does it
   * itself, or while nothing needs it.
   */
  secondSession: z.nullable(
    z.object({
      model: z.string(),
      photos: countSchema,
      /** Mean time per photo in its engine. */
      msPerPhoto: z.nullable(z.number()),
      memoryBytes: countSchema,
    }),
  ),
});

export type TasteAnswer = z.infer<typeof tasteAnswerSchema>;

/** The response of `DELETE /v1/taste`: how much was deleted. */
export const tasteDeletedSchema = z.object({ swipes: countSchema, versions: countSchema });

export type TasteDeleted = z.infer<typeof tasteDeletedSchema>;

/** The response of `POST /v1/taste/learn`. `GET /v1/taste` has the outcome when it is done. */
export const learningStartedSchema = z.object({ isRunning: z.literal(true) });

/** The JSON body of `POST /v1/taste/activate`. */
export const activateRequestSchema = z.strictObject({ version: z.string() });

/** The response of `POST /v1/taste/activate` and `POST /v1/taste/rollback`: the version that is active now. */
export const activatedSchema = z.object({ version: z.string() });
