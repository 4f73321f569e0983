import { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { writeNewFile } from '../interchange/export-file.ts';
import { openDataset } from '../training/dataset/dataset.ts';
import { datasetSheet } from '../training/dataset/dataset-sheet.ts';
import { buildCommand } from './dataset-build.ts';
import { partLines } from './dataset-lines.ts';

const statsCommand = new Command('stats')
  .description('what is in a data set')
  .argument('<folder>', 'a data set')
  .option('--json', 'print JSON and nothing else')
  .action(async (folder: string, { json }: { json?: true }) => {
    await using dataset = await openDataset(folder);
    const { id, head } = dataset;
    const left = Object.entries(head.leftOut).map(([reason, count]) => `${reason} ${count}`);
    const how = `${head.resize}, seed ${head.seed}${head.pairs ? ', pairs' : ''}, id ${id.slice(0, 16)}`;
    if (json) console.log(JSON.stringify({ id, ...head }, null, 2));
    else {
      console.log(`${folder}: ${head.photos} photos, ${how}\n${partLines(head)}`);
      console.log(`left out: ${left.join(', ') || 'nothing'}; look alike under both labels: ${head.nearAcrossLabels}`);
    }
  });

const sheetCommand = new Command('sheet')
  .description('a picture of some photos of each label and the mean, to look at before training')
  .argument('<folder>', 'a data set')
  .requiredOption('--out <file>', 'the PNG to write')
  .action(async (folder: string, { out }: { out: string }) => {
    if (!/\.png$/i.test(out)) throw new CommandError('option_invalid', `--out must be NAME.png, got ${out}`);
    await writeNewFile(out, [await datasetSheet(folder)]);
    console.log(out);
  });

/** `swipenet dataset …`: folders of photos become what training reads. */
export const datasetCommand = new Command('dataset')
  .description('make and look at data sets')
  .addCommand(buildCommand)
  .addCommand(statsCommand)
  .addCommand(sheetCommand);
