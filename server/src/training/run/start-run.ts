import { resolve } from 'node:path';
import type { Device } from '../../runtime/session.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { toRows } from '../step/state-layout.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { levelOfMean } from './export-model.ts';
import { type GivenHyperparameters, stepsOf, withDefaults } from './hyperparameters.ts';
import { adaptParameters, initialParameters } from './initialize.ts';
import { initName, readPretrained } from './pretrained.ts';
import { openRun, type Run } from './run.ts';
import { checkpointPath, createRun, type RunConfiguration } from './run-folder.ts';
import { NO_STEPS_YET } from './trainer.ts';

/** The inputs of a new run. */
export interface NewRun {
  /** The run's folder, which must be empty or not exist. */
  readonly folder: string;
  /** The ID of the model that the run trains. */
  readonly name: string;
  readonly dataset: Dataset;
  readonly given: GivenHyperparameters;
  readonly device: Device;
  readonly threads: number;
}

/**
 * Creates a run's folder, with the configuration and a checkpoint at step 0. From then on, a new run works like a
 * resumed one.
 *
 * @throws CommandError `run_exists`, `run_unwritable`, `weights_invalid`.
 * @throws the errors of reading `init`.
 */
export async function startRun({ folder, name, dataset, given, device, threads }: NewRun): Promise<Run> {
  const pretrained = await readPretrained(given.init);
  const steps = stepsOf(given, dataset.numbersOf('training').length);
  const configuration: RunConfiguration = {
    format: 2,
    name,
    data: { folder: resolve(dataset.folder), id: dataset.id },
    ...withDefaults(given, { pretrained: pretrained !== undefined, steps }),
    init: initName(given.init),
    device,
    threads,
  };
  const run = openRun(folder, configuration, dataset);
  const { shapes, layout } = run.plan;
  const { seed } = configuration;
  const { parameters, fresh } = pretrained
    ? adaptParameters(pretrained, shapes, levelOfMean(dataset.mean), seed)
    : { parameters: initialParameters(shapes, seed), fresh: [...shapes.keys()] };
  await createRun(folder, configuration);
  const momenta = { weights: new Float32Array(layout.weights.size), biases: new Float32Array(layout.biases.size) };
  const progress = { step: 0, position: { epoch: 0, batch: 0 }, epochSoFar: NO_STEPS_YET };
  const checkpoint = { progress, parameters: toRows(layout, parameters), momenta };
  await writeCheckpoint(checkpointPath(folder, 'last'), layout, checkpoint);
  return { ...run, fresh };
}
