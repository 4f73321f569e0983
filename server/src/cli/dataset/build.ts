import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import * as z from 'zod';
import { cores } from '../../config/machine.ts';
import { buildDataset } from '../../training/dataset/build/build-dataset.ts';
import type { LeftOut } from '../../training/dataset/build/selection.ts';
import { defineCommand } from '../command.ts';
import { switchOption, textFlag, wholeFlag } from '../option-schemas.ts';
import { leftOutLines, nearLines, partLines } from './lines.ts';

const PHASES = { photos: 'photos', mean: 'mean image' };

/** `swipenet dataset build …`: folders of photos become a data set. */
export const buildCommand = defineCommand({
  name: 'build',
  summary: 'make a data set of folders of photos; each folder in them is a profile, loose photos are one each',
  options: {
    like: {
      flag: '--like <folder...>',
      help: 'folders of photos to learn as LIKE',
      schema: z.array(textFlag),
      required: true,
    },
    nope: {
      flag: '--nope <folder...>',
      help: 'folders of photos to learn as NOPE',
      schema: z.array(textFlag),
      required: true,
    },
    out: {
      flag: '--out <folder>',
      help: 'where to put it; the same command resumes an interrupted build',
      schema: textFlag,
      required: true,
    },
    test: {
      flag: '--test <percent>',
      help: 'a third part, for a last test',
      schema: wholeFlag(0, 70),
      defaultValue: '0',
    },
    resize: {
      flag: '--resize <mode>',
      help: 'how photos become squares',
      schema: z.enum(RESIZE_MODES),
      choices: RESIZE_MODES,
      defaultValue: 'squash',
    },
    seed: {
      flag: '--seed <number>',
      help: 'random seed for the split into training and validation',
      schema: wholeFlag(0, 2 ** 32 - 1),
      defaultValue: '1',
    },
    pairs: {
      flag: '--pairs',
      help: 'one label was made from the other: keep look-alikes and namesakes in one part',
      schema: switchOption,
    },
  },
  run: async ({ options: { test: testPercent, ...options }, json, show, progress }) => {
    let left: readonly LeftOut[] | undefined;
    const tellLeftOut = (named?: number) => left && (json ? console.error : show)(leftOutLines(left, named));
    const built = await buildDataset({
      ...{ ...options, testPercent, workers: cores },
      onProgress: (phase, done, total) => progress.update(PHASES[phase], done, total),
      onLeftOut: (files) => {
        left = files;
      },
    }).catch((error: unknown) => {
      tellLeftOut(Number.POSITIVE_INFINITY); // there will be no list to look the others up in
      throw error;
    });
    tellLeftOut();
    return { ...built, out: options.out };
  },
  print: ({ out, head, nearAcrossLabels, resumed }) =>
    [
      ...(resumed > 0 ? [`resumed behind ${resumed} files of an interrupted build`] : []),
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
