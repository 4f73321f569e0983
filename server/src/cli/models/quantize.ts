import { basename, resolve } from 'node:path';
import * as z from 'zod';
import { cores } from '../../config/machine.ts';
import { makeInt8 } from '../../quantization/make-int8.ts';
import { int8IdOf } from '../../quantization/publish-int8.ts';
import { modelFolders, takenFolders } from '../../registry/model-folders.ts';
import {
  CALIBRATION_METHODS,
  comparesFeatures,
  type Faithfulness,
  faithfulnessWords,
  gateFailures,
} from '../../registry/quantization.ts';
import { defineCommand } from '../command.ts';
import { megabytes, percent } from '../format.ts';
import { leftOutLines } from '../left-out.ts';
import { switchOption, wholeFlag } from '../option-schemas.ts';
import { printError } from '../terminal.ts';

/** `swipenet models quantize ID`: creates a model's int8 form, which is faster on the CPU. */
export const quantizeCommand = defineCommand({
  name: 'quantize',
  summary: 'create the int8 form of a model, for the CPU',
  operand: { syntax: '<id>', help: 'model ID' },
  settings: ['home'],
  options: {
    calibrate: {
      flag: '--calibrate <folder>',
      help: 'photos like those you will score: a folder or a dataset',
      schema: z.string(),
      required: true,
    },
    photos: {
      flag: '--photos <count>',
      help: 'how many photos to calibrate with',
      defaultValue: '512',
      schema: wholeFlag(4, 10_000),
    },
    method: {
      flag: '--method <method>',
      help: 'how to choose the quantization ranges',
      choices: CALIBRATION_METHODS,
      defaultValue: 'minmax',
      schema: z.enum(CALIBRATION_METHODS),
    },
    name: { flag: '--name <id>', help: 'ID of the new model (default: ID-int8)', schema: z.string().optional() },
    folder: {
      flag: '--folder <folder>',
      help: 'where to put the model (default: models in the home folder)',
      schema: z.string().optional(),
    },
    report: {
      flag: '--report <file>',
      help: 'write an HTML report of each layer’s quantization noise',
      schema: z.string().optional(),
    },
    force: {
      flag: '--force',
      help: 'publish the model even if it fails the gate',
      schema: switchOption,
    },
  },
  run: async ({ settings: { home }, options, operands: [parentId], json, progress }) => {
    const folder = resolve(options.folder ?? home.models);
    const request = {
      ...options,
      folders: modelFolders(home),
      parentId,
      id: options.name ?? int8IdOf(parentId),
      folder,
      taken: takenFolders(home, folder),
      command: commandLine(parentId, options),
    };
    const manifest = await makeInt8(request, {
      threads: cores,
      onProgress: progress.update,
      onLeftOut: (leftOut) => {
        if (leftOut.length > 0) printError(leftOutLines(leftOut, { all: null }));
      },
      onBody: (id) => {
        if (!json) printError(`${parentId} is a head: its layers and ranges come from ${id}, not from the photos`);
      },
      onJudged: (faithfulness) => {
        if (!json) printError(faithfulnessLines(faithfulness));
      },
    });
    return { manifest, folder };
  },
  print: ({ manifest: { id, model }, folder }) => `${id}: ${megabytes(model.bytes)} in ${folder}`,
  toJson: ({ manifest }) => manifest,
});

/** Returns the command as it goes into the manifest, without this machine's folders. */
function commandLine(
  id: string,
  options: {
    readonly calibrate: string;
    readonly photos: number;
    readonly method: string;
    readonly name: string | undefined;
    readonly force: boolean;
  },
): string {
  const { calibrate, photos, method, name, force } = options;
  const flags = [
    `--calibrate …/${basename(calibrate)} --photos ${photos} --method ${method}`,
    ...(name === undefined ? [] : [`--name ${name}`]),
    ...(force ? ['--force'] : []),
  ];
  return `swipenet models quantize ${id} ${flags.join(' ')}`;
}

/** Formats how an int8 model compares with its parent. */
function faithfulnessLines(faithfulness: Faithfulness): string {
  const failures = gateFailures(faithfulness);
  const passes = comparesFeatures(faithfulness) ? 'passes the gate' : 'passes the gate, so auto uses it on the CPU';
  const gate = failures.length === 0 ? passes : `fails the gate: ${failures.join('; ')}`;
  if (comparesFeatures(faithfulness)) return `${faithfulnessWords(faithfulness)}\n${gate}`;
  const { photos, largestDifference, meanDifference, changedVerdicts, accuracy, auc, ece } = faithfulness;
  const figures = { accuracy, AUC: auc, ECE: ece };
  const compared = Object.entries(figures).flatMap(([name, both]) => {
    return both ? [`  ${name.padEnd(9)} ${both.model.toFixed(4)}, parent ${both.parent.toFixed(4)}`] : [];
  });
  return [
    `compared on ${photos} photos that were not used for calibration:`,
    `  verdicts  ${percent(changedVerdicts, 2)} change`,
    `  confidence differs by ${meanDifference.toFixed(4)} on average, ${largestDifference.toFixed(4)} at most`,
    ...(compared.length > 0
      ? compared
      : ['  accuracy, AUC and ECE need labeled photos that the model was not trained on']),
    gate,
  ].join('\n');
}
