import * as z from 'zod/mini';

/** The bounds of a one-time code: for how many seconds it counts, and how many wrong ones end it. */
export const PAIRING_LIMITS = { codeLifeS: 300, attempts: 5 } as const;

/** The longest name that a device may have. */
export const MAX_DEVICE_NAME = 60;

/** What `POST /v1/pair` takes: the one-time code as the person typed it, and what to call the device in lists. */
export const pairRequestSchema = z.object({
  code: z.string().check(z.maxLength(40)),
  name: z.string().check(
    z.trim(),
    // Names are printed in terminals: no control characters, no marks that turn the writing around.
    z.regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u),
    z.maxLength(MAX_DEVICE_NAME),
  ),
});

/** See {@link pairRequestSchema}. */
export type PairRequest = z.infer<typeof pairRequestSchema>;

/** The answer of `POST /v1/pair`: the device's own token, said this once. */
export const pairAnswerSchema = z.object({
  token: z.string(),
  device: z.object({ id: z.string(), name: z.string() }),
});

/** See {@link pairAnswerSchema}. */
export type PairAnswer = z.infer<typeof pairAnswerSchema>;

/** The answer of `POST /v1/pair/code`: the code to type, and for how many seconds it counts. */
export const pairingCodeAnswerSchema = z.object({ code: z.string(), expiresInS: z.int() });

/** See {@link pairingCodeAnswerSchema}. */
export type PairingCodeAnswer = z.infer<typeof pairingCodeAnswerSchema>;
