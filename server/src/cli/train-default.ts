// npm run train:default -- --photos DIR --init FILE: makes the embedded model, from photos to server/models.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { cores, EMBEDDED_MODEL, readSettings } from '../config.ts';
import { systemClock } from '../inference/clock.ts';
import { sha256 } from '../registry/sha256.ts';
import { makeDefaultModel, replaceModel } from '../training/quality/make-default-model.ts';
import { figuresTable } from '../training/quality/quality-figures.ts';
import { readRun } from '../training/run-folder.ts';
import { trainingDevice } from '../training/training-device.ts';
import { openDefaultSet } from './default-model-set.ts';
import { Progress } from './progress.ts';
import { runToEnd } from './run-to-end.ts';
import { parseTrainFlags } from './train-flags.ts';
import { newRun } from './train-run.ts';

const DESCRIPTION =
  'Technical photo quality from constructed labels (LIKE: a photo, lightly cropped; NOPE: the same with one to three faults), ' +
  'all layers fine-tuned; see docs/model-card.md';

const progress = new Progress(process.stderr, systemClock.now);

await new Command('train:default')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .description('Makes the embedded model: a set with constructed labels, a run on it, its figures, server/models.')
  .requiredOption('--photos <folder...>', 'photos to learn from; each folder in them is a group of its own')
  .requiredOption('--init <file>', 'what to begin from: safetensors with Caffe’s names, a model’s folder, none')
  .requiredOption('--run <folder>', 'where set and run are kept; the same command goes on with what is there')
  .option('--drawn <count>', 'pictures that are drawn and learnt from too', '60')
  .option('--epochs <count>', 'times every photo is seen', '4')
  .option('--seed <number>', 'of the split, the faults and the run', '1')
  .option('--models <folder>', 'where the model goes', EMBEDDED_MODEL.folder)
  .option('--id <id>', 'its id', 'quality')
  .action(async ({ photos, init, run, drawn, epochs, seed, models, id }) => {
    const folder = resolve(run);
    const set = await openDefaultSet(folder, { photos, drawn: Number(drawn), seed: Number(seed), progress });
    const { device, reason } = await trainingDevice(readSettings(['device'], {}).device);
    const training = join(folder, 'training');
    const flags = { data: set, init, run: training, name: id, epochs, seed, mean: 'pixel', policy: 'step:66%:0.1' };
    const rest = { mode: 'full', batch: '32', momentum: '0.9', weightDecay: '1e-4', crop: '224', mirror: true };
    const begun = existsSync(training)
      ? { folder: training, configuration: await readRun(training) }
      : await newRun({ ...parseTrainFlags({ ...flags, ...rest }), data: set }, { home: folder, device });
    const ended = await runToEnd({ ...begun, reason });
    if (!ended) return;
    const source = init === 'none' ? undefined : sha256(await readFile(init));
    const model = await makeDefaultModel({
      set,
      configuration: begun.configuration,
      checkpoint: ended.best.checkpoint,
      temperature: ended.conclusion.temperature,
      threads: cores,
      provenance: {
        description: DESCRIPTION,
        command: `npm run train:default -- --photos … --init ${basename(init)} --drawn ${drawn} --epochs ${epochs} --seed ${seed}`,
        ...(source && { sourceSha256: source }),
        commit: await readFile(join(folder, 'commit'), 'utf8'),
      },
      onProgress: (done, total) => progress.update('judging the test part', done, total),
    });
    const manifest = await replaceModel(resolve(models), model);
    const table = figuresTable(model.figures);
    await writeFile(join(folder, 'figures.md'), `${table}\n`);
    await writeFile(join(folder, 'figures.json'), `${JSON.stringify(model.figures, null, 2)}\n`);
    console.log(`${manifest.id}: ${(manifest.model.bytes / 1e6).toFixed(1)} MB in ${resolve(models)}\n\n${table}`);
  })
  .parseAsync();
