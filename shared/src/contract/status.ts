import * as z from 'zod/mini';

/** The answer of `GET /healthz`: the process is alive and answers. */
export const healthAnswerSchema = z.object({ status: z.literal('ok') });

/** See {@link healthAnswerSchema}. */
export type HealthAnswer = z.infer<typeof healthAnswerSchema>;

/** The answer of `GET /v2/health/ready` (Open Inference Protocol v2): an engine is alive and warm on the set device. */
export const readyAnswerSchema = z.object({ ready: z.literal(true) });

/** See {@link readyAnswerSchema}. */
export type ReadyAnswer = z.infer<typeof readyAnswerSchema>;
