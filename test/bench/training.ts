import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cores } from '@swipenet/server/config/machine.ts';
import { readProfile } from '@swipenet/server/runtime/profile.ts';
import type { Device } from '@swipenet/server/runtime/session.ts';
import { initialParameters } from '@swipenet/server/training/run/start/initialize.ts';
import { dropoutMasks } from '@swipenet/server/training/step/dropout-masks.ts';
import { oneHot } from '@swipenet/server/training/step/loss.ts';
import { openTrainingEngine } from '@swipenet/server/training/step/open-training-engine.ts';
import { toRows } from '@swipenet/server/training/step/state-layout.ts';
import type { StepInput } from '@swipenet/server/training/step/training-engine.ts';
import { planTraining } from '@swipenet/server/training/step/training-graph.ts';
import { seededRandom } from '../support/random.ts';
import { threadsOn } from './device.ts';
import { FLOP_PER_PHOTO, machineOf, sgemm } from './limits.ts';
import { type Contender, race, type Speed } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { openPeer } from './peers/python-peer.ts';
import { type BenchResult, type Figure, formatFigures } from './report.ts';

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

/** Debian's own Python. Its package python3-torch has PyTorch. Another Python that comes first in PATH doesn't see it. */
const PYTHON = '/usr/bin/python3';

/**
 * Measures images/s of a training step relative to what matrix multiplication allows, in turns with PyTorch if the
 * system's Python has it, and where the time goes.
 */
export async function training({ device = 'cpu' }: BenchOptions): Promise<BenchResult> {
  const { close: closePeak, ...peak } = await sgemm(device);
  const { contender, close } = await openStep(device);
  const pytorch = device === 'cpu' ? await openPytorch() : 'PyTorch is only compared on the CPU';
  const others = typeof pytorch === 'string' ? [] : [pytorch.contender];
  const [peakSpeed, speed, theirs] = await race([peak, contender, ...others], TURNS, ROUNDS_PER_TURN);
  const memoryBytes = process.resourceUsage().maxRSS * 1024;
  await Promise.all([closePeak(), close()]);
  if (typeof pytorch !== 'string') pytorch.close();
  const limit = peakSpeed!.perSecond / FLOP_PER_IMAGE;
  const machine = machineOf(device);
  const figures: Figure[] = [
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
    ...(theirs ? comparison(speed!, theirs) : []),
    { key: 'memoryGb', name: 'memory, at most', value: memoryBytes / 1e9, unit: 'GB' },
    ...(await timePerOperator(device)),
  ];
  const leftOut = typeof pytorch === 'string' ? `\nleft out: ${pytorch}` : '';
  return { figures, text: `${formatFigures(figures)}${leftOut}` };
}

const comparison = (ours: Speed, { key, name, perSecond, medianMs }: Speed): Figure[] => [
  { key, name: `the same in ${name}`, value: perSecond, unit: 'images/s', medianMs },
  { key: `${key}Ratio`, name: '  a step relative to it', value: ours.perSecond / perSecond, unit: '×' },
];

/** Opens a step in the PyTorch of the system's Python, on noise, or returns why there is none. */
async function openPytorch() {
  const folder = await mkdtemp(join(tmpdir(), 'swipenet-pytorch-'));
  try {
    const photos = join(folder, 'photos.bin');
    await writeFile(photos, stepInput().photos);
    const task = { runtime: 'pytorch', task: 'train', precision: 'fp32', model: '', temperature: 1 } as const;
    const { batchSize } = STEP;
    const peer = await openPeer(PYTHON, { ...task, photos, batch: batchSize, threads: cores });
    const name = `PyTorch ${peer.version}`;
    return { contender: { key: 'pytorch', name, unitsPerRound: batchSize, round: peer.round }, close: peer.close };
  } catch (error) {
    return `PyTorch: ${(error as Error).message}`;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Opens a training engine with made-up weights as a contender. A round is one step. */
export async function openStep(
  device: Device,
  profilePrefix?: string,
): Promise<{ contender: Contender; close: () => Promise<void> }> {
  const { layout, shapes } = planTraining(STEP);
  const parameters = toRows(layout, initialParameters(shapes, 1));
  const momenta = { weights: new Float32Array(layout.weights.size), biases: new Float32Array(layout.biases.size) };
  const options = {
    graph: STEP,
    device,
    threads: threadsOn(device),
    ...(profilePrefix !== undefined && { profilePrefix }),
  };
  const engine = await openTrainingEngine(options, { parameters, momenta });
  const input = stepInput();
  const contender = { key: 'step', name: 'step', unitsPerRound: STEP.batchSize, round: () => engine.step([input]) };
  return { contender, close: () => engine.close() };
}

/**
 * Returns each operator's share of a step's time, from ONNX Runtime's own profile of two steps. On the CPU, this is the
 * first lane's.
 */
async function timePerOperator(device: Device): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'swipenet-profile-'));
  try {
    const { contender, close } = await openStep(device, join(folder, 'step'));
    await contender.round();
    await contender.round();
    await close();
    const all = await readProfile(join(folder, (await readdir(folder))[0]!));
    const times = all.filter(({ operator }) => operator !== 'Loop'); // its body's operators are in the profile, too
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

function stepInput(): StepInput {
  const random = seededRandom(1);
  const { batchSize, cropSize, classes } = STEP;
  const labels = Array.from({ length: batchSize }, (_, index) => index % 2);
  return {
    photos: Uint8Array.from({ length: batchSize * cropSize ** 2 }, () => 256 * random()),
    ...{ origins: new Int32Array(batchSize), directions: new Int32Array(batchSize).fill(1) },
    ...{ targets: oneHot(labels, classes), masks: dropoutMasks(planTraining(STEP).masks, 1, 0), learningRate: 0.001 },
  };
}
