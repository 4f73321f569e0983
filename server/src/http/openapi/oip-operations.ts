import { OIP_LIMITS, OIP_MODEL, SHA256_PARAMETER } from '@swipenet/shared/contract/oip.ts';
import { OUTPUTS, PHOTOS } from '../../oip/tensors.ts';
import { json, type Operation } from './operation.ts';

const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const VERSION = SHA256.slice(0, 12);
const outputs = [OUTPUTS.confidence, OUTPUTS.evidence];

const metadata = [PHOTOS, ...outputs].map(({ name, datatype, perPhoto }) => ({
  name,
  datatype,
  shape: [-1, ...perPhoto],
}));

const requestExample = {
  id: '1',
  parameters: { priority: 1, timeout: 8_000_000, binary_data_output: true },
  inputs: [
    {
      name: PHOTOS.name,
      datatype: PHOTOS.datatype,
      shape: [2, ...PHOTOS.perPhoto],
      parameters: { binary_data_size: 100_352 },
    },
  ],
};

const answerExample = {
  ...{ model_name: OIP_MODEL, model_version: VERSION, id: '1', parameters: { [SHA256_PARAMETER]: SHA256 } },
  outputs: outputs.map(({ name, datatype, perPhoto }, at) => ({
    ...{ name, datatype, shape: [2, ...perPhoto] },
    parameters: { binary_data_size: [16, 392][at] },
  })),
};

/** The description of the routes of the Open Inference Protocol v2, besides its health checks. */
export const oipOperations = {
  oipServer: {
    summary: 'Describe the server (Open Inference Protocol v2)',
    answer: json('OipServer', { name: 'swipenet', version: '1.0.0', extensions: ['binary_tensor_data'] }),
    codes: [],
  },
  oipModel: {
    summary: 'Describe the model’s inputs and outputs (Open Inference Protocol v2)',
    description: `\`${OIP_MODEL}\` names the current model, and so does its ID. A server with \`--offer-base\` also has \`base\`.`,
    parameters: ['model'],
    answer: json('OipModel', {
      ...{ name: OIP_MODEL, versions: [VERSION], platform: 'onnxruntime_onnx' },
      ...{ inputs: metadata.slice(0, 1), outputs: metadata.slice(1) },
    }),
    codes: ['model_unknown'],
  },
  oipModelReady: {
    summary: 'Check that the model can score photos (Open Inference Protocol v2)',
    parameters: ['model'],
    answer: json('OipReady', { name: OIP_MODEL, ready: true }),
    codes: ['model_unknown', 'not_ready', 'shutting_down'],
  },
  oipModelConfig: {
    summary: 'Get the model’s configuration, with the SHA-256 of its file, as Triton has it',
    parameters: ['model'],
    answer: json('OipConfig', {
      ...{ name: OIP_MODEL, max_batch_size: OIP_LIMITS.maxPhotos },
      parameters: { [SHA256_PARAMETER]: { string_value: SHA256 } },
    }),
    codes: ['model_unknown'],
  },
  oipInfer: {
    summary: 'Run the network on photos that are ready for it (Open Inference Protocol v2)',
    description: [
      `Takes 1 to ${OIP_LIMITS.maxPhotos} photos of 224 × 224 gray levels. The values are in the JSON or, with the header`,
      '`Inference-Header-Content-Length`, after it. `priority` above 1 is for photos that nobody is waiting for yet, and',
      '`timeout` is in microseconds.',
    ].join(' '),
    parameters: ['model'],
    takes: { schema: 'OipInferRequest', example: requestExample },
    answer: json('OipInferAnswer', answerExample),
    codes: [
      'body_malformed',
      'body_too_large',
      'body_too_slow',
      'model_unknown',
      'tensor_invalid',
      'parameter_invalid',
      'photos_missing',
      'photos_too_many',
      'request_aborted',
      'queue_full',
      'deadline_exceeded',
      'engine_failed',
      'not_ready',
      'shutting_down',
    ],
  },
} as const satisfies Record<string, Operation>;
