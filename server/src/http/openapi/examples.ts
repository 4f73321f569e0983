import type { ModelAnswer, ReloadRequest } from '@swipenet/shared/contract/model.ts';
import type { PairAnswer, PairingCodeAnswer, PairRequest } from '@swipenet/shared/contract/pair.ts';
import type { ScoreAnswer } from '@swipenet/shared/contract/score.ts';
import type { StatusAnswer } from '@swipenet/shared/contract/status.ts';

const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/** A profile of three photos, one of them a LIKE and one broken. */
export const scoreExample: ScoreAnswer = {
  requestId: '5f0c6f0e-6a39-4f0e-9f4b-0d6f3f1f2a11',
  model: 'quality',
  threshold: 0.4,
  photos: [
    { index: 0, like: 0.0052, label: 'NOPE' },
    { index: 1, like: 0.9603, label: 'LIKE' },
    { index: 2, error: { code: 'photo_undecodable', message: 'the photo is damaged or cut off' } },
  ],
  decision: { swipe: 'right', reason: 'like_found', like: 0.9603, photo: 1 },
  timings: { decodeMs: 9.4, inferenceMs: 57.2, totalMs: 71.9 },
};

export const pairRequestExample: PairRequest = { code: 'K7QF-2M9X', name: 'Chrome on Linux' };

export const pairExample: PairAnswer = {
  token: 'shown-only-once-and-stored-as-a-hash',
  device: { id: 'd7f3a9c2', name: 'Chrome on Linux' },
};

export const pairingCodeExample: PairingCodeAnswer = { code: 'K7QF-2M9X', expiresInS: 300 };

/** The embedded model on a machine with two cores. */
export const modelExample: ModelAnswer = {
  contract: 1,
  id: 'quality',
  architecture: 'googlenet',
  classes: ['NOPE', 'LIKE'],
  sha256: SHA256,
  threshold: 0.4,
  rule: { rule: 'any', threshold: 0.4 },
  precision: 'fp32',
  precisionReason: 'auto: the model has no int8 form',
  device: {
    name: 'cpu',
    executionProvider: 'CPUExecutionProvider',
    reason: 'auto: the CUDA provider library of onnxruntime-node is not installed',
    engines: 2,
    threadsPerEngine: 1,
  },
};

/** A switch to the embedded model. */
export const reloadRequestExample: ReloadRequest = { id: modelExample.id };

/** A server with one engine on a GPU, under load. */
export const statusExample: StatusAnswer = {
  state: 'ready',
  uptimeMs: 3_600_000,
  model: { id: 'quality', sha256: SHA256, precision: 'fp32', rule: { rule: 'any', threshold: 0.4 } },
  device: { name: 'cuda:0', executionProvider: 'CUDAExecutionProvider', reason: 'auto: CUDA works' },
  requests: { succeeded: 5210, failed: 3 },
  photos: { scored: 31_240, failed: 7 },
  queue: { waiting: 12, running: 32, pendingRequests: 2 },
  batches: {
    count: 1560,
    photos: 30_030,
    sizes: [
      { upTo: 1, count: 210 },
      { upTo: 2, count: 90 },
      { upTo: 4, count: 160 },
      { upTo: 8, count: 200 },
      { upTo: 16, count: 240 },
      { upTo: 32, count: 660 },
    ],
  },
  cache: { hits: 1210, misses: 30_040 },
  engines: [
    {
      pid: 4243,
      alive: true,
      restarts: { died: 1, hung: 0, recycled: 2 },
      memoryBytes: 912_000_000,
      cpuSeconds: 812.4,
    },
  ],
  server: { pid: 4242, memoryBytes: 210_000_000, cpuSeconds: 401.9, eventLoopDelayP99Ms: 1.6 },
  cores: 16,
  gpu: {
    gpus: [
      {
        index: 0,
        uuid: 'GPU-1b2c3d4e-0000-1111-2222-333344445555',
        name: 'NVIDIA L4',
        load: 0.87,
        memoryUsedBytes: 1_240_000_000,
        memoryTotalBytes: 24_152_899_584,
        temperatureC: 61,
        powerW: 58.3,
      },
    ],
  },
};
