import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import { Command, Option } from 'commander';
import { systemClock } from '../clock.ts';
import { cores } from '../config/machine.ts';
import { buildDataset } from '../training/dataset/build/build-dataset.ts';
import type { LeftOut } from '../training/dataset/build/selection.ts';
import { parseBuildFlags } from './dataset-flags.ts';
import { leftOutLines, nearLines, partLines } from './dataset-lines.ts';
import { Progress } from './progress.ts';

const PHASES = { photos: 'photos', mean: 'mean image' };

/** `swipenet dataset build …`: folders of photos become a data set. */
export const buildCommand = new Command('build')
  .description('make a data set of folders of photos; each folder in them is a profile, loose photos are one each')
  .requiredOption('--like <folder...>', 'folders of photos to learn as LIKE')
  .requiredOption('--nope <folder...>', 'folders of photos to learn as NOPE')
  .requiredOption('--out <folder>', 'where to put it; an interrupted build goes on with the same command')
  .option('--test <percent>', 'a third part, for a last test', '0')
  .addOption(new Option('--resize <mode>', 'how photos become squares').choices(RESIZE_MODES).default('squash'))
  .option('--seed <number>', 'which profiles validate', '1')
  .option('--pairs', 'one label was made from the other: keep look-alikes and namesakes in one part')
  .option('--json', 'print JSON and nothing else')
  .action(async ({ json, ...flags }: Record<string, unknown>) => {
    const { test: testPercent, ...options } = parseBuildFlags(flags);
    const progress = new Progress(process.stderr, systemClock.now);
    let left: readonly LeftOut[] | undefined;
    const tellLeftOut = (named?: number) => left && (json ? console.error : console.log)(leftOutLines(left, named));
    const built = await buildDataset({
      ...options,
      testPercent,
      workers: cores,
      onProgress: (phase, done, total) => progress.update(PHASES[phase], done, total),
      onLeftOut: (files) => {
        left = files;
      },
    }).catch((error: unknown) => {
      tellLeftOut(Number.POSITIVE_INFINITY); // there will be no list to look the others up in
      throw error;
    });
    tellLeftOut();
    const { head, leftOut, nearAcrossLabels: nearPairs, resumed } = built;
    if (json) console.log(JSON.stringify({ out: options.out, ...head, leftOutFiles: leftOut, nearPairs }, null, 2));
    else {
      if (resumed > 0) console.log(`went on behind ${resumed} files of an interrupted build`);
      console.log(`${options.out}: ${head.photos} photos\n${partLines(head)}`);
      console.log(nearLines(nearPairs));
    }
  });
