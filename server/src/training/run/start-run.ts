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
import { NOTHING_YET } from './trainer.ts';

/** What a new run is made with. */
export interface NewRun {
  /** The run's folder; there must be nothing in it. */
  readonly folder: string;
  /** Id of the model that comes of it. */
  readonly name: string;
  readonly dataset: Dataset;
  readonly given: GivenHyperparameters;
  readonly device: Device;
  readonly threads: number;
}

/**
 * Starts a run: makes its folder, with the configuration and a first checkpoint of no steps. From there on it is like
 * any run that resumes.
 *
 * @throws CommandError `run_exists`, `run_unwritable`, `weights_invalid`; and what reading `init` throws.
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
  const progress = { step: 0, position: { epoch: 0, batch: 0 }, epochSoFar: NOTHING_YET };
  const checkpoint = { progress, parameters: toRows(layout, parameters), momenta };
  await writeCheckpoint(checkpointPath(folder, 'last'), layout, checkpoint);
  return { ...run, fresh };
}
