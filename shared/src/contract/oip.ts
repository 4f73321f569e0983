import * as z from 'zod/mini';

// The Open Inference Protocol v2 (github.com/kserve/open-inference-protocol), as far as Swipenet speaks it. Both sides use
// these schemas: the server's own routes, and its engine that uses other servers. Unknown fields are left out, because
// other servers and clients have extensions of their own.

/** The name under which every server offers its model, whatever its ID is. Triton's model repository uses it, too. */
export const OIP_MODEL = 'swipenet';

export const OIP_LIMITS = {
  /** The most photos of a request. */
  maxPhotos: 32,
  /** The most bytes of a message's JSON, which has room for about eight photos. Binary tensors come after it. */
  maxJsonBytes: 2_000_000,
} as const;

/** The parameter with the SHA-256 of a model's file, in a model's configuration and in the answers to `infer`. */
export const SHA256_PARAMETER = 'swipenet_sha256';

const sizeSchema = z.int().check(z.gte(0));

const parametersSchema = z.record(z.string(), z.unknown());

/** A tensor of a message. Its values are in `data`, or after the JSON if it has the parameter `binary_data_size`. */
const tensorSchema = z.object({
  name: z.string(),
  shape: z.array(sizeSchema).check(z.maxLength(8)),
  datatype: z.string(),
  /** KServe's SDK sends null for what a tensor doesn't have. */
  parameters: z.nullish(parametersSchema),
  /** Numbers in rows, nested or flat. */
  data: z.optional(z.unknown()),
});

export type OipTensor = z.infer<typeof tensorSchema>;

/** The JSON of `POST /v2/models/:model/infer`. */
export const oipInferRequestSchema = z.object({
  id: z.optional(z.string().check(z.maxLength(128))),
  parameters: z.optional(parametersSchema),
  inputs: z.array(tensorSchema).check(z.maxLength(8)),
  outputs: z.optional(
    z.array(z.object({ name: z.string(), parameters: z.optional(parametersSchema) })).check(z.maxLength(8)),
  ),
});

export type OipInferRequest = z.infer<typeof oipInferRequestSchema>;

/** The JSON of its response. */
export const oipInferAnswerSchema = z.object({
  model_name: z.string(),
  model_version: z.nullish(z.string()),
  id: z.nullish(z.string()),
  parameters: z.nullish(parametersSchema),
  outputs: z.array(tensorSchema),
});

export type OipInferAnswer = z.infer<typeof oipInferAnswerSchema>;

/** The response of `GET /v2`. */
export const oipServerSchema = z.object({
  name: z.string(),
  version: z.string(),
  extensions: z.array(z.string()),
});

export type OipServer = z.infer<typeof oipServerSchema>;

const tensorMetadataSchema = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.int()) });

/** The response of `GET /v2/models/:model`. A size of -1 is the number of photos. */
export const oipModelSchema = z.object({
  name: z.string(),
  versions: z.nullish(z.array(z.string())),
  platform: z.nullish(z.string()),
  inputs: z.array(tensorMetadataSchema),
  outputs: z.array(tensorMetadataSchema),
});

export type OipModel = z.infer<typeof oipModelSchema>;

/** The response of `GET /v2/models/:model/ready`. */
export const oipReadySchema = z.object({ name: z.string(), ready: z.boolean() });

export type OipReady = z.infer<typeof oipReadySchema>;

const tensorConfigSchema = z.object({ name: z.string(), data_type: z.string(), dims: z.array(z.int()) });

/** What Swipenet knows of `GET /v2/models/:model/config`, which has the form of Triton's `config.pbtxt`. */
export const oipConfigSchema = z.object({
  name: z.string(),
  platform: z.optional(z.string()),
  backend: z.optional(z.string()),
  max_batch_size: z.optional(sizeSchema),
  input: z.optional(z.array(tensorConfigSchema)),
  output: z.optional(z.array(tensorConfigSchema)),
  parameters: z.optional(z.record(z.string(), z.object({ string_value: z.string() }))),
});

export type OipConfig = z.infer<typeof oipConfigSchema>;

/** The header of an unsuccessful response with its code, for which the protocol's body has no field. */
export const OIP_CODE_HEADER = 'X-Swipenet-Error';

/** The body of every unsuccessful response. */
export const oipErrorSchema = z.object({ error: z.string() });

export type OipError = z.infer<typeof oipErrorSchema>;
