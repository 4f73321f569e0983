import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../../command-error.ts';
import type { Manifest } from '../../registry/manifest.ts';
import { publishModel } from '../../registry/model-registry.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { commandFlags, type Hyperparameters } from '../run/hyperparameters.ts';
import type { Pretrained } from '../run/initialize.ts';
import { initName, readPretrained } from '../run/pretrained.ts';
import { RUN_FILES } from '../run/run-files.ts';
import { createRunFolder } from '../run/run-folder.ts';
import type { LearntHead } from './learn-head.ts';
import { type HeadModel, type HeadOptions, trainHead } from './train-head.ts';

/** Everything that a head is a function of, with the data and the network. `init` is recorded without folders. */
export interface HeadConfiguration extends Pick<Hyperparameters, 'init' | 'seed'> {
  /** Id of the model that comes of it. */
  readonly name: string;
}

/** What a head is learned from, and what it becomes. */
export interface HeadRun {
  /** Where it's recorded how the head was learned; there must be nothing in it. */
  readonly folder: string;
  readonly configuration: HeadConfiguration;
  readonly dataset: Dataset;
  readonly pretrained: Pretrained;
}

/** The file of a head's run that says how it was learned. */
const HEAD_FILE = 'head.json';

/** Opens a head's run: reads the network that `--init` names, which is not `none`. Throws what reading it throws. */
export async function openHeadRun(
  folder: string,
  { name, init, seed }: HeadConfiguration,
  dataset: Dataset,
): Promise<HeadRun> {
  const pretrained = (await readPretrained(init))!;
  return { folder, configuration: { name, init: initName(init), seed }, dataset, pretrained };
}

/**
 * Learns a head, records how, and publishes it, folded into its network, as a model like any other.
 *
 * @param models the folder of models that it becomes one of.
 * @throws CommandError `run_exists`, `run_unwritable`, `model_exists`, `home_unusable`; and what {@link trainHead} throws.
 */
export async function runHead(
  run: HeadRun,
  models: string,
  work: Pick<HeadOptions, 'device' | 'threads' | 'onProgress'>,
): Promise<{ learnt: LearntHead; manifest: Manifest }> {
  const { dataset, pretrained, configuration } = run;
  const model = await trainHead({ dataset, pretrained, seed: configuration.seed, ...work });
  await writeHeadRun(run, model);
  return { learnt: model.learnt, manifest: await publishHead(models, run, model) };
}

async function writeHeadRun(
  { folder, configuration, dataset }: HeadRun,
  { learnt, mean, metrics, predictions }: HeadModel,
): Promise<void> {
  const { strength, folds, spare, temperature } = learnt;
  const record = { format: 1, ...configuration, data: dataset.id, mean, strength, folds, spare, temperature, metrics };
  await createRunFolder(folder);
  try {
    await writeFile(join(folder, HEAD_FILE), `${JSON.stringify(record, null, 2)}\n`);
    const lines = predictions.map((prediction) => `${JSON.stringify(prediction)}\n`);
    await writeFile(join(folder, RUN_FILES.predictions), lines.join(''));
  } catch (cause) {
    throw new CommandError('run_unwritable', `${folder} cannot be written (${systemCodeOf(cause)})`, { cause });
  }
}

async function publishHead(
  models: string,
  { configuration: { name, init, seed }, dataset: { head, id } }: HeadRun,
  { learnt, mean, bytes, metrics }: HeadModel,
): Promise<Manifest> {
  const { LIKE, NOPE } = head.parts.training;
  const about = {
    id: name,
    preprocessing: { resize: head.resize, mean },
    threshold: DEFAULT_THRESHOLD,
    temperature: learnt.temperature.temperature,
    metrics,
    provenance: {
      description: `a head on frozen features of ${init}, learned on ${LIKE.photos} LIKE and ${NOPE.photos} NOPE photos (data set ${id.slice(0, 16)})`,
      command: `swipenet train --mode head --data … --name ${name} ${commandFlags({ init, seed })}`,
    },
  };
  return publishModel(models, about, { bytes, storage: 'float32' });
}
