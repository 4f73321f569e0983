import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '../../../command-error.ts';
import { CUDA_NOT_INSTALLED, cudaTrouble, deviceTrouble } from '../../../runtime/cuda-trouble.ts';
import { type OperatorTime, readProfile } from '../../../runtime/profile.ts';
import { cudaProviderInstalled } from '../../../runtime/providers.ts';
import { type Device, executionProviderOf } from '../../../runtime/session.ts';
import { PHOTO_BYTES } from '../../dataset/dataset-format.ts';
import { ChildTrainingEngine } from '../../step/child-training-engine.ts';
import { dropoutMasks } from '../../step/dropout-masks.ts';
import { oneHot } from '../../step/loss.ts';
import { planTraining } from '../../step/training-graph.ts';

/** A small network that uses every operator of the full one. */
const PROBE = {
  ...{ batchSize: 1, cropSize: 96, classes: 2, width: 1 / 8, momentum: 0.9, weightDecay: 1e-4 },
  mean: new Float32Array(PHOTO_BYTES),
};

/** Operators of a Loop that always run on the CPU: the Loop's own control flow, and its condition. */
const CONTROL: ReadonlySet<string> = new Set(['Loop', 'Identity']);

/**
 * Runs steps of a small training graph on a device, in a process of its own, and returns where each operator ran. A
 * strict session only guarantees that for the main graph. For the body of a Loop, the profile is the only evidence.
 *
 * @throws Error with ONNX Runtime's message if the device can't run the graph.
 */
export async function probeSteps(device: Device, stepsPerCall: number): Promise<readonly OperatorTime[]> {
  const graph = { ...PROBE, stepsPerCall };
  const { layout, masks } = planTraining(graph);
  const rows = () => ({ weights: new Float32Array(layout.weights.size), biases: new Float32Array(layout.biases.size) });
  const folder = await mkdtemp(join(tmpdir(), 'swipenet-probe-'));
  try {
    const options = { graph, device, threads: 1, profilePrefix: join(folder, 'steps') };
    const engine = await ChildTrainingEngine.open(options, { parameters: rows(), momenta: rows() });
    try {
      const input = (step: number) => ({
        photos: new Uint8Array(PROBE.cropSize ** 2).fill(1),
        ...{ origins: Int32Array.of(0), directions: Int32Array.of(1) },
        targets: oneHot([step % 2], PROBE.classes),
        masks: dropoutMasks(masks, 0, step),
        learningRate: 0.001,
      });
      await engine.step(Array.from({ length: stepsPerCall }, (_, step) => input(step)));
      await engine.closeSessions();
    } finally {
      await engine.close();
    }
    const [profile] = await readdir(folder);
    return await readProfile(join(folder, profile!));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns ONNX Runtime's thread count for a run: all cores on a CPU, and one on a GPU, which needs no more. */
export const threadsOn = (device: Device, cores: number) => (device === 'cpu' ? cores : 1);

/** Lists the operators that ran on another device. */
export function strayOperators(times: readonly OperatorTime[], device: Device): string[] {
  const expected = executionProviderOf(device);
  return times
    .filter(({ operator, provider }) => provider !== expected && !CONTROL.has(operator))
    .map(({ operator, provider }) => `${operator} (${provider})`);
}

/**
 * Chooses the device to train on: the requested one, or with `auto` CUDA if it works and the CPU if it doesn't. Every
 * run tests CUDA first. It takes a strict single step and a Loop of steps on a small network, and every operator must
 * have run on the GPU.
 *
 * @param probe replaced in tests.
 * @throws CommandError `device_unavailable` if the requested device can't be used.
 */
export async function trainingDevice(
  choice: Device | 'auto',
  { cudaInstalled = cudaProviderInstalled, probe = probeSteps } = {},
): Promise<{ device: Device; reason: string }> {
  if (choice === 'cpu') return { device: 'cpu', reason: 'requested' };
  if (choice === 'auto' && !cudaInstalled()) {
    return { device: 'cpu', reason: `auto: ${CUDA_NOT_INSTALLED}` };
  }
  const device = choice === 'auto' ? 'cuda:0' : choice;
  try {
    for (const stepsPerCall of [1, 2]) {
      const stray = strayOperators(await probe(device, stepsPerCall), device);
      if (stray.length > 0) throw new Error(`${stray.join(', ')} did not run on it`);
    }
    return { device, reason: choice === 'auto' ? 'auto: CUDA works' : 'requested' };
  } catch (cause) {
    if (choice === 'auto') {
      return { device: 'cpu', reason: `auto: CUDA is unavailable: ${cudaTrouble(cause, cudaInstalled)}` };
    }
    throw new CommandError('device_unavailable', deviceTrouble(device, cause, cudaInstalled), { cause });
  }
}
