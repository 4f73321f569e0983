import * as z from 'zod/mini';
import { LABELS } from '../confidence.ts';
import { decisionRuleSchema } from '../decision-schemas.ts';
import { fractionSchema } from '../fraction.ts';

/** How a model computes: in float32, in float16, or with weights and activations quantized to 8 bits. */
export const PRECISIONS = ['fp32', 'fp16', 'int8'] as const;

export type Precision = (typeof PRECISIONS)[number];

/** The response of `GET /v1/model`: the model that is serving, and its device. */
export const modelAnswerSchema = z.object({
  /** The contract version. Server and extension compare it (see routes.ts). */
  contract: z.int(),
  /** The server's version. Older servers leave it out. */
  version: z.optional(z.string()),
  id: z.string(),
  architecture: z.string(),
  classes: z.tuple([z.literal(LABELS[0]), z.literal(LABELS[1])]),
  /** SHA-256 of model.onnx, in hex. */
  sha256: z.string(),
  /** The threshold for requests that don't set one. */
  threshold: fractionSchema,
  /** How the server decides, with that threshold. Older servers leave this out and use the rule `any`. */
  rule: z.optional(decisionRuleSchema),
  /** Older servers leave this out and compute in float32. */
  precision: z.optional(z.enum(PRECISIONS)),
  /** Why the server uses this precision. */
  precisionReason: z.optional(z.string()),
  /**
   * Accepts photos that the client has prepared (see prepared-photo.ts): in this version, and in the resize mode of this
   * model. A client that knows neither sends photos as they are. Older servers leave this out and refuse prepared photos.
   */
  preparedPhotos: z.optional(z.object({ version: z.int(), resize: z.string() })),
  /** The ID of the fp32 model that this int8 model was quantized from. */
  parent: z.optional(z.string()),
  /** The SHA-256 of that model's file, in hex. Older servers leave it out. */
  parentSha256: z.optional(z.string()),
  device: z.object({
    /** `cpu` or `cuda:N`, or `replicas` if other machines run the model. */
    name: z.string(),
    /** ONNX Runtime's name of the execution provider, or how the server reaches other machines. */
    executionProvider: z.enum(['CPUExecutionProvider', 'CUDAExecutionProvider', 'OpenInferenceProtocol']),
    /** Why the server uses this device. */
    reason: z.string(),
    /** The number of engine processes, or of other machines. */
    engines: z.int(),
    threadsPerEngine: z.int(),
  }),
});

export type ModelAnswer = z.infer<typeof modelAnswerSchema>;

/**
 * Whether the caller may activate models, or why not.
 * - `owner_only`: the server runs without `--allow-model-change`, and the caller is a paired device.
 * - `own_taste`: the device has a taste of its own, and the server's model is its owner's.
 */
export const MODEL_CHANGES = ['allowed', 'owner_only', 'own_taste'] as const;

export type ModelChange = (typeof MODEL_CHANGES)[number];

/** The response of `GET /v1/models`: every model that can score, sorted by ID. */
export const modelListSchema = z.object({
  models: z.array(
    z.object({
      id: z.string(),
      /** The model that it is the int8 form of. */
      parent: z.nullable(z.string()),
      /** The server uses it or its int8 form at the moment. */
      isServed: z.boolean(),
      /** Its manifest can't be read, so it can't be used. */
      isDamaged: z.boolean(),
    }),
  ),
  change: z.enum(MODEL_CHANGES),
});

export type ModelList = z.infer<typeof modelListSchema>;

/** The JSON body of `POST /v1/model` and `POST /v1/models/activate`: the ID of the model to switch to. */
export const reloadRequestSchema = z.strictObject({ id: z.string() });

export type ReloadRequest = z.infer<typeof reloadRequestSchema>;
