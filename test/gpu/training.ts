import { cores } from '@swipenet/server/config/machine.ts';
import type { Device } from '@swipenet/server/runtime/session.ts';
import { BatchStream } from '@swipenet/server/training/dataset/batches/batch-stream.ts';
import type { Dataset } from '@swipenet/server/training/dataset/dataset.ts';
import { PHOTO_BYTES } from '@swipenet/server/training/dataset/dataset-format.ts';
import { CallFeed } from '@swipenet/server/training/run/loop/call-feed.ts';
import { initialParameters } from '@swipenet/server/training/run/start/initialize.ts';
import { threadsOn } from '@swipenet/server/training/run/start/training-device.ts';
import { ChildTrainingEngine } from '@swipenet/server/training/step/child-training-engine.ts';
import { oneHot } from '@swipenet/server/training/step/loss.ts';
import { toRows } from '@swipenet/server/training/step/state-layout.ts';
import type { TrainingState } from '@swipenet/server/training/step/training-engine.ts';
import { planTraining } from '@swipenet/server/training/step/training-graph.ts';
import { seededRandom } from '@swipenet/shared/random.ts';
import type { Figure } from '../bench/report.ts';
import { type Finding, pass } from './section.ts';
import type { VerifySizes } from './sizes.ts';

const SOLVER = { classes: 2, momentum: 0.9, weightDecay: 1e-4 };

/** A network that uses every operator of the full one, for comparing a device's step with a CPU's. */
const SMALL = { batchSize: 4, cropSize: 96, width: 1 / 8, stepsPerCall: 2 };

/** How far losses may be from the CPU's, relative to it. */
const TOLERANCE = { exact: 1e-3, tf32: 1e-2 };

/** Noise instead of photos, as many as an epoch of the largest calls needs. */
function noise(count: number): Dataset {
  const random = seededRandom(1);
  const bytes = Uint8Array.from({ length: PHOTO_BYTES + 997 }, () => 256 * random());
  const photos = Array.from({ length: count }, (_, number) => ({ label: number % 2 ? 'LIKE' : 'NOPE' }));
  return {
    photos,
    mean: new Float32Array(PHOTO_BYTES).fill(128),
    numbersOf: () => photos.map((_, number) => number),
    readPhoto: async (number: number, into: Uint8Array) =>
      into.set(bytes.subarray(number % 997, PHOTO_BYTES + (number % 997))),
  } as unknown as Dataset;
}

type Calls = VerifySizes['training']['network'] & VerifySizes['training']['calls'][number];

/** Opens a training engine with random parameters, and a feed of calls for it. */
async function openTraining(device: Device, calls: Calls, tf32: boolean) {
  const dataset = noise(calls.batchSize * calls.stepsPerCall);
  const graph = { ...SOLVER, ...calls, mean: dataset.mean };
  const { layout, shapes, masks } = planTraining(graph);
  const zeros = () => ({
    weights: new Float32Array(layout.weights.size),
    biases: new Float32Array(layout.biases.size),
  });
  const state: TrainingState = { parameters: toRows(layout, initialParameters(shapes, 1)), momenta: zeros() };
  const options = { graph, device, threads: threadsOn(device, cores), tf32 };
  const engine = await ChildTrainingEngine.open(options, state);
  const position = { epoch: 0, batch: 0 };
  const ahead = Math.max(3, calls.stepsPerCall);
  const stream = new BatchStream(dataset, { ...calls, mirror: true, seed: 1, position, ahead });
  const schedule = {
    policy: { kind: 'fixed' },
    learningRate: 1e-3,
    warmup: 0,
    steps: Number.MAX_SAFE_INTEGER,
  } as const;
  const targetsOf = ({ labels }: { labels: Int32Array }) => oneHot(labels, SOLVER.classes);
  const feed = new CallFeed({ stream, targetsOf, schedule, masks, stepsPerCall: calls.stepsPerCall, seed: 1 }, 0);
  const close = async () => {
    await feed.close();
    await stream.close();
    await engine.close();
  };
  return { engine, feed, close };
}

/** Measures training as a run does it, with crops, masks and everything, but with noise instead of photos on disk. */
export async function measureTraining(
  device: Device,
  { training: { network, calls, seconds } }: VerifySizes,
  tf32: boolean,
): Promise<Finding> {
  const figures: Figure[] = [];
  for (const call of calls) {
    const { engine, feed, close } = await openTraining(device, { ...network, ...call }, tf32);
    try {
      await engine.step((await feed.next()).inputs);
      const begin = performance.now();
      let photos = 0;
      do {
        await engine.step((await feed.next()).inputs);
        photos += call.batchSize * call.stepsPerCall;
      } while (performance.now() - begin < 1000 * seconds);
      const { batchSize, stepsPerCall } = call;
      figures.push({
        key: `batch${batchSize}Steps${stepsPerCall}`,
        name: `batch ${batchSize}, ${stepsPerCall === 1 ? 'single steps' : `a Loop of ${stepsPerCall} steps`}`,
        value: (1000 * photos) / (performance.now() - begin),
        unit: 'images/s',
      });
    } finally {
      await close();
    }
  }
  const best = Math.max(...figures.map(({ value }) => value));
  return pass(`at best ${best.toFixed(0)} images/s`, { figures });
}

/** Compares the losses of a few steps with those on the CPU. The second step shows the first one's update. */
export async function compareSteps(device: Device, tf32: boolean): Promise<Finding> {
  const lossesOn = async (where: Device) => {
    const { engine, feed, close } = await openTraining(where, SMALL, where !== 'cpu' && tf32);
    try {
      const answers = await engine.step((await feed.next()).inputs);
      return answers.flatMap(({ losses }) => [...losses]);
    } finally {
      await close();
    }
  };
  const [own, cpu] = [await lossesOn(device), await lossesOn('cpu')];
  const difference = Math.max(...own.map((loss, index) => Math.abs(loss - cpu[index]!) / Math.abs(cpu[index]!)));
  const allowed = tf32 ? TOLERANCE.tf32 : TOLERANCE.exact;
  return {
    status: difference <= allowed ? 'pass' : 'fail',
    summary: `losses of ${SMALL.stepsPerCall} steps differ from the CPU’s by at most ${difference.toExponential(1)} of them (allowed: ${allowed})`,
    details: { own, cpu },
  };
}
