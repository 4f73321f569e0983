import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../../command-error.ts';
import type { Manifest } from '../../registry/manifest.ts';
import { publishModel } from '../../registry/model-registry.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { RUN_FILES } from '../run/run-files.ts';
import { createRunFolder } from '../run/run-folder.ts';
import type { HeadModel } from './train-head.ts';

/** Everything that a head is a function of, with the data and the network. */
export interface HeadConfiguration {
  /** Id of the model that comes of it. */
  readonly name: string;
  /** What its features are from: `embedded`, or the model or file. */
  readonly init: string;
  readonly seed: number;
}

/** The file of a head's run that says how it was learnt. */
const HEAD_FILE = 'head.json';

/**
 * Keeps in a new run's folder how a head was learnt, and what it says of the validation part.
 *
 * @throws CommandError `run_exists`, `run_unwritable`.
 */
export async function writeHeadRun(
  folder: string,
  configuration: HeadConfiguration,
  dataset: Pick<Dataset, 'id'>,
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

/**
 * Publishes a head, folded into its network, as a model like any other.
 *
 * @param models the folder of models that it becomes one of.
 * @throws CommandError `model_exists`, `home_unusable`.
 */
export async function publishHead(
  models: string,
  { name, init, seed }: HeadConfiguration,
  { head, id }: Pick<Dataset, 'head' | 'id'>,
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
      description: `a head on frozen features of ${init}, learnt on ${LIKE.photos} LIKE and ${NOPE.photos} NOPE photos (data set ${id.slice(0, 16)})`,
      command: `swipenet train --mode head --data … --name ${name} --init ${init} --seed ${seed}`,
    },
  };
  return publishModel(models, about, { bytes, storage: 'float32' });
}
