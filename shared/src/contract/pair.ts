import * as z from 'zod/mini';
import { TASTES } from './taste.ts';

/** A one-time code's lifetime in seconds, and how many wrong attempts invalidate it. */
export const PAIRING_LIMITS = { codeLifeS: 300, attempts: 5 } as const;

/** The maximum length of a device name, in characters. */
export const MAX_DEVICE_NAME = 60;

const deviceNameSchema = z.string().check(
  z.trim(),
  // Names are printed in terminals, so control characters and marks that change the text direction aren't allowed.
  z.regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u),
  z.maxLength(MAX_DEVICE_NAME),
);

/** The body of `POST /v1/pair`: the one-time code as typed, and a name for the device. */
export const pairRequestSchema = z.object({ code: z.string().check(z.maxLength(40)), name: deviceNameSchema });

export type PairRequest = z.infer<typeof pairRequestSchema>;

/** The response of `POST /v1/pair`: the device's token, which the server never shows again. */
export const pairAnswerSchema = z.object({
  token: z.string(),
  device: z.object({ id: z.string(), name: z.string() }),
  /**
   * The key for profile IDs, 32 bytes as base64url. A profile then has the same ID on every device and after a reinstall,
   * and nobody without the key can tell who it is. Older servers leave it out.
   */
  profileKey: z.optional(z.string().check(z.regex(/^[\w-]{43}$/))),
});

export type PairAnswer = z.infer<typeof pairAnswerSchema>;

/** The JSON body of `POST /v1/pair/code`, which may be empty: whose taste the device's swipes belong to. */
export const pairingCodeRequestSchema = z.strictObject({ taste: z.optional(z.enum(TASTES)) });

export type PairingCodeRequest = z.infer<typeof pairingCodeRequestSchema>;

/** The response of `POST /v1/pair/code`: the code to type, and how many seconds it is valid. */
export const pairingCodeAnswerSchema = z.object({ code: z.string(), expiresInS: z.int() });

export type PairingCodeAnswer = z.infer<typeof pairingCodeAnswerSchema>;

/** How many seconds a browser can wait for the person to allow it, and how many browsers can wait at once. */
export const PAIRING_REQUEST_LIMITS = { lifeS: 180, waiting: 5 } as const;

/** The body of `POST /v1/pair/ask`: a name for the device. */
export const pairAskRequestSchema = z.object({ name: deviceNameSchema });

export type PairAskRequest = z.infer<typeof pairAskRequestSchema>;

/**
 * The response of `POST /v1/pair/ask`. The secret claims the token. The browser and the start page
 * both show the check, so the person sees which browser they allow.
 */
export const pairAskAnswerSchema = z.object({
  id: z.string(),
  secret: z.string(),
  check: z.string(),
  expiresInS: z.int(),
});

export type PairAskAnswer = z.infer<typeof pairAskAnswerSchema>;

/** The body of `POST /v1/pair/claim`. */
export const pairClaimRequestSchema = z.object({
  id: z.string().check(z.maxLength(40)),
  secret: z.string().check(z.maxLength(100)),
});

export type PairClaimRequest = z.infer<typeof pairClaimRequestSchema>;

/** The response of `POST /v1/pair/claim`: what the person has decided so far, and the token if they allowed it. */
export const pairClaimAnswerSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('waiting') }),
  z.object({ state: z.literal('denied') }),
  z.extend(pairAnswerSchema, { state: z.literal('allowed') }),
]);

export type PairClaimAnswer = z.infer<typeof pairClaimAnswerSchema>;
