import * as z from 'zod/mini';
import { LABELS } from '../confidence.ts';
import { fractionSchema } from '../fraction.ts';

/** How a model computes: in float32, or with its weights and activations rounded to 8 bits. */
export const PRECISIONS = ['fp32', 'int8'] as const;

/** See {@link PRECISIONS}. */
export type Precision = (typeof PRECISIONS)[number];

/** The answer of `GET /v1/model`: what answers here, and on what. */
export const modelAnswerSchema = z.object({
  /** The version of this contract; server and extension compare it (see routes.ts). */
  contract: z.int(),
  id: z.string(),
  architecture: z.string(),
  classes: z.tuple([z.literal(LABELS[0]), z.literal(LABELS[1])]),
  /** SHA-256 of model.onnx, in hex. */
  sha256: z.string(),
  /** The threshold used where a request names none. */
  threshold: fractionSchema,
  /** Older servers do not say; they compute in float32. */
  precision: z.optional(z.enum(PRECISIONS)),
  /** Why in this precision, in words. */
  precisionReason: z.optional(z.string()),
  /** Of an int8 model: the id of the model that it is the int8 form of. */
  parent: z.optional(z.string()),
  device: z.object({
    /** `cpu` or `cuda:N`. */
    name: z.string(),
    /** ONNX Runtime's name of the execution provider. */
    executionProvider: z.enum(['CPUExecutionProvider', 'CUDAExecutionProvider']),
    /** Why this device, in words. */
    reason: z.string(),
    /** Engine processes, and threads in each. */
    engines: z.int(),
    threadsPerEngine: z.int(),
  }),
});

/** See {@link modelAnswerSchema}. */
export type ModelAnswer = z.infer<typeof modelAnswerSchema>;

/** The body of `POST /v1/model`, as JSON: the model that is to answer from now on. */
export const reloadRequestSchema = z.strictObject({ id: z.string() });

/** See {@link reloadRequestSchema}. */
export type ReloadRequest = z.infer<typeof reloadRequestSchema>;
