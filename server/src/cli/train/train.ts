import { resolve } from 'node:path';
import { systemDate } from '../../clock.ts';
import { CommandError } from '../../command-error.ts';
import { cores, useTf32 } from '../../config/machine.ts';
import { addInt8 } from '../../quantization/add-int8.ts';
import type { Manifest } from '../../registry/manifest.ts';
import { modelFolders } from '../../registry/model-folders.ts';
import { refuseTakenId } from '../../registry/model-registry.ts';
import { TF32_ON_CPU } from '../../runtime/cuda-trouble.ts';
import { openDataset } from '../../training/dataset/dataset.ts';
import { chooseMode, fullFlagsOf, refuseForHead } from '../../training/head/choose-mode.ts';
import { openHeadRun, runHead } from '../../training/head/head-run.ts';
import { areProfilesLabeled } from '../../training/head/train-head.ts';
import { publishRun } from '../../training/run/end/publish-run.ts';
import { holdRun } from '../../training/run/folder/held-run.ts';
import { createRunFolder, readRun } from '../../training/run/folder/run-folder.ts';
import { type Run, reopenRun } from '../../training/run/run.ts';
import { freeModelId } from '../../training/run/start/model-id.ts';
import { startRun } from '../../training/run/start/start-run.ts';
import { threadsOn, trainingDevice } from '../../training/run/start/training-device.ts';
import { type CommandInput, defineCommand } from '../command.ts';
import { printError } from '../terminal.ts';
import { endLines, headLines, headStartLines } from './lines.ts';
import { sourceOf, TRAIN_OPTIONS } from './options.ts';
import { watchRun } from './progress.ts';

/** The result of `train`. */
interface Trained {
  /** The new model's ID; `null` if the run was stopped. */
  readonly model: string | null;
  /** The run's folder. */
  readonly run: string;
  readonly metrics?: Readonly<Record<string, number>>;
}

/** `swipenet train`: trains a model on a dataset. */
export const trainCommand = defineCommand({
  name: 'train',
  summary: 'train a model on a dataset',
  settings: ['device', 'tf32', 'home'],
  options: TRAIN_OPTIONS,
  run: async (input): Promise<Trained> => {
    const { options, isGiven, settings } = input;
    if (settings.device === 'cpu' && settings.tf32) throw new CommandError('option_invalid', TF32_ON_CPU);
    useTf32(settings.tf32);
    const source = sourceOf(options);
    const fullFlags = fullFlagsOf(isGiven);
    if (options.mode === 'head') refuseForHead('resume' in source, { init: options.init, fullFlags });
    return await ('resume' in source ? resumeRun(resolve(source.resume), input) : learn(source.data, fullFlags, input));
  },
  print: () => '', // showModel has already printed the result
});

type Input = CommandInput<'device' | 'tf32' | 'home', typeof TRAIN_OPTIONS>;

/** Trains a model on a dataset: the whole network, or a head on its features. */
async function learn(data: string, fullFlags: readonly string[], input: Input): Promise<Trained> {
  const { settings, options, progress } = input;
  const { init, seed, target, mode: asked } = options;
  await using dataset = await openDataset(data);
  const photos = dataset.numbersOf('training').map((number) => dataset.photos[number]!);
  const byProfile = areProfilesLabeled(photos);
  const labels = byProfile
    ? ({ count: new Set(photos.map(({ profile }) => profile)).size, of: 'profiles' } as const)
    : ({ count: photos.length, of: 'photos' } as const);
  const { mode, reason: why } = chooseMode({ asked, labels, init, fullFlags });
  printError(`Mode ${mode}: ${why}`);
  if (input.isGiven('target') && !byProfile) {
    throw new CommandError('option_invalid', '--target needs training profiles with several photos');
  }
  const { device, reason } = await trainingDevice(settings.device);
  const threads = threadsOn(device, cores);
  const { home } = settings;
  const name = await freeModelId(options.name, data, modelFolders(home));
  const folder = resolve(options.run ?? home.run(name));
  await createRunFolder(folder);
  return await holdRun(folder, systemDate, async () => {
    if (mode === 'full') {
      const run = await startRun({
        ...{ folder, name, dataset, given: options, device, threads },
        tf32: device !== 'cpu' && settings.tf32,
        ...(byProfile && { target }),
        onProgress: (done, total) => progress.update('training features', done, total),
      });
      return await trainNetwork(run, reason, input);
    }
    const run = await openHeadRun(folder, { name, init, seed, target }, dataset);
    printError(headStartLines(run, `${device}; ${reason}`));
    const { learned, manifest } = await runHead(run, home.models, {
      ...{ device, threads },
      onProgress: (part, done, total) => progress.update(`${part} features`, done, total),
    });
    printError(headLines(learned));
    return await showModel(manifest, run, input);
  });
}

/** Resumes a run on its own device. Its model's ID was free when it started, and still has to be. */
async function resumeRun(folder: string, input: Input): Promise<Trained> {
  const configuration = await readRun(folder);
  await refuseTakenId(modelFolders(input.settings.home), configuration.name);
  await using dataset = await openDataset(configuration.data.folder);
  printError('Mode full: resuming a run');
  await trainingDevice(configuration.device);
  return await holdRun(folder, systemDate, async () =>
    trainNetwork(await reopenRun(folder, configuration, dataset), 'from the run', input),
  );
}

/** Trains the whole network until the run ends or Ctrl-C stops it. */
async function trainNetwork(run: Run, deviceReason: string, input: Input): Promise<Trained> {
  const finished = await watchRun(run, deviceReason);
  if (!finished) return { model: null, run: run.folder };
  return await showModel(await publishRun(input.settings.home.models, run, finished), run, input);
}

/** Prints the new model, and then adds its int8 form. */
async function showModel(
  manifest: Manifest,
  { folder, dataset }: Pick<Run, 'folder' | 'dataset'>,
  { settings: { home }, show, progress }: Input,
): Promise<Trained> {
  show(endLines(manifest, home.models, folder));
  const work = { threads: cores, onProgress: progress.update };
  printError(await addInt8(modelFolders(home), manifest, dataset, work));
  return { model: manifest.id, run: folder, metrics: manifest.metrics };
}
