import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { systemCodeOf } from '@swipenet/shared/contract/errors.ts';
import { CommandError } from '../../command-error.ts';
import type { Manifest } from '../../registry/manifest.ts';
import { publishModel } from '../../registry/model-registry.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { type Target, targetText } from '../profiles/target.ts';
import { trainingRecord } from '../run/end/trained-on.ts';
import { RUN_FILES } from '../run/folder/run-files.ts';
import { createRunFolder } from '../run/folder/run-folder.ts';
import { commandFlags, type Hyperparameters } from '../run/start/hyperparameters.ts';
import type { Pretrained } from '../run/start/initialize.ts';
import { initName, readPretrained } from '../run/start/pretrained.ts';
import { type HeadModel, type HeadOptions, type Learned, trainHead } from './train-head.ts';

/** Everything that a head depends on, apart from the data and the network. `init` is recorded without local paths. */
export interface HeadConfiguration extends Pick<Hyperparameters, 'init' | 'seed'> {
  /** What to choose the threshold for, if labels are of whole profiles. */
  readonly target: Target;
  /** The ID of the model that the run trains. */
  readonly name: string;
}

/** The inputs of a head's training run. */
export interface HeadRun {
  /** The folder for the record of the run. It must be empty or not exist. */
  readonly folder: string;
  readonly configuration: HeadConfiguration;
  readonly dataset: Dataset;
  readonly pretrained: Pretrained;
}

/** The record of a head's run: its configuration and results. */
export const HEAD_FILE = 'head.json';

/** Opens a head's run and reads the network that `--init` names, which isn't `none`. Throws what reading it throws. */
export async function openHeadRun(
  folder: string,
  { name, init, seed, target }: HeadConfiguration,
  dataset: Dataset,
): Promise<HeadRun> {
  const pretrained = (await readPretrained(init))!;
  return { folder, configuration: { name, init: initName(init), seed, target }, dataset, pretrained };
}

/**
 * Trains a head, records the run, and publishes the head, folded into its network, as an ordinary model.
 *
 * @param models the folder of models to publish to.
 * @throws CommandError `run_exists`, `run_unwritable`, `model_exists`, `home_unusable`; and what {@link trainHead}
 *   throws.
 */
export async function runHead(
  run: HeadRun,
  models: string,
  work: Pick<HeadOptions, 'device' | 'threads' | 'onProgress'>,
): Promise<{ learned: Learned; manifest: Manifest }> {
  const { dataset, pretrained, configuration } = run;
  const { seed, target } = configuration;
  const model = await trainHead({ dataset, pretrained, seed, target, ...work });
  await writeHeadRun(run, model);
  return { learned: model.learned, manifest: await publishHead(models, run, model) };
}

async function writeHeadRun(
  { folder, configuration, dataset }: HeadRun,
  { learned, mean, metrics, predictions }: HeadModel,
): Promise<void> {
  const { folds, spare } = learned;
  const found =
    'rule' in learned
      ? { rule: learned.rule, method: learned.method, compared: learned.compared }
      : { strength: learned.strength, temperature: learned.temperature };
  const { target, ...others } = configuration;
  const about = { format: 1, ...others, ...('rule' in learned && { target: targetText(target) }), data: dataset.id };
  const record = { ...about, mean, folds, spare, ...found, metrics };
  await createRunFolder(folder);
  try {
    await writeFile(join(folder, HEAD_FILE), `${JSON.stringify(record, null, 2)}\n`);
    const lines = predictions.map((prediction) => `${JSON.stringify(prediction)}\n`);
    await writeFile(join(folder, RUN_FILES.predictions), lines.join(''));
  } catch (cause) {
    throw new CommandError('run_unwritable', `can’t write to ${folder} (${systemCodeOf(cause)})`, { cause });
  }
}

async function publishHead(
  models: string,
  { configuration: { name, init, seed, target }, dataset, pretrained: { forHeads } }: HeadRun,
  { learned, temperature, mean, bytes, metrics }: HeadModel,
): Promise<Manifest> {
  const { head, id } = dataset;
  const { LIKE, NOPE } = head.parts.training;
  const byProfile = 'rule' in learned;
  const examples = byProfile
    ? `${LIKE.profiles} LIKE and ${NOPE.profiles} NOPE profiles`
    : `${LIKE.photos} LIKE and ${NOPE.photos} NOPE photos`;
  const aim = byProfile ? ` --target ${targetText(target)}` : '';
  const about = {
    id: name,
    preprocessing: { resize: head.resize, mean },
    ...('rule' in learned ? { decision: learned.rule } : { threshold: DEFAULT_THRESHOLD }),
    ...(forHeads && { headOf: { id: forHeads.id, sha256: forHeads.sha256 } }),
    temperature,
    metrics,
    provenance: {
      description: `a head on frozen features of ${init}, trained on ${examples} (dataset ${id.slice(0, 16)})`,
      command: `swipenet train --mode head --data … --name ${name} ${commandFlags({ init, seed })}${aim}`,
    },
  };
  return publishModel(models, about, { bytes, storage: 'float32', trainedOn: trainingRecord(dataset) });
}
