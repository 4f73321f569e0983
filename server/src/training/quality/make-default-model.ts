import { existsSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_THRESHOLD } from '@swipenet/shared/confidence.ts';
import { sha256 } from '../../files/sha256.ts';
import { makeFolder } from '../../files/write-whole.ts';
import type { Manifest } from '../../registry/manifest.ts';
import { replaceModel } from '../../registry/model-registry.ts';
import type { Device } from '../../runtime/session.ts';
import { type Dataset, openDataset } from '../dataset/dataset.ts';
import { DATASET_FILES } from '../dataset/dataset-format.ts';
import { exportRun } from '../run/end/export-model.ts';
import type { FinishedRun } from '../run/end/run-to-end.ts';
import { holdRun } from '../run/folder/held-run.ts';
import { checkpointPath, readRun } from '../run/folder/run-folder.ts';
import { type Run, reopenRun } from '../run/run.ts';
import { commandFlags, DEFAULTS, type Hyperparameters } from '../run/start/hyperparameters.ts';
import { startRun } from '../run/start/start-run.ts';
import { threadsOn } from '../run/start/training-device.ts';
import { COMMIT_FILE, type DefaultSetOptions, makeDefaultSet } from './default-set.ts';
import { evaluateOnTestSet, generatedFigures } from './evaluate-model.ts';
import { figuresTable, manifestFigures, type QualityFigures } from './quality-figures.ts';

const DESCRIPTION =
  'Technical photo quality from constructed labels (LIKE: a photo, lightly cropped; NOPE: the same with one to three faults), ' +
  'all layers fine-tuned; see docs/model-card.md';

/** The embedded model's hyperparameters. The others are the defaults of `train`. */
export const RECIPE = { epochs: 4, learningRate: 0.002, policy: 'step:66%:0.1', mean: 'pixel', seed: 1 } as const;

/** The hyperparameters that `train:default` accepts as flags. */
type RecipeFlags = Pick<Hyperparameters, 'init' | 'epochs' | 'learningRate' | 'seed'>;

/** How to make the embedded model. */
export interface DefaultModelOptions extends Omit<DefaultSetOptions, 'seed' | 'workers'> {
  /** The folder for the set, the run and the figures. Work that is already there is reused. */
  readonly folder: string;
  readonly flags: RecipeFlags;
  /** The model's ID. It replaces a model with the same ID. */
  readonly id: string;
  /** The folder of models to publish to. */
  readonly models: string;
  readonly device: Device;
  readonly cores: number;
  /** Returns the current date and time. */
  readonly date: () => Date;
  /** Trains a run to its end. Returns undefined if it was stopped. */
  readonly train: (run: Run) => Promise<FinishedRun | undefined>;
}

/** The finished embedded model. */
export interface DefaultModel {
  readonly manifest: Manifest;
  /** The model's folder. */
  readonly place: string;
  readonly figures: QualityFigures;
}

/**
 * Makes the embedded model: builds a set with constructed labels, trains on it, evaluates the model, and puts it into
 * the folder of models. The figures are measured on the published file itself.
 *
 * @returns undefined if training was stopped.
 * @throws CommandError `run_busy` if another process works in the folder; `home_unusable` if the folder of models can't be written.
 * @throws the errors of making the set and of the run.
 */
export async function makeDefaultModel(options: DefaultModelOptions): Promise<DefaultModel | undefined> {
  const training = join(options.folder, 'training');
  await makeFolder(training);
  const { made } = await holdRun(training, options.date, async () => {
    const model = await makeAlone(options, training);
    return { model: model?.manifest.id ?? null, made: model };
  });
  return made;
}

/** Makes the model while no other process makes the set or trains the run. */
async function makeAlone(options: DefaultModelOptions, training: string): Promise<DefaultModel | undefined> {
  const { folder, flags, drawn, models, cores, onProgress } = options;
  const set = await makeDefaultSet(folder, { ...options, seed: flags.seed, workers: cores });
  await using dataset = await openDataset(set);
  const run = await openDefaultRun(options, training, dataset);
  const finished = await options.train(run);
  if (!finished) return undefined;
  const { bytes, preprocessing } = exportRun(run, finished, 'float16');
  const onEvaluated = (done: number, total: number) => onProgress('test photos', done, total);
  const figures = await evaluateOnTestSet(dataset, bytes, cores, onEvaluated);
  const about = {
    id: run.configuration.name,
    preprocessing,
    threshold: DEFAULT_THRESHOLD,
    temperature: finished.temperature,
    metrics: { ...manifestFigures(figures), ...(await generatedFigures(bytes, cores)) },
    provenance: {
      description: DESCRIPTION,
      command: commandOf(run, drawn),
      ...(await hashOfInit(flags.init)),
      commit: await readFile(join(folder, COMMIT_FILE), 'utf8'),
      dataIndexSha256: dataset.head.sha256[DATASET_FILES.photos]!,
    },
  };
  const manifest = await replaceModel(models, about, { bytes, storage: 'float16' });
  await writeFile(join(folder, 'figures.md'), `${figuresTable(figures)}\n`);
  await writeFile(join(folder, 'figures.json'), `${JSON.stringify(figures, null, 2)}\n`);
  return { manifest, place: join(models, manifest.id), figures };
}

async function openDefaultRun(
  { flags, id, device, cores }: DefaultModelOptions,
  training: string,
  dataset: Dataset,
): Promise<Run> {
  if (existsSync(checkpointPath(training, 'last'))) return await reopenRun(training, await readRun(training), dataset);
  const given = { ...DEFAULTS, ...RECIPE, ...flags };
  return startRun({ folder: training, name: id, dataset, given, device, threads: threadsOn(device, cores) });
}

/** Only a single file has a hash to record. `none` and a model's folder are named in the command. */
async function hashOfInit(init: string): Promise<{ sourceSha256?: string }> {
  const isFile = existsSync(init) && statSync(init).isFile();
  return isFile ? { sourceSha256: sha256(await readFile(init)) } : {};
}

/** Returns a command that others can repeat, without local paths. A resumed run keeps its own flags. */
function commandOf({ configuration: { init, epochs, learningRate, seed } }: Run, drawn: number): string {
  const flags = commandFlags({ init, epochs, learningRate, seed });
  return `npm run train:default -- --photos … --drawn ${drawn} ${flags}`;
}
