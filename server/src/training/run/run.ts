import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../../command-error.ts';
import { removeDrafts } from '../../files/write-whole.ts';
import type { Device } from '../../runtime/session.ts';
import { batchesPerEpoch, meanOf } from '../dataset/batches/batch-stream.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { parsePolicy, type Schedule } from '../step/schedule.ts';
import type { TrainingEngineOptions } from '../step/training-engine.ts';
import { planTraining, type TrainingPlan } from '../step/training-graph.ts';
import type { RunConfiguration } from './folder/run-folder.ts';
import { readTargets } from './folder/targets-file.ts';
import { stepsOf } from './start/hyperparameters.ts';

/** The number of classes: NOPE and LIKE. */
export const CLASSES = 2;

/** The most steps per call on CUDA, where every call copies the whole training state to the GPU and back. */
const CUDA_STEPS_PER_CALL = 32;

/** An open training run: its configuration, and everything that follows from it. */
export interface Run {
  readonly folder: string;
  readonly configuration: RunConfiguration;
  /** An open dataset. The opener closes it. */
  readonly dataset: Dataset;
  /** How the engine computes the steps. */
  readonly engine: TrainingEngineOptions;
  /** The network's parameters and masks. */
  readonly plan: TrainingPlan;
  readonly schedule: Schedule;
  /** `[training photos, 2]`: what each photo teaches if labels are of whole profiles; otherwise `undefined`. */
  readonly targets?: Float32Array | undefined;
  /** The tensors that a new run initializes at random; `undefined` for a resumed run. */
  readonly fresh?: readonly string[] | undefined;
}

/**
 * Opens the run in a folder.
 *
 * @param dataset the dataset in `configuration.data.folder`.
 * @throws CommandError `run_invalid` if the run was started with another dataset.
 */
export function openRun(folder: string, configuration: RunConfiguration, dataset: Dataset): Run {
  const { data, batchSize, cropSize, momentum, weightDecay, device, threads, tf32 = false } = configuration;
  if (dataset.id !== data.id) {
    throw new CommandError('run_invalid', `${data.folder} is no longer the dataset that ${folder} was started with`);
  }
  const photos = dataset.numbersOf('training').length;
  const stepsPerCall = stepsPerCallOn(device, configuration, photos);
  const mean = meanOf(dataset, configuration.mean);
  const graph = { batchSize, cropSize, classes: CLASSES, width: 1, mean, momentum, weightDecay, stepsPerCall };
  return {
    folder,
    configuration,
    dataset,
    engine: { graph, device, threads, tf32 },
    plan: planTraining(graph),
    schedule: scheduleOf(configuration, photos, stepsPerCall),
  };
}

/**
 * Opens a run to resume it. Removes the drafts that the run left in its folder if it was killed while it wrote a file.
 *
 * @throws CommandError `run_unwritable`; and what {@link openRun} and {@link readTargets} throw.
 */
export async function reopenRun(folder: string, configuration: RunConfiguration, dataset: Dataset): Promise<Run> {
  const run = openRun(folder, configuration, dataset);
  const targets = configuration.profiles && (await readTargets(folder, configuration.profiles.targetsSha256));
  await removeDrafts(folder).catch((cause) => {
    throw new CommandError('run_unwritable', `can’t write to ${folder} (${systemCodeOf(cause)})`, { cause });
  });
  return { ...run, targets };
}

/**
 * Returns the number of steps per call. On a CPU, a call is one step, so that Ctrl-C takes effect quickly. On CUDA, it is at
 * most an epoch, because validation comes between calls, and calls are about equal, so that the run has few steps more than
 * its epochs.
 */
function stepsPerCallOn(device: Device, configuration: RunConfiguration, photos: number): number {
  if (device === 'cpu') return 1;
  const most = Math.min(CUDA_STEPS_PER_CALL, batchesPerEpoch(photos, configuration.batchSize));
  const steps = stepsOf(configuration, photos);
  return Math.ceil(steps / Math.ceil(steps / most));
}

/** Returns the learning rate schedule. Its length is rounded up to whole calls. */
function scheduleOf(configuration: RunConfiguration, photos: number, stepsPerCall: number): Schedule {
  const { policy, learningRate, warmup } = configuration;
  const calls = Math.ceil(stepsOf(configuration, photos) / stepsPerCall);
  return { policy: parsePolicy(policy)!, learningRate, warmup, steps: stepsPerCall * calls };
}
