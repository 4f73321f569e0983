import * as z from 'zod/mini';
import { codesOf } from './error-codes.ts';

export * from './error-codes.ts';

/** The `error` of a photo's `{index, error}`. */
export const photoErrorSchema = z.object({
  code: z.enum(codesOf('photo')),
  message: z.string(),
});

/** The body of every unsuccessful response. */
export const errorEnvelopeSchema = z.object({
  error: z.object({
    code: z.enum(codesOf('request', 'server')),
    message: z.string(),
    requestId: z.string(),
  }),
});

export type ErrorEnvelope = z.infer<typeof errorEnvelopeSchema>;
