// npm run train:default -- --photos DIR --init FILE: makes the embedded model, from photos to server/models.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { CommandError } from '../command-error.ts';
import { EMBEDDED_MODEL } from '../config/embedded-model.ts';
import { readSettings } from '../config/settings.ts';
import { Home } from '../home/home.ts';
import { readRun } from '../training/run/run-folder.ts';
import { trainingDevice } from '../training/run/training-device.ts';
import { endDefaultModel } from './default-model-end.ts';
import { openDefaultSet } from './default-model-set.ts';
import { Progress } from './progress.ts';
import { runToEnd } from './run-to-end.ts';
import { parseTrainFlags } from './train-flags.ts';
import { newRun } from './train-run.ts';

const progress = new Progress(process.stderr, systemClock.now);

await new Command('train:default')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .description('Makes the embedded model: a set with constructed labels, a run on it, its figures, server/models.')
  .requiredOption('--photos <folder...>', 'photos to learn from; each folder in them is a group of its own')
  .requiredOption('--init <file>', 'what to begin from: safetensors with Caffe’s names, a model’s folder, none')
  .requiredOption('--run <folder>', 'where set and run are kept; the same command goes on with what is there')
  .option('--drawn <count>', 'pictures that are drawn and learnt from too', '60')
  .option('--epochs <count>', 'times every photo is seen', '4')
  .option('--lr <rate>', 'base learning rate', '0.002')
  .option('--seed <number>', 'of the split, the faults and the run', '1')
  .option('--models <folder>', 'where the model goes', EMBEDDED_MODEL.folder)
  .option('--id <id>', 'its id', EMBEDDED_MODEL.id)
  .action(async ({ photos, init, run, drawn, epochs, lr, seed, models, id }) => {
    const folder = resolve(run);
    const training = join(folder, 'training');
    const set = join(folder, 'set');
    const rest = { mode: 'full', policy: 'step:66%:0.1', batch: '32', momentum: '0.9', weightDecay: '1e-4' };
    const given = {
      data: set,
      init,
      run: training,
      name: id,
      epochs,
      lr,
      seed,
      mean: 'pixel',
      crop: '224',
      mirror: true,
    };
    const flags = parseTrainFlags({ ...given, ...rest });
    await openDefaultSet(folder, { photos, drawn: Number(drawn), seed: flags.seed, progress });
    const { device, reason } = await trainingDevice(readSettings(['device'], {}).device);
    const begun = existsSync(training)
      ? { folder: training, configuration: await readRun(training) }
      : await newRun({ ...flags, data: set }, { home: new Home(folder), device, taken: [] }); // it replaces the model of its name
    const ended = await runToEnd({ ...begun, reason });
    const { configuration } = begun;
    if (ended)
      await endDefaultModel({ folder, set, configuration, ...ended, init, drawn, models: resolve(models), progress });
  })
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof CommandError)) throw error;
    console.error(`train:default: ${error.message} (${error.code})`);
    process.exit(2);
  });
