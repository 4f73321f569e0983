import { join, resolve } from 'node:path';
import { readSettings, type SettingName } from '../config.ts';
import { openDataset } from '../training/dataset/dataset.ts';
import { publishRun } from '../training/publish-run.ts';
import { readRun } from '../training/run-folder.ts';
import { trainingDevice } from '../training/training-device.ts';
import { commandWith } from './command.ts';
import { runToEnd } from './run-to-end.ts';
import { parseTrainFlags } from './train-flags.ts';
import { endLines } from './train-lines.ts';
import { TRAIN_OPTIONS } from './train-options.ts';
import { newRun } from './train-run.ts';

const SETTINGS = ['device', 'home'] as const satisfies SettingName[];

/** `swipenet train`: a data set becomes a model. */
export const trainCommand = commandWith('train', 'learn a model from a data set', SETTINGS).action(async (given) => {
  const { home, device: choice } = readSettings(SETTINGS, given);
  const flags = parseTrainFlags(given);
  const { device, reason } = await trainingDevice(choice);
  const begun = flags.data !== undefined ? await newRun({ ...flags, data: flags.data }, { home, device }) : undefined;
  const folder = begun?.folder ?? resolve(flags.resume!);
  const configuration = begun?.configuration ?? (await readRun(folder));
  const ended = await runToEnd({ folder, configuration, reason, fresh: begun?.fresh });
  if (!ended) return;
  const { best, conclusion } = ended;
  const models = join(home, 'models');
  const metrics = { validationLoss: best.checkpoint.progress.best?.loss ?? 0, ...conclusion.metrics };
  const { parameters } = best.checkpoint;
  const dataset = await openDataset(configuration.data.folder);
  await dataset.close();
  const { temperature } = conclusion;
  const manifest = await publishRun({ models, configuration, dataset, parameters, temperature, metrics });
  console.log(endLines(manifest, models, folder));
});

for (const [flag, help, standard] of TRAIN_OPTIONS) trainCommand.option(flag, help, standard);
