// npm run train:base -- --photos DIR… --init FILE --out DIR: trains the network that the embedded model `base` is made of.

import { resolve } from 'node:path';
import * as z from 'zod';
import { systemClock } from '../../clock.ts';
import { CommandError } from '../../command-error.ts';
import { EMBEDDED_MODEL } from '../../config/embedded-model.ts';
import { cores } from '../../config/machine.ts';
import { modelIdSchema } from '../../registry/manifest.ts';
import { publishBase } from '../../training/base/publish-base.ts';
import { trainBase } from '../../training/base/train-base.ts';
import { defineCommand, runScript } from '../command.ts';
import { megabytes } from '../format.ts';
import { numberFlag, switchOption, textFlag, wholeFlag } from '../option-schemas.ts';
import { stopOnSignal } from '../signals.ts';
import { printError } from '../terminal.ts';

const share = numberFlag('must be a number from 0 to 1', (value) => value <= 1);
const folders = z
  .array(textFlag)
  .default([])
  .transform((list) => list.map((folder) => resolve(folder)));

const command = defineCommand({
  name: 'train:base',
  summary: 'Teaches a gray GoogLeNet to see what a color GoogLeNet sees in the color version of the same picture.',
  options: {
    photos: { flag: '--photos <folder...>', help: 'folders of color pictures, at any depth', schema: folders },
    validate: {
      flag: '--validate <folder...>',
      help: 'folders of pictures for validation (default: every 20th picture is left out for it)',
      schema: folders,
    },
    drawn: {
      flag: '--drawn <count>',
      help: 'number of drawn pictures to add',
      schema: wholeFlag(0),
      defaultValue: '300',
    },
    init: {
      flag: '--init <file>',
      help: 'the color network to imitate; the gray network starts from it',
      schema: textFlag.optional(),
    },
    out: {
      flag: '--out <folder>',
      help: 'where to keep the run: checkpoint, log, decoded pictures',
      schema: textFlag,
      required: true,
    },
    resume: { flag: '--resume', help: 'resume the run in --out, with its own settings', schema: switchOption },
    steps: { flag: '--steps <count>', help: 'number of steps', schema: wholeFlag(1), defaultValue: '2000' },
    batchSize: { flag: '--batch-size <count>', help: 'crops per step', schema: wholeFlag(1), defaultValue: '32' },
    cropSize: { flag: '--crop-size <pixels>', help: 'side of the crops', schema: wholeFlag(65), defaultValue: '224' },
    learningRate: {
      flag: '--learning-rate <rate>',
      help: 'highest learning rate',
      schema: numberFlag('must be a number above 0', (value) => value > 0),
      defaultValue: '0.0001',
    },
    warmup: { flag: '--warmup <steps>', help: 'steps of warm-up', schema: wholeFlag(0), defaultValue: '50' },
    averageDecay: {
      flag: '--average-decay <share>',
      help: 'share of the moving average of the weights that stays in each step',
      schema: share,
      defaultValue: '0.99',
    },
    seed: { flag: '--seed <number>', help: 'random seed', schema: wholeFlag(0, 2 ** 32 - 1), defaultValue: '1' },
    publish: {
      flag: '--publish',
      help: 'make a model of the network; with neither --photos nor --resume, of the checkpoint in --out',
      schema: switchOption,
    },
    models: {
      flag: '--models <folder>',
      help: 'where to put the model',
      schema: textFlag,
      defaultValue: EMBEDDED_MODEL.folder,
    },
    id: { flag: '--id <id>', help: 'the model’s ID', schema: modelIdSchema, defaultValue: EMBEDDED_MODEL.base },
    blend: {
      flag: '--blend <share>',
      help: 'share of the trained weights in the model; the rest are the initial ones',
      schema: share,
      defaultValue: '1',
    },
    average: { flag: '--average', help: 'take the moving average of the trained weights', schema: switchOption },
  },
  run: async ({ options, progress }) => {
    const { out, resume, publish, models, id, blend, average, photos, init, ...given } = options;
    const folder = resolve(out);
    const trains = resume || photos.length > 0;
    if (!trains && !publish) {
      throw new CommandError('option_invalid', 'pass --photos with --init to train, --resume, or --publish');
    }
    if (trains) {
      if (!resume && init === undefined) throw new CommandError('option_invalid', '--photos needs --init');
      using signal = stopOnSignal(() => printError('Stopping after this step'));
      const { step, steps } = await trainBase({
        ...{ folder, cores, signal, now: systemClock.now, onProgress: progress.update },
        configuration: resume ? 'resume' : { ...given, photos, init: resolve(init!) },
        onLine: (line) => printError(lineOf(line)),
      });
      if (step < steps) {
        printError(`Stopped after step ${step} of ${steps}. To continue, pass --resume --out ${out}`);
        return;
      }
    }
    if (!publish) return;
    const published = { folder, models: resolve(models), id, blend, average, cores, onProgress: progress.update };
    const { model } = await publishBase(published);
    printError(`${id}: ${megabytes(model.bytes)} in ${models}`);
  },
});

/** Formats a line of the log. */
function lineOf({ kind, ...figures }: { readonly kind: string }): string {
  const text = (value: unknown): string =>
    typeof value === 'object' && value !== null
      ? `(${Object.entries(value)
          .map(([key, inner]) => `${key} ${text(inner)}`)
          .join(' ')})`
      : String(value);
  return [kind, ...Object.entries(figures).map(([name, value]) => `${name} ${text(value)}`)].join('  ');
}

await runScript(command);
