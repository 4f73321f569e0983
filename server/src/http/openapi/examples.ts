import type { ModelAnswer, ModelList, ReloadRequest } from '@swipenet/shared/contract/model.ts';
import type {
  PairAnswer,
  PairAskAnswer,
  PairAskRequest,
  PairClaimAnswer,
  PairClaimRequest,
  PairingCodeAnswer,
  PairingCodeRequest,
  PairRequest,
} from '@swipenet/shared/contract/pair.ts';
import type { ProofAnswer } from '@swipenet/shared/contract/proof.ts';
import type { ScoreAnswer } from '@swipenet/shared/contract/score.ts';
import type {
  SessionAnswer,
  SessionDecision,
  SessionLinkAnswer,
  SessionPairingsAnswer,
  SessionRequest,
} from '@swipenet/shared/contract/session.ts';
import type { StatusAnswer } from '@swipenet/shared/contract/status.ts';
import type { AgreementAnswer, SwipeAnswer, SwipeList, SwipeRequest } from '@swipenet/shared/contract/swipes.ts';
import type { TasteAnswer } from '@swipenet/shared/contract/taste.ts';
import { PREPARED_VERSION } from '@swipenet/shared/prepared-photo.ts';

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
  profileKey: 'vQ0b5rXo1mKq8nG3cZ7yT2uJ4hE6wS9dF1aL0pRxVbM',
};

export const pairAskRequestExample: PairAskRequest = { name: 'Chrome on Linux' };

export const pairAskExample: PairAskAnswer = {
  id: '5d1f0c2a9b3e4f60',
  secret: 'known-only-to-the-browser-that-asked',
  check: '7K3M',
  expiresInS: 180,
};

export const pairClaimRequestExample: PairClaimRequest = { id: pairAskExample.id, secret: pairAskExample.secret };

export const pairClaimExample: PairClaimAnswer = { state: 'allowed', ...pairExample };

export const sessionRequestExample: SessionRequest = { code: 'mZ3kQ0b5rXo1KqG3cZ7yTg' };

export const sessionExample: SessionAnswer = { key: 'sent-with-every-request', endsAt: '2026-11-28T12:00:00.000Z' };

export const sessionLinkExample: SessionLinkAnswer = { code: sessionRequestExample.code, expiresInS: 900 };

export const sessionPairingsExample: SessionPairingsAnswer = {
  pairings: [
    {
      id: pairAskExample.id,
      name: 'Chrome on Linux',
      origin: 'chrome-extension://bdhkodhfnedebnnnnkeedjnombpngpam',
      check: pairAskExample.check,
      state: 'allowed',
    },
  ],
};

export const sessionDecisionExample: SessionDecision = { id: pairAskExample.id, allow: true };

/** A device whose swipes form a taste of its own. */
export const pairingCodeRequestExample: PairingCodeRequest = { taste: 'own' };

export const pairingCodeExample: PairingCodeAnswer = { code: 'K7QF-2M9X', expiresInS: 300 };

export const proofExample: ProofAnswer = { proof: SHA256 };

/** The embedded model on a machine with two cores. */
export const modelExample: ModelAnswer = {
  contract: 1,
  version: '0.1.0',
  id: 'quality',
  architecture: 'googlenet',
  classes: ['NOPE', 'LIKE'],
  sha256: SHA256,
  threshold: 0.4,
  rule: { rule: 'any', threshold: 0.4 },
  precision: 'fp32',
  precisionReason: 'auto: the model has no int8 form',
  preparedPhotos: { version: PREPARED_VERSION, resize: 'cover' },
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

/** A server that lets paired devices activate models. One of them is damaged. */
export const modelListExample: ModelList = {
  models: [
    { id: 'mine', parent: null, isServed: false, isDamaged: true },
    { id: 'quality', parent: null, isServed: true, isDamaged: false },
    { id: 'quality-int8', parent: 'quality', isServed: false, isDamaged: false },
  ],
  change: 'allowed',
};

/** A server with one engine on a GPU, under load. */
export const statusExample: StatusAnswer = {
  state: 'ready',
  uptimeMs: 3_600_000,
  model: { id: 'quality', sha256: SHA256, precision: 'fp32', rule: { rule: 'any', threshold: 0.4 } },
  device: { name: 'cuda:0', executionProvider: 'CUDAExecutionProvider', reason: 'auto: CUDA works' },
  requests: { succeeded: 5210, failed: 3 },
  photos: { scored: 31_240, failed: 7, prepared: 29_400 },
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
  decoders: [
    {
      pid: 4244,
      alive: true,
      restarts: { died: 0, hung: 1, recycled: 0 },
      memoryBytes: 104_000_000,
      cpuSeconds: 131.7,
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

/** A like that the network had expected, behind a hidden verdict. */
export const swipeRequestExample: SwipeRequest = {
  scoreId: 'kJ8sV2xqTn4mZ0aYb7cDhg',
  swipe: 'right',
  site: 'tinder',
  profile: '9d1f0c5e7a2b4c6d8e0f1a3b5c7d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f809',
  decision: 'right',
  decidedBy: 'network',
  verdict: 'hidden',
};

/** 57 likes and 174 passes behind a hidden verdict. */
const agreementExample: AgreementAnswer = {
  likes: { agreed: 43, disagreed: 14 },
  passes: { agreed: 138, disagreed: 36 },
  balanced: 0.7737,
  faded: 0.7651,
  lowerBound: 0.6312,
  required: 0.6,
  isOpen: true,
  timesShut: 0,
};

export const swipeAnswerExample: SwipeAnswer = {
  id: 412,
  outcome: 'added',
  photos: 5,
  likes: 103,
  passes: 309,
  agreement: agreementExample,
};

export const swipeListExample: SwipeList = {
  swipes: [
    {
      id: 412,
      at: '2026-11-27T18:04:09.512Z',
      site: 'tinder',
      profile: swipeRequestExample.profile,
      swipe: 'right',
      photoCount: 5,
      photos: 5,
      verdict: 'hidden',
      before: { decision: 'right', decidedBy: 'network', probability: 0.61, threshold: 0.4, model: 'taste-0012' },
      timesReplaced: 0,
    },
  ],
  next: null,
};

export const tasteExample: TasteAnswer = {
  taste: 'owner',
  likes: 103,
  passes: 309,
  likeRate: 0.25,
  withFeatures: 411,
  withoutFeatures: 1,
  stale: 0,
  pending: 3,
  agreement: agreementExample,
  versions: [
    {
      id: 'taste-0012',
      isActive: true,
      metrics: { crossValidatedBalancedAccuracy: 0.742, crossValidatedAuc: 0.81, crossValidatedLoss: 0.49 },
    },
  ],
  learning: {
    isRunning: false,
    every: 10,
    last: { kind: 'learned', version: 'taste-0012', likes: 102, passes: 308, activated: true },
  },
  profileKey: pairExample.profileKey!,
  keepsPhotos: false,
  secondSession: null,
};
