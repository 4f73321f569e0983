import { CommandError } from '../../command-error.ts';
import { writeNewFile } from '../../interchange/export-file.ts';
import { openDataset } from '../../training/dataset/dataset.ts';
import { datasetSheet } from '../../training/dataset/dataset-sheet.ts';
import { defineCommand, defineGroup } from '../command.ts';
import { textFlag } from '../option-schemas.ts';
import { buildCommand } from './build.ts';
import { partLines } from './lines.ts';

const statsCommand = defineCommand({
  name: 'stats',
  summary: 'show what is in a dataset',
  operand: { syntax: '<folder>', help: 'dataset to show' },
  run: async ({ operands: [folder] }) => {
    await using dataset = await openDataset(folder);
    const { id, head } = dataset;
    return { folder, id, head };
  },
  print: ({ folder, id, head }) => {
    const leftOut = Object.entries(head.leftOut).map(([reason, count]) => `${reason} ${count}`);
    const settings = `${head.resize}, seed ${head.seed}${head.pairs ? ', pairs' : ''}, ID ${id.slice(0, 16)}`;
    return [
      `${folder}: ${head.photos} photos, ${settings}`,
      partLines(head),
      `left out: ${leftOut.join(', ') || 'none'}; look-alikes across labels: ${head.nearAcrossLabels}`,
    ].join('\n');
  },
  toJson: ({ id, head }) => ({ id, ...head }),
});

const sheetCommand = defineCommand({
  name: 'sheet',
  summary: 'draw some photos of each label and the mean image, to check before training',
  operand: { syntax: '<folder>', help: 'dataset to draw' },
  options: { out: { flag: '--out <file>', help: 'PNG file to write', schema: textFlag, required: true } },
  run: async ({ operands: [folder], options: { out } }) => {
    if (!/\.png$/i.test(out)) throw new CommandError('option_invalid', `--out: must end in .png, got ${out}`);
    await writeNewFile(out, [await datasetSheet(folder)]);
    return { out };
  },
  print: ({ out }) => out,
});

/** `swipenet dataset …`: builds and shows datasets. */
export const datasetCommand = defineGroup('dataset', 'build and inspect datasets', [
  buildCommand,
  statsCommand,
  sheetCommand,
]);
