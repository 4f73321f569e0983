import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProfile } from '@swipenet/server/runtime/profile.ts';
import { type Device, openSession, type Tensor } from '@swipenet/server/runtime/session.ts';
import { initialParameters } from '@swipenet/server/training/run/initialize.ts';
import { oneHot } from '@swipenet/server/training/step/loss.ts';
import { rowTensor, toRows } from '@swipenet/server/training/step/state-layout.ts';
import { buildTrainingModel, maskInput, planTraining } from '@swipenet/server/training/step/training-graph.ts';
import { seededRandom } from '../support/random.ts';
import { threadsOn } from './device.ts';
import { FLOP_PER_PHOTO, machineOf, sgemm } from './limits.ts';
import { type Contender, race } from './measure.ts';
import type { BenchOptions } from './options.ts';
import type { Figure } from './report.ts';

/** The article's step. */
export const STEP = {
  batchSize: 32,
  cropSize: 224,
  classes: 2,
  width: 1,
  mean: new Float32Array(256 * 256).fill(110),
  momentum: 0.9,
  weightDecay: 1e-4,
  stepsPerCall: 1,
};

/** Forward, backward to the maps and backward to the weights: three times the work of scoring. The rest is overhead. */
const FLOP_PER_IMAGE = 3 * FLOP_PER_PHOTO;

const TURNS = 3;
const ROUNDS_PER_TURN = 2;

/** How many operators to list by name. The rest are summed. */
const MAX_OPERATORS = 12;

/** Measures images/s of a training step relative to what matrix multiplication allows, and where the time goes. */
export async function training({ device = 'cpu' }: BenchOptions): Promise<Figure[]> {
  const model = buildTrainingModel(STEP);
  const inputs = stepInputs();
  const { close: closePeak, ...peak } = await sgemm(device);
  const { contender, close } = await openStep(device);
  const [peakSpeed, speed] = await race([peak, contender], TURNS, ROUNDS_PER_TURN);
  await Promise.all([closePeak(), close()]);
  const memoryBytes = process.resourceUsage().maxRSS * 1024;
  const limit = peakSpeed!.perSecond / FLOP_PER_IMAGE;
  const machine = machineOf(device);
  return [
    { key: 'sgemmGflopPerSecond', name: `sgemm peak (${machine})`, value: peakSpeed!.perSecond / 1e9, unit: 'GFLOP/s' },
    { key: 'imagesPerSecondLimit', name: 'a step at that peak', value: limit, unit: 'images/s' },
    {
      key: 'imagesPerSecond',
      name: 'a step, 224 px, batch 32',
      value: speed!.perSecond,
      unit: 'images/s',
      ratioToLimit: speed!.perSecond / limit,
      medianMs: speed!.medianMs,
    },
    { key: 'memoryGb', name: 'memory, at most', value: memoryBytes / 1e9, unit: 'GB' },
    ...(await timePerOperator(model, inputs, device)),
  ];
}

/** Opens a training step with made-up weights as a contender. A round is one step. */
export async function openStep(device: Device): Promise<{ contender: Contender; close: () => Promise<void> }> {
  const session = await openSession({ model: buildTrainingModel(STEP), device, threads: threadsOn(device) });
  const inputs = stepInputs();
  const contender = { key: 'step', name: 'step', unitsPerRound: STEP.batchSize, round: () => session.run(inputs) };
  return { contender, close: () => session.close() };
}

/** Returns each operator's share of a step's time, from ONNX Runtime's own profile of two steps. */
async function timePerOperator(model: Uint8Array, inputs: Record<string, Tensor>, device: Device): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'swipenet-profile-'));
  try {
    const profilePrefix = join(folder, 'step');
    const session = await openSession({ model, device, threads: threadsOn(device), profilePrefix });
    await session.run(inputs);
    await session.run(inputs);
    await session.close();
    const times = await readProfile(join(folder, (await readdir(folder))[0]!));
    const total = times.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const listed = times.slice(0, MAX_OPERATORS);
    const rest = total - listed.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    return [...listed, { operator: 'others', milliseconds: rest }].map(({ operator, milliseconds }) => ({
      key: `percentOf${operator}`,
      name: `  of which ${operator}`,
      value: (100 * milliseconds) / total,
      unit: '%',
    }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function stepInputs(): Record<string, Tensor> {
  const { layout, masks, shapes } = planTraining(STEP);
  const random = seededRandom(1);
  const { batchSize, cropSize } = STEP;
  const { weights, biases } = toRows(layout, initialParameters(shapes, 1));
  const maskTensors = [...masks].map(([name, shape]): [string, Tensor] => {
    const data = Uint8Array.from({ length: shape[0]! * shape[1]! }, () => (random() < 0.5 ? 0 : 1));
    return [maskInput(name), { data, shape }];
  });
  return {
    photos: {
      data: Uint8Array.from({ length: batchSize * cropSize * cropSize }, () => 256 * random()),
      shape: [batchSize, 1, cropSize, cropSize],
    },
    origins: { data: new Int32Array(batchSize), shape: [batchSize] },
    directions: { data: new Int32Array(batchSize).fill(1), shape: [batchSize] },
    targets: {
      data: oneHot(
        Array.from({ length: batchSize }, (_, index) => index % 2),
        2,
      ),
      shape: [batchSize, 2],
    },
    learning_rate: { data: Float32Array.of(0.001), shape: [] },
    weights: rowTensor(layout.weights, weights),
    biases: rowTensor(layout.biases, biases),
    weights_momenta: rowTensor(layout.weights, new Float32Array(weights.length)),
    biases_momenta: rowTensor(layout.biases, new Float32Array(biases.length)),
    ...Object.fromEntries(maskTensors),
  };
}
