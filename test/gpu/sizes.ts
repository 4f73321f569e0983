import type { SceneName } from '@swipenet/server/pictures/draw-photo.ts';
import { GATE } from '@swipenet/server/registry/quantization.ts';
import type { Device } from '@swipenet/server/runtime/session.ts';

/** How much of everything to verify. */
export interface VerifySizes {
  /** Batch sizes of the doctor's checks, ascending. */
  readonly doctorBatches: readonly number[];
  /** Batch sizes to measure, ascending. Each has a session of its own. */
  readonly batches: readonly number[];
  /** Numbers of engines to measure each batch size with. */
  readonly engines: readonly number[];
  /** How long to measure each of these. */
  readonly seconds: number;
  /** What the photos show that clients send. By default everything that can be drawn. */
  readonly scenes?: readonly SceneName[];
  /** Numbers of clients to put on the server. */
  readonly clients: readonly number[];
  /** How long each of these loads lasts. */
  readonly loadSeconds: number;
  /** How many photos to judge float16 on. */
  readonly gatePhotos: number;
  readonly training: {
    readonly network: { readonly cropSize: number; readonly width: number };
    /** Photos per step, and steps per call: 1 for a plain step, more for a Loop. */
    readonly calls: readonly { readonly batchSize: number; readonly stepsPerCall: number }[];
    readonly seconds: number;
  };
}

/** On a GPU, about five minutes in all. */
const GPU: VerifySizes = {
  doctorBatches: [1, 2, 4, 8, 16, 32],
  batches: [8, 32, 64, 128],
  engines: [1, 2, 3],
  seconds: 3,
  clients: [1, 16, 64],
  loadSeconds: 10,
  gatePhotos: GATE.photos,
  training: {
    network: { cropSize: 224, width: 1 },
    calls: [
      { batchSize: 32, stepsPerCall: 1 },
      { batchSize: 32, stepsPerCall: 32 },
      { batchSize: 256, stepsPerCall: 8 },
    ],
    seconds: 15,
  },
};

/** On the CPU, a dry run of seconds: it shows that everything runs, and its figures mean little. */
const DRY_RUN: VerifySizes = {
  doctorBatches: [1, 2],
  batches: [1, 2],
  engines: [1],
  seconds: 0.1,
  scenes: ['shore'],
  clients: [2],
  loadSeconds: 0.3,
  gatePhotos: 4,
  training: {
    network: { cropSize: 96, width: 1 / 8 },
    calls: [{ batchSize: 2, stepsPerCall: 2 }],
    seconds: 0.1,
  },
};

export const sizesFor = (device: Device): VerifySizes => (device === 'cpu' ? DRY_RUN : GPU);
