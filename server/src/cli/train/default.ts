// npm run train:default -- --photos DIR --init FILE --run DIR: makes the embedded model in server/models from photos.

import { resolve } from 'node:path';
import * as z from 'zod';
import { systemDate } from '../../clock.ts';
import { EMBEDDED_MODEL } from '../../config/embedded-model.ts';
import { cores } from '../../config/machine.ts';
import { modelIdSchema } from '../../registry/manifest.ts';
import { makeDefaultModel, RECIPE } from '../../training/quality/make-default-model.ts';
import { figuresTable } from '../../training/quality/quality-figures.ts';
import { HYPERPARAMETERS } from '../../training/run/start/hyperparameters.ts';
import { trainingDevice } from '../../training/run/start/training-device.ts';
import { defineCommand, runScript } from '../command.ts';
import { megabytes } from '../format.ts';
import { textFlag, wholeFlag } from '../option-schemas.ts';
import { printError } from '../terminal.ts';
import { hyperparameterOptions } from './options.ts';
import { watchRun } from './progress.ts';

const command = defineCommand({
  name: 'train:default',
  summary: 'Makes the embedded model: builds a set with constructed labels, trains on it, and evaluates the model.',
  settings: ['device'],
  options: {
    photos: {
      flag: '--photos <folder...>',
      help: 'folders of photos to train on; each subfolder is its own group',
      schema: z.array(textFlag),
      required: true,
    },
    init: { ...HYPERPARAMETERS.init, required: true },
    run: {
      flag: '--run <folder>',
      help: 'where to keep the set and the run; the same command resumes the work there',
      schema: textFlag,
      required: true,
    },
    drawn: {
      flag: '--drawn <count>',
      help: 'number of drawn pictures to add',
      schema: wholeFlag(0),
      defaultValue: '60',
    },
    ...hyperparameterOptions(['epochs', 'learningRate', 'seed'], RECIPE),
    models: {
      flag: '--models <folder>',
      help: 'where to put the model',
      schema: textFlag,
      defaultValue: EMBEDDED_MODEL.folder,
    },
    id: { flag: '--id <id>', help: 'the model’s ID', schema: modelIdSchema, defaultValue: EMBEDDED_MODEL.id },
  },
  run: async ({ settings, options, progress }) => {
    const { photos, drawn, id, init, epochs, learningRate = RECIPE.learningRate, seed } = options;
    const { device, reason } = await trainingDevice(settings.device);
    return makeDefaultModel({
      ...{ folder: resolve(options.run), photos, drawn, id, device, cores, models: resolve(options.models) },
      flags: { init, epochs, learningRate, seed },
      date: systemDate,
      train: (run) => watchRun(run, reason),
      onProgress: progress.update,
      onSources: (count, leftOut) => printError(`${count} source photos, ${leftOut} left out`),
    });
  },
  print: (model) =>
    model
      ? `${model.manifest.id}: ${megabytes(model.manifest.model.bytes)} in ${model.place}\n\n${figuresTable(model.figures)}`
      : '', // training was stopped
  toJson: (model) => model ?? null,
});

await runScript(command);
