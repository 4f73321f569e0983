import type { modelConfig } from '../../oip/model-config.ts';

/** The precisions in which TensorRT can compute a network with floats. */
export const TENSORRT_PRECISIONS = ['fp32', 'fp16'] as const;

export type TensorRtPrecision = (typeof TENSORRT_PRECISIONS)[number];

/** Where TensorRT keeps the engines that it builds, in Triton's container. Building one takes minutes. */
export const TENSORRT_CACHE = '/cache';

/** The file with the classes of `confidence`, beside `config.pbtxt`. */
export const LABEL_FILE = 'labels.txt';

/** How long a request waits in Triton's queue unless it says so itself: as long as a server waits for a replica. */
const QUEUE_TIMEOUT_MICROSECONDS = 8_000_000;

const MAX_QUEUE = 1024;

export interface TritonOptions {
  /** Whether the model has {@link LABEL_FILE}. */
  readonly hasLabels: boolean;
  /** The kind of Triton's instances: on a CPU, on a GPU, or on a GPU if there is one. */
  readonly kind: 'KIND_CPU' | 'KIND_GPU' | 'KIND_AUTO';
  /** Has TensorRT compute, in this precision. */
  readonly tensorRt?: TensorRtPrecision | undefined;
}

/**
 * Writes a model's `config.pbtxt`, protobuf's text of Triton's `ModelConfig`
 * (github.com/triton-inference-server/common, `protobuf/model_config.proto`).
 *
 * Requests are batched as they arrive, without a delay. Those with priority 1 go first, and 1 is the default. Both limits
 * of the queue are errors, so that the server in front tries another replica.
 */
export function configText(
  config: ReturnType<typeof modelConfig>,
  { hasLabels, kind, tensorRt }: TritonOptions,
): string {
  const { name, backend, max_batch_size: maxBatch } = config;
  const [photos] = config.input;
  const photosText = `data_type: ${photos!.data_type} dims: ${listText(photos!.dims)}`;
  const outputs = config.output.map(({ name, data_type, dims }) => {
    const labels = hasLabels && name === 'confidence' ? ` label_filename: ${quoted(LABEL_FILE)}` : '';
    return `  { name: ${quoted(name)} data_type: ${data_type} dims: ${listText(dims)}${labels} }`;
  });
  const warmUp = [1, maxBatch].map(
    (size) => `  {
    name: "${size === 1 ? 'one photo' : `${size} photos`}"
    batch_size: ${size}
    inputs { key: ${quoted(photos!.name)} value { ${photosText} zero_data: true } }
  }`,
  );
  const parameters = Object.entries(config.parameters).map(
    ([key, { string_value }]) => `parameters { key: ${quoted(key)} value { string_value: ${quoted(string_value)} } }\n`,
  );
  return `name: ${quoted(name)}
backend: ${quoted(backend)}
max_batch_size: ${maxBatch}
input [
  { name: ${quoted(photos!.name)} ${photosText} }
]
output [
${outputs.join(',\n')}
]
instance_group [
  { count: 1 kind: ${kind} }
]
dynamic_batching {
  priority_levels: 2
  default_priority_level: 1
  default_queue_policy {
    timeout_action: REJECT
    default_timeout_microseconds: ${QUEUE_TIMEOUT_MICROSECONDS}
    allow_timeout_override: true
    max_queue_size: ${MAX_QUEUE}
  }
}
model_warmup [
${warmUp.join(',\n')}
]
${tensorRt ? tensorRtText(tensorRt, photos!, maxBatch) : ''}${parameters.join('')}`;
}

/** Without fixed profiles, TensorRT would build an engine anew for each batch size that it hasn't seen. */
function tensorRtText(
  precision: TensorRtPrecision,
  { name, dims }: { readonly name: string; readonly dims: readonly number[] },
  maxBatch: number,
): string {
  const shape = (photos: number) => `${name}:${[photos, ...dims].join('x')}`;
  const parameters = {
    precision_mode: precision.toUpperCase(),
    trt_engine_cache_enable: '1',
    trt_engine_cache_path: TENSORRT_CACHE,
    trt_profile_min_shapes: shape(1),
    trt_profile_opt_shapes: shape(maxBatch),
    trt_profile_max_shapes: shape(maxBatch),
  };
  const lines = Object.entries(parameters).map(
    ([key, value]) => `      parameters { key: ${quoted(key)} value: ${quoted(value)} }`,
  );
  return `optimization {
  execution_accelerators {
    gpu_execution_accelerator {
      name: "tensorrt"
${lines.join('\n')}
    }
  }
}
`;
}

/** JSON's escapes of these names, which are ASCII, are those of protobuf's text. */
const quoted = (text: string): string => JSON.stringify(text);

const listText = (numbers: readonly number[]): string => `[${numbers.join(', ')}]`;
