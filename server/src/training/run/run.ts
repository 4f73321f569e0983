import { CommandError } from '../../command-error.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { parsePolicy, type Schedule } from '../step/schedule.ts';
import type { TrainingEngineOptions } from '../step/training-engine.ts';
import { planTraining, type TrainingPlan } from '../step/training-graph.ts';
import { stepsOf } from './hyperparameters.ts';
import type { RunConfiguration } from './run-folder.ts';

/** NOPE and LIKE. */
export const CLASSES = 2;

/** Steps per call on CUDA, where each call moves the whole state there and back. A CPU takes one, so that it stops at once. */
const CUDA_STEPS_PER_CALL = 8;

/** A training run that is open: what it is made with, and what follows from that. */
export interface Run {
  readonly folder: string;
  readonly configuration: RunConfiguration;
  /** Open, and closed by whoever opened it. */
  readonly dataset: Dataset;
  /** How the engine computes the steps. */
  readonly engine: TrainingEngineOptions;
  /** The network's parameters and masks. */
  readonly plan: TrainingPlan;
  readonly schedule: Schedule;
  /** Tensors that a new run learns from nothing; `undefined` when a run resumes. */
  readonly fresh?: readonly string[] | undefined;
}

/**
 * Opens the run in a folder.
 *
 * @param dataset the data set in `configuration.data.folder`.
 * @throws CommandError `run_invalid` if the run learned from another data set.
 */
export function openRun(folder: string, configuration: RunConfiguration, dataset: Dataset): Run {
  const { data, batchSize, cropSize, momentum, weightDecay, device, threads } = configuration;
  if (dataset.id !== data.id) {
    throw new CommandError('run_invalid', `${folder} learned from another data set than ${data.folder} is now`);
  }
  const stepsPerCall = device === 'cpu' ? 1 : CUDA_STEPS_PER_CALL;
  const graph = { batchSize, cropSize, classes: CLASSES, width: 1, momentum, weightDecay, stepsPerCall };
  return {
    folder,
    configuration,
    dataset,
    engine: { graph, device, threads },
    plan: planTraining(graph),
    schedule: scheduleOf(configuration, dataset.numbersOf('training').length, stepsPerCall),
  };
}

/** How the learning rate changes. A call takes several steps, so their number is a multiple. */
function scheduleOf(configuration: RunConfiguration, photos: number, stepsPerCall: number): Schedule {
  const { policy, learningRate, warmup } = configuration;
  const calls = Math.ceil(stepsOf(configuration, photos) / stepsPerCall);
  return { policy: parsePolicy(policy)!, learningRate, warmup, steps: stepsPerCall * calls };
}
