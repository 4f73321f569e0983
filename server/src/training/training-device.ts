import { SwipenetError } from '@swipenet/shared/contract/errors.ts';
import { cudaProviderInstalled } from '../runtime/providers.ts';
import type { Device } from '../runtime/session.ts';
import { ChildTrainingEngine } from './child-training-engine.ts';
import { planTraining } from './training-graph.ts';

/** A small network whose step has every operator of the large one's. */
const PROBE = { batch: 1, side: 96, classes: 2, width: 1 / 8, momentum: 0.9, weightDecay: 0, stepsPerCall: 1 };

/** Opens a small training graph on a device, strictly, in a process of its own. Throws Error with ONNX Runtime's words. */
async function openProbe(device: Device): Promise<void> {
  const { layout } = planTraining(PROBE);
  const rows = () => ({ weights: new Float32Array(layout.weights.size), biases: new Float32Array(layout.biases.size) });
  const engine = await ChildTrainingEngine.open(
    { graph: PROBE, device, threads: 1 },
    { parameters: rows(), momenta: rows() },
  );
  await engine.close();
}

/**
 * The device a run computes on: the one that was asked for, or for `auto` CUDA where every operator of a step runs there.
 *
 * @param probe opens a step on a device and closes it; for tests.
 * @throws SwipenetError `device_unavailable` where the one that was asked for cannot be used.
 */
export async function trainingDevice(
  choice: Device | 'auto',
  { cudaInstalled = cudaProviderInstalled, probe = openProbe } = {},
): Promise<{ device: Device; reason: string }> {
  if (choice === 'cpu') return { device: 'cpu', reason: 'asked for' };
  if (choice === 'auto' && !cudaInstalled()) {
    return { device: 'cpu', reason: 'auto: the CUDA provider library of onnxruntime-node is not installed' };
  }
  const device = choice === 'auto' ? 'cuda:0' : choice;
  try {
    await probe(device);
    return { device, reason: choice === 'auto' ? 'auto: CUDA works' : 'asked for' };
  } catch (cause) {
    const words = (cause as Error).message;
    if (choice === 'auto') return { device: 'cpu', reason: `auto: CUDA cannot be used: ${words}` };
    throw new SwipenetError('device_unavailable', `${device} cannot be used: ${words}`, { cause });
  }
}
