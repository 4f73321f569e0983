import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import * as z from 'zod';
import { cores } from '../../config/machine.ts';
import { buildDataset } from '../../training/dataset/build/build-dataset.ts';
import type { LeftOut } from '../../training/dataset/build/selection.ts';
import { defineCommand } from '../command.ts';
import { leftOutLines } from '../left-out.ts';
import { switchOption, textFlag, wholeFlag } from '../option-schemas.ts';
import { jsonText, printError, printOut } from '../terminal.ts';
import { nearLines, partLines } from './lines.ts';

const PHASES = { photos: 'photos', mean: 'mean image' };

/** `swipenet dataset build …`: builds a dataset from folders of photos. */
export const buildCommand = defineCommand({
  name: 'build',
  summary: 'build a dataset from folders of photos; each folder inside them, and each loose photo, is a profile',
  options: {
    like: {
      flag: '--like <folder...>',
      help: 'folders of LIKE photos',
      schema: z.array(textFlag),
      required: true,
    },
    nope: {
      flag: '--nope <folder...>',
      help: 'folders of NOPE photos',
      schema: z.array(textFlag),
      required: true,
    },
    out: {
      flag: '--out <folder>',
      help: 'where to create the dataset; the same command resumes an interrupted build',
      schema: textFlag,
      required: true,
    },
    test: {
      flag: '--test <percent>',
      help: 'size of the test set, in percent of the photos',
      schema: wholeFlag(0, 70),
      defaultValue: '0',
    },
    resize: {
      flag: '--resize <mode>',
      help: 'how to make photos square',
      schema: z.enum(RESIZE_MODES),
      choices: RESIZE_MODES,
      defaultValue: 'squash',
    },
    seed: {
      flag: '--seed <number>',
      help: 'random seed for the train/validation/test split',
      schema: wholeFlag(0, 2 ** 32 - 1),
      defaultValue: '1',
    },
    pairs: {
      flag: '--pairs',
      help: 'one label’s photos were made from the other’s: keep look-alikes and equal names in one split',
      schema: switchOption,
    },
  },
  run: async ({ options: { test: testPercent, ...options }, json, show, progress }) => {
    let leftOut: readonly LeftOut[] | undefined;
    const showLeftOut = (named?: number) =>
      leftOut && (json ? printError : show)(leftOutLines(leftOut, { all: 'left-out.jsonl', named }));
    const built = await buildDataset({
      ...{ ...options, testPercent, workers: cores },
      onProgress: (phase, done, total) => progress.update(PHASES[phase], done, total),
      onLeftOut: (files) => {
        leftOut = files;
      },
      onContradictions: (contradictions) => {
        if (json) printOut(jsonText({ out: options.out, contradictions }, 2));
      },
    }).catch((error: unknown) => {
      showLeftOut(Number.POSITIVE_INFINITY); // names all files, because no list of them will be written
      throw error;
    });
    showLeftOut();
    return { ...built, out: options.out };
  },
  print: ({ out, head, nearAcrossLabels, resumed }) =>
    [
      ...(resumed > 0 ? [`resumed an interrupted build after ${resumed} files`] : []),
      `${out}: ${head.photos} photos`,
      partLines(head),
      nearLines(nearAcrossLabels),
    ].join('\n'),
  toJson: ({ out, head, leftOut, nearAcrossLabels }) => ({
    ...{ out, ...head },
    leftOutFiles: leftOut,
    nearPairs: nearAcrossLabels,
  }),
});
