// npm run train:default -- --photos DIR --init FILE --run DIR: makes the embedded model, from photos to server/models.

import { resolve } from 'node:path';
import * as z from 'zod';
import { CommandError } from '../../command-error.ts';
import { EMBEDDED_MODEL } from '../../config/embedded-model.ts';
import { cores } from '../../config/machine.ts';
import { modelIdSchema } from '../../registry/manifest.ts';
import { makeDefaultModel, RECIPE } from '../../training/quality/make-default-model.ts';
import { figuresTable } from '../../training/quality/quality-figures.ts';
import { HYPERPARAMETERS } from '../../training/run/hyperparameters.ts';
import { trainingDevice } from '../../training/run/training-device.ts';
import { defineCommand } from '../command.ts';
import { megabytes } from '../format.ts';
import { textFlag, wholeFlag } from '../option-schemas.ts';
import { hyperparameterOptions } from './options.ts';
import { watchRun } from './progress.ts';

const command = defineCommand({
  name: 'train:default',
  summary: 'Makes the embedded model: a set with constructed labels, a run on it, its figures, server/models.',
  settings: ['device'],
  options: {
    photos: {
      flag: '--photos <folder...>',
      help: 'photos to learn from; each folder in them is a group of its own',
      schema: z.array(textFlag),
      required: true,
    },
    init: { ...HYPERPARAMETERS.init, required: true },
    run: {
      flag: '--run <folder>',
      help: 'where set and run are kept; the same command continues with what is there',
      schema: textFlag,
      required: true,
    },
    drawn: {
      flag: '--drawn <count>',
      help: 'pictures that are drawn and learned from too',
      schema: wholeFlag(0),
      defaultValue: '60',
    },
    ...hyperparameterOptions(['epochs', 'learningRate', 'seed'], RECIPE),
    models: {
      flag: '--models <folder>',
      help: 'where the model goes',
      schema: textFlag,
      defaultValue: EMBEDDED_MODEL.folder,
    },
    id: { flag: '--id <id>', help: 'its id', schema: modelIdSchema, defaultValue: EMBEDDED_MODEL.id },
  },
  run: async ({ settings, options, progress }) => {
    const { photos, drawn, id, init, epochs, learningRate = RECIPE.learningRate, seed } = options;
    const { device, reason } = await trainingDevice(settings.device);
    return makeDefaultModel({
      ...{ folder: resolve(options.run), photos, drawn, id, device, cores, models: resolve(options.models) },
      flags: { init, epochs, learningRate, seed },
      train: (run) => watchRun(run, reason),
      onProgress: progress.update,
      onSources: (count, leftOut) => console.error(`${count} photos, ${leftOut} left out`),
    });
  },
  print: (made) =>
    made
      ? `${made.manifest.id}: ${megabytes(made.manifest.model.bytes)} in ${made.place}\n\n${figuresTable(made.figures)}`
      : '', // it was stopped
  toJson: (made) => made ?? null,
});

await command
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof CommandError)) throw error;
    console.error(`train:default: ${error.message} (${error.code})`);
    process.exit(2);
  });
