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
  summary: 'what is in a data set',
  operand: { syntax: '<folder>', help: 'a data set' },
  run: async ({ operands: [folder] }) => {
    await using dataset = await openDataset(folder);
    const { id, head } = dataset;
    return { folder, id, head };
  },
  print: ({ folder, id, head }) => {
    const left = Object.entries(head.leftOut).map(([reason, count]) => `${reason} ${count}`);
    const how = `${head.resize}, seed ${head.seed}${head.pairs ? ', pairs' : ''}, id ${id.slice(0, 16)}`;
    return [
      `${folder}: ${head.photos} photos, ${how}`,
      partLines(head),
      `left out: ${left.join(', ') || 'nothing'}; look alike under both labels: ${head.nearAcrossLabels}`,
    ].join('\n');
  },
  toJson: ({ id, head }) => ({ id, ...head }),
});

const sheetCommand = defineCommand({
  name: 'sheet',
  summary: 'a picture of some photos of each label and the mean, to look at before training',
  operand: { syntax: '<folder>', help: 'a data set' },
  options: { out: { flag: '--out <file>', help: 'the PNG to write', schema: textFlag, required: true } },
  run: async ({ operands: [folder], options: { out } }) => {
    if (!/\.png$/i.test(out)) throw new CommandError('option_invalid', `--out must be NAME.png, got ${out}`);
    await writeNewFile(out, [await datasetSheet(folder)]);
    return { out };
  },
  print: ({ out }) => out,
});

/** `swipenet dataset …`: folders of photos become what training reads. */
export const datasetCommand = defineGroup('dataset', 'make and look at data sets', [
  buildCommand,
  statsCommand,
  sheetCommand,
]);
