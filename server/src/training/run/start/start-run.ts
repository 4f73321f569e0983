import { resolve } from 'node:path';
import { sha256 } from '../../../files/sha256.ts';
import type { Device } from '../../../runtime/session.ts';
import type { Dataset } from '../../dataset/dataset.ts';
import { findPhotoTargets } from '../../profiles/find-photo-targets.ts';
import { checkProfiles } from '../../profiles/learn-profiles.ts';
import type { Target } from '../../profiles/target.ts';
import { checkValidationProfiles } from '../../profiles/validation-profiles.ts';
import { toRows } from '../../step/state-layout.ts';
import { levelOfMean } from '../end/export-model.ts';
import { writeCheckpoint } from '../folder/checkpoint.ts';
import { checkpointPath, createRun, createRunFolder, type RunConfiguration } from '../folder/run-folder.ts';
import { encodeTargets, writeTargets } from '../folder/targets-file.ts';
import { NO_STEPS_YET } from '../loop/trainer.ts';
import { openRun, type Run } from '../run.ts';
import { type GivenHyperparameters, stepsOf, withDefaults } from './hyperparameters.ts';
import { adaptParameters, initialParameters } from './initialize.ts';
import { initName, readPretrained } from './pretrained.ts';

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
  /** Lets a GPU compute with TF32. Off by default. */
  readonly tf32?: boolean;
  /** What to choose the threshold for, if labels are of whole profiles; absent if each photo has its own. */
  readonly target?: Target | undefined;
  /** Called while features are computed, if labels are of whole profiles. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Creates a run's folder, with the configuration and a checkpoint at step 0. From then on, a new run works like a
 * resumed one. If labels are of whole profiles, finds out first what each photo teaches.
 *
 * @throws CommandError `run_exists`, `run_unwritable`, `weights_invalid`; `dataset_too_small` if there are too few
 *   profiles.
 * @throws the errors of reading `init`.
 */
export async function startRun(start: NewRun): Promise<Run> {
  const { folder, name, dataset, given, device, threads, tf32 = false, target } = start;
  const training = dataset.numbersOf('training').map((number) => dataset.photos[number]!);
  if (target) {
    checkProfiles(training);
    checkValidationProfiles(dataset.numbersOf('validation').map((number) => dataset.photos[number]!));
  }
  const pretrained = await readPretrained(given.init);
  if (target) await createRunFolder(folder); // fails early if it is in use
  const { seed } = given;
  const targets = target && (await findPhotoTargets(dataset, pretrained, { ...start, seed, target }));
  const targetsFile = targets && encodeTargets(training, targets);
  const steps = stepsOf(given, training.length);
  const configuration: RunConfiguration = {
    format: 2,
    name,
    data: { folder: resolve(dataset.folder), id: dataset.id },
    ...withDefaults(given, { pretrained: pretrained !== undefined, steps }),
    init: initName(given.init),
    device,
    threads,
    ...(tf32 && { tf32 }),
    ...(targetsFile && { profiles: { target: target!, targetsSha256: sha256(targetsFile) } }),
  };
  const run = openRun(folder, configuration, dataset);
  const { shapes, layout } = run.plan;
  const { parameters, fresh } = pretrained
    ? adaptParameters(pretrained, shapes, levelOfMean(dataset.mean), seed)
    : { parameters: initialParameters(shapes, seed), fresh: [...shapes.keys()] };
  await createRun(folder, configuration);
  if (targetsFile) await writeTargets(folder, targetsFile);
  const momenta = { weights: new Float32Array(layout.weights.size), biases: new Float32Array(layout.biases.size) };
  const progress = { step: 0, position: { epoch: 0, batch: 0 }, epochSoFar: NO_STEPS_YET };
  const checkpoint = { progress, parameters: toRows(layout, parameters), momenta };
  await writeCheckpoint(checkpointPath(folder, 'last'), layout, checkpoint);
  return { ...run, targets, fresh };
}
