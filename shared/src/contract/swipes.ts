import * as z from 'zod/mini';
import { fractionSchema } from '../fraction.ts';
import { photoCountSchema } from './photo-count.ts';

/** A person's swipe. On any site, `right` means like and `left` means pass. */
export const SWIPES = ['left', 'right'] as const;

export type Swipe = (typeof SWIPES)[number];

/** What the extension would have done before the person swiped. `hold` leaves the profile to the person. */
export const DECISIONS = [...SWIPES, 'hold'] as const;

export type SwipeDecision = (typeof DECISIONS)[number];

/**
 * What made that decision. It is the decision that acts in Swipe mode, so it is the one that agreement is about.
 * - `network`: the model, by its rule and the threshold. Counts for agreement.
 * - `words`: the model's probability together with the words of the bio. Counts for agreement, too. `probability` is the
 *   joined one, on the scale of the threshold.
 * - `rule`: a rule of the person's, such as the age range. It says nothing about taste, so it doesn't count.
 */
export const DECIDERS = ['network', 'rule', 'words'] as const;

export type Decider = (typeof DECIDERS)[number];

/** Whether the person could see the decision before swiping. `none` means that there was no decision yet. */
export const VERDICTS = ['hidden', 'shown', 'none'] as const;

export type Verdict = (typeof VERDICTS)[number];

/** The longest profile ID in characters. The ID is opaque to the server. */
export const MAX_PROFILE_ID = 128;

/** The lower bound of balanced agreement at which a taste model may swipe, and the range of that setting. */
export const REQUIRED_AGREEMENT = { default: 0.6, min: 0.5, max: 0.95 } as const;

/** Texts that are printed in terminals, so control characters and marks that change the text direction aren't allowed. */
const plainText = z.string().check(z.regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u));

/**
 * The fields of `POST /v1/swipes`. They are a JSON object if the photos were scored before, with the `scoreId` of that
 * response. Otherwise they are a multipart form, with the photos like those of `POST /v1/score`. JSON without a `scoreId` is
 * counted, but nothing can be learned from it.
 */
export const swipeRequestSchema = z
  .strictObject({
    /** From the response of `POST /v1/score`. Valid for 24 hours. */
    scoreId: z.optional(z.string().check(z.regex(/^[\w-]{1,64}$/))),
    swipe: z.enum(SWIPES),
    /** The site, such as `tinder`. */
    site: z.string().check(z.regex(/^[a-z\d][a-z\d.-]{0,39}$/)),
    /** The profile's ID on that site, as an HMAC-SHA256 with the key that the server hands out at pairing. */
    profile: plainText.check(z.maxLength(MAX_PROFILE_ID)),
    /** How many photos the profile has. The default is that of the score, or the number of photos sent. */
    photoCount: z.optional(photoCountSchema),
    /** Left out if there was no decision yet. */
    decision: z.optional(z.enum(DECISIONS)),
    decidedBy: z.optional(z.enum(DECIDERS)),
    /** The probability of a like that the decision was based on, 0 to 1. The default is that of the score. */
    probability: z.optional(fractionSchema),
    /** The threshold of that moment. The default is that of the score. */
    threshold: z.optional(fractionSchema),
    /** The ID of the model of that moment. The default is that of the score. */
    model: z.optional(plainText.check(z.maxLength(64))),
    verdict: z.enum(VERDICTS),
  })
  .check(
    z.refine(({ decision, decidedBy }) => (decision === undefined) === (decidedBy === undefined), {
      path: ['decidedBy'],
    }),
    z.refine(({ decision, verdict }) => (decision === undefined) === (verdict === 'none'), { path: ['verdict'] }),
  );

export type SwipeRequest = z.infer<typeof swipeRequestSchema>;

export type SwipeField = keyof SwipeRequest;

const countSchema = z.int().check(z.gte(0));
const shareSchema = z.nullable(fractionSchema);
const tallySchema = z.object({ agreed: countSchema, disagreed: countSchema });

/** How well what decides agrees with the person, and whether a taste model may swipe. */
export const agreementSchema = z.object({
  /** Since the first counted swipe, or since the gate last shut. */
  likes: tallySchema,
  passes: tallySchema,
  /** The mean of the shares of likes and of passes that it agreed with. Null before there are both. */
  balanced: shareSchema,
  /** The same, with older swipes fading. */
  faded: shareSchema,
  /** A lower bound of the balanced agreement. It is below the truth with 95% confidence, however often one looks. */
  lowerBound: fractionSchema,
  /** The lower bound at which the gate opens. */
  required: fractionSchema,
  /** True if a taste model may swipe. */
  isOpen: z.boolean(),
  timesShut: countSchema,
});

export type AgreementAnswer = z.infer<typeof agreementSchema>;

/** The response of `POST /v1/swipes`. */
export const swipeAnswerSchema = z.object({
  /** For `DELETE /v1/swipes/{id}`. */
  id: z.int(),
  /**
   * - `added`: the first swipe of this profile.
   * - `unchanged`: the same swipe again, for example after a response got lost.
   * - `replaced`: another swipe of a profile that already had one. It doesn't count for agreement.
   */
  outcome: z.enum(['added', 'unchanged', 'replaced']),
  /** How many photos can be learned from. With 0, the swipe is counted, but nothing can be learned from it. */
  photos: countSchema,
  likes: countSchema,
  passes: countSchema,
  agreement: agreementSchema,
});

export type SwipeAnswer = z.infer<typeof swipeAnswerSchema>;

/** The response of `DELETE /v1/swipes/{id}`. */
export const swipeDeletedSchema = z.object({ deleted: z.int() });

/** One stored swipe, without the features of its photos. */
const listedSwipeSchema = z.object({
  id: z.int(),
  at: z.iso.datetime(),
  site: z.string(),
  profile: z.string(),
  swipe: z.enum(SWIPES),
  photoCount: countSchema,
  /** How many photos can be learned from. */
  photos: countSchema,
  verdict: z.enum(VERDICTS),
  /** Null if there was no decision. */
  before: z.nullable(
    z.object({
      decision: z.enum(DECISIONS),
      decidedBy: z.enum(DECIDERS),
      probability: shareSchema,
      threshold: shareSchema,
      model: z.nullable(z.string()),
    }),
  ),
  timesReplaced: countSchema,
});

/** The response of `GET /v1/swipes`: up to 100 swipes, newest first. `next` is the cursor of the next page. */
export const swipeListSchema = z.object({ swipes: z.array(listedSwipeSchema), next: z.nullable(z.int()) });

export type SwipeList = z.infer<typeof swipeListSchema>;
